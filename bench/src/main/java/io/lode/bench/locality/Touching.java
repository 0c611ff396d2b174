package io.lode.bench.locality;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What the kernel asks for the first store to each page of a new mapping. */
final class Touching {
  private static final long PAGE_BYTES = 4096;
  private static final long HUGE_PAGE_BYTES = 2 << 20;

  private Touching() {}

  static Figure measure(Target target, long bytes) {
    // A first one for the JVM, whose own faults would be counted as the memory's.
    try (RawMap fresh = target.fresh(HUGE_PAGE_BYTES)) {
      touch(fresh.segment());
    }
    try (RawMap fresh = target.fresh(bytes)) {
      MemorySegment memory = fresh.segment();
      long faults = PageFaults.ofThisThread();
      Rate rate = touch(memory);
      faults = PageFaults.ofThisThread() - faults;
      return new Figure(
          rate.nanosPerAccess(),
          null,
          PageFaults.pageBytes(memory.byteSize(), faults),
          PageFaults.told(memory.address()),
          null);
    }
  }

  /** Touches page by page; a batch is what a huge page may be. */
  private static Rate touch(MemorySegment memory) {
    long[] times = new long[Math.toIntExact(memory.byteSize() / HUGE_PAGE_BYTES)];
    for (int batch = 0; batch < times.length; batch++) {
      long begin = System.nanoTime();
      for (long offset = batch * HUGE_PAGE_BYTES, end = offset + HUGE_PAGE_BYTES;
          offset < end;
          offset += PAGE_BYTES) {
        memory.set(ValueLayout.JAVA_BYTE, offset, (byte) 1);
      }
      times[batch] = System.nanoTime() - begin;
    }
    return Rate.counted(times, HUGE_PAGE_BYTES / PAGE_BYTES, 0);
  }
}
