package io.lode.pmem.internal;

import io.lode.pmem.BadBlock;
import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.internal.jna.LibC;
import java.util.List;
import java.util.Optional;

/**
 * Gives every page of a map its own memory before native code stores to it. A native store to a
 * hole on a full file system raises a signal that ends the process; here it is an error number.
 */
final class Backing {
  private static final long EXT4_MAGIC = 0xEF53;
  private static final long TMPFS_MAGIC = 0x01021994;
  private static final int STATFS_BYTES = 120;

  private Backing() {}

  /**
   * Allocates the range of the file, then makes its pages writable, except those that hold bad
   * blocks. Where the bad blocks are unknown, every page is tried.
   *
   * @param file the file
   * @param files where device files are
   * @param offset first byte in the file, a multiple of the page size
   * @param lengthBytes of the map
   * @param address of the map
   * @param place for the message
   * @return the pages to avoid
   * @throws PmemException a negative errno, ENOSPC when the file system is full
   */
  static DamagedPages ensure(
      OpenSource file,
      DeviceFiles files,
      long offset,
      long lengthBytes,
      long address,
      String place) {
    LibC libc = SystemCalls.libc("map");
    Descriptor descriptor = file.descriptor();
    Optional<List<BadBlock>> before = badBlocks(file, files);
    if (before.isPresent()
        && descriptor.use(fd -> isWritten(libc, descriptor, fd, offset, lengthBytes))) {
      return DamagedPages.of(before.get(), offset, lengthBytes, PageSize.bytes(), place);
    }
    int allocated =
        descriptor.use(fd -> allocate(libc, fd, LibC.FALLOC_FL_KEEP_SIZE, offset, lengthBytes));
    boolean allocates =
        allocated != Errno.EOPNOTSUPP.number() && allocated != Errno.ENOSYS.number();
    if (allocated != 0 && allocates) {
      throw Failures.errno("allocate the pages of", place, allocated);
    }
    // The pages that the file system has just allocated may be bad as well.
    List<BadBlock> blocks = badBlocks(file, files).orElse(List.of());
    DamagedPages damaged = DamagedPages.of(blocks, offset, lengthBytes, PageSize.bytes(), place);
    damaged.around(
        lengthBytes,
        (from, bytes) -> {
          int populated = populate(libc, address + from, bytes);
          // Linux before 5.14 cannot populate; allocation is then enough.
          if (populated != 0 && !(populated == Errno.EINVAL.number() && allocated == 0)) {
            throw Failures.errno("populate the pages of", place, populated);
          }
        });
    return damaged;
  }

  /**
   * Finds the bad blocks of a source before it is mapped.
   *
   * @return empty if the bad blocks are not known
   */
  static Optional<List<BadBlock>> badBlocks(OpenSource source, DeviceFiles files) {
    try {
      return Optional.of(new BadBlocks(files).of(source));
    } catch (PmemException e) {
      if (e.error() == PmemError.NOSUPP || e.error() == PmemError.CANNOT_READ_BOUNDS) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Tells whether the range is known to have been written already. Only ext4 and tmpfs are certain:
   * on file systems that share blocks between files, a written block may still have to be copied.
   */
  private static boolean isWritten(
      LibC libc, Descriptor descriptor, int fd, long offset, long lengthBytes) {
    byte[] statfs = new byte[STATFS_BYTES];
    // Seeking would move the position of a borrowed descriptor, which belongs to its owner.
    if (!descriptor.isOwned() || libc.fstatfs(fd, statfs) != 0) {
      return false;
    }
    long magic = FileSystem.magic(statfs);
    return (magic == EXT4_MAGIC || magic == TMPFS_MAGIC)
        && libc.lseek(fd, offset, LibC.SEEK_HOLE) >= offset + lengthBytes;
  }

  /** Calls {@code fallocate(2)} and returns 0 or the error number. */
  static int allocate(LibC libc, int fd, int mode, long offset, long lengthBytes) {
    int errno;
    do {
      boolean done = libc.fallocate(fd, mode, offset, lengthBytes) == 0;
      errno = done ? 0 : SystemCalls.errno();
    } while (errno == Errno.EINTR.number());
    return errno;
  }

  /**
   * Makes the pages of memory that the caller mapped writable.
   *
   * @throws PmemException a negative errno
   */
  static void ensure(long address, long lengthBytes, String place) {
    int populated = populate(SystemCalls.libc("map"), address, lengthBytes);
    if (populated != 0) {
      throw Failures.errno("populate the pages of", place, populated);
    }
  }

  private static int populate(LibC libc, long address, long lengthBytes) {
    int errno;
    do {
      boolean done = libc.madvise(address, lengthBytes, LibC.MADV_POPULATE_WRITE) == 0;
      errno = done ? 0 : SystemCalls.errno();
    } while (errno == Errno.EINTR.number() || errno == Errno.EAGAIN.number());
    return errno;
  }
}
