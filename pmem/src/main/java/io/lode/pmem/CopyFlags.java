package io.lode.pmem;

/**
 * How a copy or fill treats the CPU caches and when it is durable, with the bits of libpmem2's
 * {@code PMEM2_F_MEM_*} ({@code libpmem2/base.h}). Values are immutable; combine them with {@link
 * #and}.
 *
 * @param bits the flags as libpmem2 numbers them
 */
public record CopyFlags(int bits) {
  /** Choose the path by length; flush and drain before returning. */
  public static final CopyFlags NONE = new CopyFlags(0);

  /** Do not wait: durable only after a later {@link PmemMap#drain} of the same thread. */
  public static final CopyFlags NO_DRAIN = new CopyFlags(1);

  /**
   * Bypass the caches. To an ordinary file, a copy that must be durable on return is a synced
   * write, which takes less than half the time of syncing its pages.
   */
  public static final CopyFlags NON_TEMPORAL = new CopyFlags(1 << 1);

  /** Store through the caches. */
  public static final CopyFlags TEMPORAL = new CopyFlags(1 << 2);

  /** Use write combining (non-temporal stores) where it helps. */
  public static final CopyFlags WRITE_COMBINE = new CopyFlags(1 << 3);

  /** Use write-back stores where they help. */
  public static final CopyFlags WRITE_BACK = new CopyFlags(1 << 4);

  /** Do not flush: the caller flushes later. Implies {@link #NO_DRAIN}. */
  public static final CopyFlags NO_FLUSH = new CopyFlags(1 << 5);

  private static final int ALL = (1 << 6) - 1;

  /**
   * Checks the bits.
   *
   * @throws IllegalArgumentException if a bit is not one of libpmem2's six
   */
  public CopyFlags {
    if ((bits & ~ALL) != 0) {
      throw new IllegalArgumentException("copy flags 0x" + Integer.toHexString(bits));
    }
  }

  /**
   * Returns the union of two sets of flags.
   *
   * @param other the flags to add
   * @return the union
   */
  public CopyFlags and(CopyFlags other) {
    return new CopyFlags(bits | other.bits);
  }

  /**
   * Tells whether all the given flags are set.
   *
   * @param flags the flags to look for
   * @return true if they all are
   */
  public boolean contains(CopyFlags flags) {
    return (bits & flags.bits) == flags.bits;
  }
}
