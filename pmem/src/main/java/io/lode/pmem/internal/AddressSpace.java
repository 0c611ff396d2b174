package io.lode.pmem.internal;

import io.lode.pmem.internal.jna.LibC;

/**
 * Places mappings in the address space. Results are addresses, or negative error numbers.
 *
 * <p>No mapping is ever placed over another one: an aligned free range is found, released and then
 * requested as a hint. If another thread took it first, the kernel chooses another place and the
 * search begins again. (A fixed mapping over a range that was reserved for it can leave a hole when
 * it fails, and the next attempt would overwrite another thread's memory in that hole.)
 */
final class AddressSpace {
  private static final long HUGE_PAGE_BYTES = 2L << 20;
  private static final long GIANT_PAGE_BYTES = 1L << 30;
  private static final long GIANT_FROM_BYTES = 2L << 30;
  private static final int TRIES = 16;
  private static final int BLANK = LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS | LibC.MAP_NORESERVE;

  private final LibC libc = SystemCalls.libc("map");
  private final long pageSizeBytes = libc.getpagesize();

  /**
   * A mapping.
   *
   * @param address its address, or a negative error number
   * @param synchronous true if the kernel accepted MAP_SYNC
   */
  record Placed(long address, boolean synchronous) {}

  long pageSizeBytes() {
    return pageSizeBytes;
  }

  /**
   * Creates a mapping, for shared maps with MAP_SYNC where the source supports it, as libpmem2
   * does.
   *
   * @param flags MAP_SHARED or MAP_PRIVATE, perhaps with MAP_ANONYMOUS
   * @param alignmentBytes the source's alignment, a power of two
   */
  Placed map(
      long lengthBytes, long alignmentBytes, int protection, int flags, int fd, long offset) {
    if (flags == LibC.MAP_SHARED) {
      int synchronous = LibC.MAP_SHARED_VALIDATE | LibC.MAP_SYNC;
      long address = place(lengthBytes, alignmentBytes, protection, synchronous, fd, offset);
      if (address != -Errno.EINVAL.number() && address != -Errno.EOPNOTSUPP.number()) {
        return new Placed(address, address >= 0);
      }
    }
    return new Placed(place(lengthBytes, alignmentBytes, protection, flags, fd, offset), false);
  }

  private long place(
      long lengthBytes, long alignmentBytes, int protection, int flags, int fd, long offset) {
    long wanted = Math.max(placementBytes(lengthBytes), alignmentBytes);
    for (int i = 0; ; i++) {
      long hint = findFree(lengthBytes, wanted);
      if (hint < 0) {
        return hint;
      }
      long address = mmap(hint, lengthBytes, protection, flags, fd, offset);
      // The source requires only its own alignment; the rest is for huge pages and is optional.
      if (address < 0
          || address % wanted == 0
          || (i >= TRIES && address % alignmentBytes == 0)
          || i >= 2 * TRIES) {
        return address;
      }
      unmap(address, lengthBytes);
    }
  }

  private long findFree(long lengthBytes, long alignmentBytes) {
    // File systems with huge pages (ext4, xfs) accept a hint only if one more huge page is free
    // behind
    // it; otherwise they choose a place that suits the file's offset rather than the address.
    long room = alignmentBytes + HUGE_PAGE_BYTES;
    if (lengthBytes > Long.MAX_VALUE - room - pageSizeBytes) {
      return -Errno.ENOMEM.number();
    }
    long total = roundUp(lengthBytes, pageSizeBytes) + room;
    long start = mmap(0, total, LibC.PROT_NONE, BLANK, -1, 0);
    if (start < 0) {
      return start;
    }
    unmap(start, total);
    return roundUp(start, alignmentBytes);
  }

  /**
   * Reserves addresses anywhere.
   *
   * @return the first address, or a negative error number
   */
  long reserve(long sizeBytes) {
    return place(sizeBytes, pageSizeBytes, LibC.PROT_NONE, BLANK, -1, 0);
  }

  /**
   * Reserves given addresses, if none of them is taken.
   *
   * @return the address, or a negative error number: EEXIST if one is taken
   */
  long reserveAt(long address, long sizeBytes) {
    int flags = BLANK | LibC.MAP_FIXED_NOREPLACE;
    long result = mmap(address, sizeBytes, LibC.PROT_NONE, flags, -1, 0);
    if (result >= 0 && result != address) {
      // A kernel before 4.17 treats the address as a hint.
      unmap(result, sizeBytes);
      return -Errno.EEXIST.number();
    }
    return result;
  }

  /**
   * Maps at a given place in a range that the caller has reserved. MAP_SYNC is tried elsewhere
   * first: when the kernel refuses it, it may already have unmapped the place.
   */
  Placed mapAt(
      long address,
      long lengthBytes,
      long alignmentBytes,
      int protection,
      int flags,
      int fd,
      long offset) {
    int chosen = flags;
    boolean synchronous = false;
    if (flags == LibC.MAP_SHARED) {
      Placed trial = map(alignmentBytes, alignmentBytes, protection, flags, fd, offset);
      if (trial.address() < 0) {
        return trial;
      }
      unmap(trial.address(), alignmentBytes);
      synchronous = trial.synchronous();
      chosen = synchronous ? LibC.MAP_SHARED_VALIDATE | LibC.MAP_SYNC : flags;
    }
    return new Placed(
        mmap(address, lengthBytes, protection, chosen | LibC.MAP_FIXED, fd, offset), synchronous);
  }

  /**
   * Removes all access from a range that the caller has reserved, and whatever was mapped there.
   *
   * @return 0 or a negative error number
   */
  int blank(long address, long lengthBytes) {
    long result = mmap(address, lengthBytes, LibC.PROT_NONE, BLANK | LibC.MAP_FIXED, -1, 0);
    return result < 0 ? (int) result : 0;
  }

  private long mmap(long hint, long lengthBytes, int protection, int flags, int fd, long offset) {
    long address = libc.mmap(hint, lengthBytes, protection, flags, fd, offset);
    if (address != -1) {
      return address;
    }
    // libpmem2 reports a failure without an error number as EINVAL.
    int errno = SystemCalls.errno();
    return -(errno == 0 ? Errno.EINVAL.number() : errno);
  }

  /**
   * Unmaps.
   *
   * @return 0 or a negative error number
   */
  int unmap(long address, long lengthBytes) {
    return libc.munmap(address, lengthBytes) == 0 ? 0 : -SystemCalls.errno();
  }

  private static long placementBytes(long lengthBytes) {
    return lengthBytes >= GIANT_FROM_BYTES ? GIANT_PAGE_BYTES : HUGE_PAGE_BYTES;
  }

  static long roundUp(long value, long powerOfTwo) {
    return (value + powerOfTwo - 1) & -powerOfTwo;
  }
}
