package io.lode.pmem;

import java.lang.foreign.MemorySegment;

/** Tells the CPU which memory is going to be read. */
public final class Prefetch {
  private Prefetch() {}

  /**
   * Has a cache line fetched while the caller goes on. A hint: it never fails, whatever is there.
   *
   * @param memory native memory; of an array nothing is fetched
   * @param offset a byte of the line, from the start of the memory
   */
  public static void line(MemorySegment memory, long offset) {
    if (memory.isNative()) {
      // To come.
    }
  }
}
