package io.lode.pmem.internal.cpu;

import io.lode.pmem.CopyFlags;

/** The four ways in which a copy or fill can reach the medium. */
enum CopyPath {
  /** Through the caches, without write-back. */
  STORE,
  /** Through the caches, then written back. */
  STORE_AND_FLUSH,
  /** Bypassing the caches; an unaligned head or tail goes through them and is written back. */
  STREAM,
  /** Bypassing the caches; an unaligned head or tail goes through them and is not written back. */
  STREAM_UNFLUSHED;

  private static final int DRAINLESS =
      CopyFlags.NO_DRAIN.bits() | CopyFlags.NO_FLUSH.bits(); // no flush implies no drain
  private static final int AROUND = CopyFlags.NON_TEMPORAL.bits() | CopyFlags.WRITE_COMBINE.bits();
  private static final int THROUGH = CopyFlags.TEMPORAL.bits() | CopyFlags.WRITE_BACK.bits();

  /** Chooses by libpmem2's rules (x86-64, {@code memcpy_memset.h}). */
  static CopyPath choose(
      CopyFlags flags, long length, boolean eadr, boolean streams, long streamThreshold) {
    int bits = flags.bits();
    if ((bits & CopyFlags.NO_FLUSH.bits()) != 0) {
      return STORE;
    }
    if (eadr) {
      return streams && (bits & CopyFlags.NON_TEMPORAL.bits()) != 0 ? STREAM_UNFLUSHED : STORE;
    }
    if (!streams) {
      return STORE_AND_FLUSH;
    }
    if ((bits & AROUND) != 0) {
      return STREAM;
    }
    return (bits & THROUGH) != 0 || length < streamThreshold ? STORE_AND_FLUSH : STREAM;
  }

  /**
   * Tells whether the routine itself ends with a fence.
   *
   * <p>Even without a drain, a streamed copy is fenced where a caller may believe that no drain is
   * needed: with caches in the persistence domain, and with a flush that is ordered by itself
   * (clflush). libpmem2 does the same.
   */
  boolean fences(CopyFlags flags, boolean flushIsOrdered) {
    return (flags.bits() & DRAINLESS) == 0
        || this == STREAM_UNFLUSHED
        || (this == STREAM && flushIsOrdered);
  }
}
