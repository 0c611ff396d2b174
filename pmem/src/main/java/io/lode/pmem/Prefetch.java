package io.lode.pmem;

import io.lode.pmem.internal.cpu.PrefetchRoutine;
import java.lang.foreign.MemorySegment;

/**
 * Tells the CPU which memory will be read soon. A load that misses the caches takes as long as
 * hundreds of instructions; several prefetches overlap with each other, and a prefetch issued well
 * before its load overlaps with the work in between. Costs a few nanoseconds and allocates nothing.
 * Does nothing where native routines cannot run.
 */
public final class Prefetch {
  private Prefetch() {}

  /**
   * Prefetches a cache line without waiting for it. This is a hint that never fails, whatever the
   * memory is.
   *
   * @param memory native memory; nothing is fetched from an array
   * @param offset a byte of the line, from the start of the memory
   */
  public static void line(MemorySegment memory, long offset) {
    lines(memory, offset, 1);
  }

  /**
   * Prefetches cache lines without waiting for them, in one native call.
   *
   * @param memory native memory; nothing is fetched from an array
   * @param offset a byte of the first line, from the start of the memory
   * @param count the number of lines of 64 bytes; a CPU fetches about ten at a time and queues the
   *     rest
   */
  public static void lines(MemorySegment memory, long offset, int count) {
    if (memory.isNative() && count > 0) {
      PrefetchRoutine.lines(memory.address() + offset, count);
    }
  }
}
