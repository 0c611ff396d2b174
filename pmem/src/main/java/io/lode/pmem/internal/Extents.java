package io.lode.pmem.internal;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.internal.jna.LibC;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a file's bytes are on the device of its file system, by {@code FIEMAP}. */
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
    int errno =
        visit(
            libc,
            fd,
            new FileRange(0, Long.MAX_VALUE),
            LibC.FIEMAP_FLAG_SYNC,
            (extent, flags) -> {
              if ((flags & LibC.FIEMAP_EXTENT_NOWHERE) == 0) {
                extents.add(extent);
              }
            });
    if (errno == 0) {
      return extents;
    }
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

  /**
   * The parts of a range that do not have written blocks of their own; each by offset.
   *
   * @param unwritten holes, and space that was allocated and never written
   * @param shared what has blocks that other files have as well
   */
  record Space(List<FileRange> unwritten, List<FileRange> shared) {
    /** Whether no store to the range needs room. */
    boolean isOwn() {
      return unwritten.isEmpty() && shared.isEmpty();
    }
  }

  /**
   * Finds out where a store would need room. Nothing is written back for that: the pages of a DAX
   * file stay writable.
   *
   * @return empty where the file system does not tell
   */
  static Optional<Space> space(LibC libc, int fd, FileRange range) {
    List<FileRange> written = new ArrayList<>();
    List<FileRange> shared = new ArrayList<>();
    int errno =
        visit(
            libc,
            fd,
            range,
            0,
            (extent, flags) -> {
              long from = Math.max(extent.fileOffset(), range.offset());
              long to = Math.min(extent.fileOffset() + extent.lengthBytes(), range.end());
              if (from < to && (flags & LibC.FIEMAP_EXTENT_UNWRITTEN) == 0) {
                written.add(new FileRange(from, to));
                if ((flags & LibC.FIEMAP_EXTENT_SHARED) != 0) {
                  shared.add(new FileRange(from, to));
                }
              }
            });
    return errno == 0 ? Optional.of(new Space(range.minus(written), shared)) : Optional.empty();
  }

  /** What is done with an extent and its flags. */
  private interface Visit {
    void extent(Extent extent, int flags);
  }

  /** Visits the extents of a range in their order; returns 0 or an error number. */
  private static int visit(LibC libc, int fd, FileRange range, int requestFlags, Visit visit) {
    byte[] bytes = new byte[REQUEST_BYTES + COUNT * EXTENT_BYTES];
    ByteBuffer answer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    long start = range.offset();
    boolean last = false;
    while (!last) {
      answer.putLong(0, start);
      answer.putLong(8, range.end() - start);
      answer.putInt(16, requestFlags);
      answer.putInt(MAPPED, 0);
      answer.putInt(24, COUNT);
      if (libc.ioctl(fd, LibC.FS_IOC_FIEMAP, bytes) != 0) {
        return SystemCalls.errno();
      }
      int mapped = answer.getInt(MAPPED);
      last = mapped == 0;
      for (int i = 0; i < mapped; i++) {
        int at = REQUEST_BYTES + i * EXTENT_BYTES;
        int flags = answer.getInt(at + FLAGS);
        Extent extent =
            new Extent(answer.getLong(at), answer.getLong(at + 8), answer.getLong(at + 16));
        visit.extent(extent, flags);
        start = extent.fileOffset() + extent.lengthBytes();
        last = (flags & LibC.FIEMAP_EXTENT_LAST) != 0 || start >= range.end();
      }
    }
    return 0;
  }

  /** Reads a field of a structure that the kernel filled. */
  static int intAt(byte[] structure, int offset) {
    return ByteBuffer.wrap(structure).order(ByteOrder.nativeOrder()).getInt(offset);
  }

  /** xfs may keep a file on a second device; offsets then count from the start of that device. */
  private static boolean isRealtime(LibC libc, int fd) {
    byte[] attributes = new byte[FSXATTR_BYTES];
    return libc.ioctl(fd, LibC.FS_IOC_FSGETXATTR, attributes) == 0
        && (intAt(attributes, 0) & LibC.FS_XFLAG_REALTIME) != 0;
  }
}
