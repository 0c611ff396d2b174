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
  private Backing() {}

  /**
   * Allocates what the range of the file lacks, then makes those pages writable, except the ones
   * that hold bad blocks. Where the bad blocks are unknown, every page is tried.
   *
   * <p>Blocks that the file shares with a clone stay shared: mapping would copy the whole file.
   * {@link FileBlocks#require} looks before each store.
   *
   * @param file the file
   * @param files where device files are
   * @param blocks the blocks behind the map
   * @param range the map's part of the file
   * @param address of the map
   * @param place for the message
   * @return the pages to avoid
   * @throws PmemException a negative errno, ENOSPC when the file system is full
   */
  static DamagedPages ensure(
      OpenSource file,
      DeviceFiles files,
      FileBlocks blocks,
      FileRange range,
      long address,
      String place) {
    LibC libc = SystemCalls.libc("map");
    Descriptor descriptor = file.descriptor();
    Optional<List<BadBlock>> before = badBlocks(file, files);
    Extents.Space space =
        descriptor
            .use(fd -> blocks.space(libc, fd, range))
            .orElse(new Extents.Space(List.of(range), List.of()));
    if (before.isPresent() && space.unwritten().isEmpty()) {
      return damaged(before.get(), range, place);
    }
    boolean allocates =
        space.unwritten().stream()
            .allMatch(part -> descriptor.use(fd -> allocates(libc, fd, part, place)));
    // The pages that the file system has just allocated may be bad as well.
    DamagedPages damaged = damaged(badBlocks(file, files).orElse(List.of()), range, place);
    List<FileRange> wanted = before.isPresent() ? space.unwritten() : range.minus(space.shared());
    for (FileRange part : wanted) {
      populate(libc, damaged, part, range, address, LibC.MADV_POPULATE_WRITE, allocates, place);
    }
    if (before.isEmpty()) {
      for (FileRange part : space.shared()) {
        populate(libc, damaged, part, range, address, LibC.MADV_POPULATE_READ, allocates, place);
      }
    }
    return damaged;
  }

  private static DamagedPages damaged(List<BadBlock> blocks, FileRange range, String place) {
    return DamagedPages.of(blocks, range.offset(), range.lengthBytes(), PageSize.bytes(), place);
  }

  /** Allocates a part of a file; false if its file system cannot. */
  private static boolean allocates(LibC libc, int fd, FileRange part, String place) {
    int errno = allocate(libc, fd, LibC.FALLOC_FL_KEEP_SIZE, part.offset(), part.lengthBytes());
    boolean unknown = errno == Errno.EOPNOTSUPP.number() || errno == Errno.ENOSYS.number();
    if (errno != 0 && !unknown) {
      throw Failures.errno("allocate the pages of", place, errno);
    }
    return !unknown;
  }

  private static void populate(
      LibC libc,
      DamagedPages damaged,
      FileRange part,
      FileRange range,
      long address,
      int advice,
      boolean allocated,
      String place) {
    long from = (part.offset() - range.offset()) & -PageSize.bytes();
    long to = part.end() - range.offset();
    damaged.around(
        range.lengthBytes(),
        (offset, bytes) -> {
          long start = Math.max(from, offset);
          long end = Math.min(to, offset + bytes);
          int errno = start < end ? populate(libc, address + start, end - start, advice) : 0;
          // Linux before 5.14 cannot populate; allocation is then enough.
          if (errno != 0 && !(errno == Errno.EINVAL.number() && allocated)) {
            throw Failures.errno("populate the pages of", place, errno);
          }
        });
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
    int populated =
        populate(SystemCalls.libc("map"), address, lengthBytes, LibC.MADV_POPULATE_WRITE);
    if (populated != 0) {
      throw Failures.errno("populate the pages of", place, populated);
    }
  }

  private static int populate(LibC libc, long address, long lengthBytes, int advice) {
    int errno;
    do {
      boolean done = libc.madvise(address, lengthBytes, advice) == 0;
      errno = done ? 0 : SystemCalls.errno();
    } while (errno == Errno.EINTR.number() || errno == Errno.EAGAIN.number());
    return errno;
  }
}
