package io.lode.pmem.internal;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.internal.jna.LibC;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The location of a file's bytes on the device of its file system, by {@code FIEMAP}. */
final class Extents {
  private static final int REQUEST_BYTES = 32;
  private static final int EXTENT_BYTES = 56;
  private static final int COUNT = 128;
  private static final int MAPPED = 20;
  private static final int FLAGS = 40;

  /** {@code struct fsxattr} of {@code linux/fs.h}; its flags come first. */
  private static final int FSXATTR_BYTES = 28;

  private Extents() {}

  /**
   * A run of bytes.
   *
   * @param fileOffset its offset in the file
   * @param deviceOffset its offset on the device
   * @param lengthBytes its length
   */
  record Extent(long fileOffset, long deviceOffset, long lengthBytes) {}

  /**
   * Returns all extents that have a place on the device, by file offset.
   *
   * @throws PmemException NOSUPP where the file system does not report them, or keeps the file on
   *     another device; a negative errno
   */
  static List<Extent> of(int fd, String operation, String place) {
    LibC libc = SystemCalls.libc(operation);
    if (isRealtime(libc, fd)) {
      throw Failures.of(
          operation,
          place,
          PmemError.NOSUPP,
          "the file is on the realtime device of its file system",
          "use a file that is not");
    }
    List<Extent> extents = new ArrayList<>();
    long start = 0;
    boolean last = false;
    while (!last) {
      ByteBuffer answer = ask(libc, fd, start, operation, place);
      int mapped = answer.getInt(MAPPED);
      last = mapped == 0;
      for (int i = 0; i < mapped; i++) {
        int at = REQUEST_BYTES + i * EXTENT_BYTES;
        int flags = answer.getInt(at + FLAGS);
        Extent extent =
            new Extent(answer.getLong(at), answer.getLong(at + 8), answer.getLong(at + 16));
        if ((flags & LibC.FIEMAP_EXTENT_NOWHERE) == 0) {
          extents.add(extent);
        }
        last = (flags & LibC.FIEMAP_EXTENT_LAST) != 0;
        start = extent.fileOffset() + extent.lengthBytes();
      }
    }
    return extents;
  }

  private static ByteBuffer ask(LibC libc, int fd, long start, String operation, String place) {
    byte[] bytes = new byte[REQUEST_BYTES + COUNT * EXTENT_BYTES];
    ByteBuffer request = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    request.putLong(0, start);
    request.putLong(8, Long.MAX_VALUE - start);
    request.putInt(16, LibC.FIEMAP_FLAG_SYNC);
    request.putInt(24, COUNT);
    if (libc.ioctl(fd, LibC.FS_IOC_FIEMAP, bytes) == 0) {
      return request;
    }
    int errno = SystemCalls.errno();
    boolean unknown = errno == Errno.EOPNOTSUPP.number() || errno == Errno.ENOTTY.number();
    throw unknown
        ? Failures.of(
            operation,
            place,
            PmemError.NOSUPP,
            "the file system does not report where the file is on its device (FIEMAP)",
            "use ext4 or xfs")
        : Failures.errno(operation, place, errno);
  }

  /** xfs may keep a file on a second device; offsets then count from the start of that device. */
  private static boolean isRealtime(LibC libc, int fd) {
    byte[] attributes = new byte[FSXATTR_BYTES];
    return libc.ioctl(fd, LibC.FS_IOC_FSGETXATTR, attributes) == 0
        && (ByteBuffer.wrap(attributes).order(ByteOrder.nativeOrder()).getInt(0)
                & LibC.FS_XFLAG_REALTIME)
            != 0;
  }
}
