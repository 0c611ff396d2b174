package io.lode.pmem;

import io.lode.pmem.internal.cpu.PrefetchRoutine;
import java.lang.foreign.MemorySegment;

/**
 * Tells the CPU which memory is going to be read. A load that misses its caches takes as long as
 * some hundred instructions; prefetches of several lines, or one made well before its load,
 * overlap. Costs a few nanoseconds and allocates nothing. Where native routines cannot run it does
 * nothing.
 */
public final class Prefetch {
  private Prefetch() {}

  /**
   * Has a cache line fetched while the caller goes on. A hint: it never fails, whatever is there.
   *
   * @param memory native memory; of an array nothing is fetched
   * @param offset a byte of the line, from the start of the memory
   */
  public static void line(MemorySegment memory, long offset) {
    lines(memory, offset, 1);
  }

  /**
   * Has cache lines fetched while the caller goes on, all with one call of native code.
   *
   * @param memory native memory; of an array nothing is fetched
   * @param offset a byte of the first line, from the start of the memory
   * @param count how many lines of 64 bytes; a CPU has some ten under way at a time, and waits with
   *     further ones
   */
  public static void lines(MemorySegment memory, long offset, int count) {
    if (memory.isNative() && count > 0) {
      PrefetchRoutine.lines(memory.address() + offset, count);
    }
  }
}
