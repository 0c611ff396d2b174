package io.lode.pmem.internal;

import io.lode.pmem.PmemException;
import io.lode.pmem.internal.jna.LibC;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The result of {@code statx(2)} for an open file; offsets from {@code linux/stat.h}.
 *
 * @param type its type
 * @param file the device that holds it
 * @param device the device that it is, for character and block devices
 * @param sizeBytes its length
 * @param dax whether its pages are the medium itself
 * @param mountId number of its mount in {@code /proc/self/mountinfo}
 * @param blockBytes the unit in which its file system allocates
 */
public record FileStatus(
    Type type,
    DeviceNumber file,
    DeviceNumber device,
    long sizeBytes,
    boolean dax,
    long mountId,
    long blockBytes) {
  private static final int LENGTH_BYTES = 256;
  private static final int BLOCK_SIZE = 4;
  private static final int ATTRIBUTES = 8;
  private static final int MODE = 28;
  private static final int SIZE = 40;
  private static final int RDEV_MAJOR = 128;
  private static final int RDEV_MINOR = 132;
  private static final int DEV_MAJOR = 136;
  private static final int DEV_MINOR = 140;
  private static final int MOUNT_ID = 144;
  private static final byte[] EMPTY_PATH = {0};

  /** The type of a file. */
  public enum Type {
    /** Regular file. */
    REGULAR("a regular file"),
    /** Directory. */
    DIRECTORY("a directory"),
    /** Character device. */
    CHARACTER("a character device"),
    /** Block device. */
    BLOCK("a block device"),
    /** Named pipe. */
    FIFO("a FIFO"),
    /** Socket. */
    SOCKET("a socket"),
    /** Anything else. */
    OTHER("neither file nor device");

    private final String words;

    Type(String words) {
      this.words = words;
    }

    /** Returns the type in words. */
    String words() {
      return words;
    }

    private static Type ofMode(int mode) {
      return switch (mode >> 12 & 0xf) {
        case 1 -> FIFO;
        case 2 -> CHARACTER;
        case 4 -> DIRECTORY;
        case 6 -> BLOCK;
        case 8 -> REGULAR;
        case 12 -> SOCKET;
        default -> OTHER;
      };
    }
  }

  /**
   * Reads the status of an open file.
   *
   * @param fd an open descriptor; O_PATH is enough
   * @param operation for the message
   * @param place for the message
   * @throws PmemException a negative errno if the kernel refuses
   */
  static FileStatus of(int fd, String operation, String place) {
    byte[] bytes = new byte[LENGTH_BYTES];
    int mask = LibC.STATX_BASIC_STATS | LibC.STATX_MNT_ID;
    if (SystemCalls.libc(operation).statx(fd, EMPTY_PATH, LibC.AT_EMPTY_PATH, mask, bytes) != 0) {
      throw Failures.errno(operation, place, SystemCalls.errno());
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    return new FileStatus(
        Type.ofMode(Short.toUnsignedInt(buffer.getShort(MODE))),
        new DeviceNumber(buffer.getInt(DEV_MAJOR), buffer.getInt(DEV_MINOR)),
        new DeviceNumber(buffer.getInt(RDEV_MAJOR), buffer.getInt(RDEV_MINOR)),
        buffer.getLong(SIZE),
        (buffer.getLong(ATTRIBUTES) & LibC.STATX_ATTR_DAX) != 0,
        buffer.getLong(MOUNT_ID),
        Integer.toUnsignedLong(buffer.getInt(BLOCK_SIZE)));
  }
}
