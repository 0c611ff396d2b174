package io.lode.bench.locality;

import io.lode.bench.run.PageFaults;
import io.lode.bench.run.RawMap;
import java.lang.foreign.MemorySegment;

/** The time that the kernel takes for the first store to each page of a new mapping. */
final class Touching {
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

  /** Touches page by page; a batch is as much as a huge page may be. */
  private static Rate touch(MemorySegment memory) {
    long[] times = new long[Math.toIntExact(memory.byteSize() / HUGE_PAGE_BYTES)];
    for (int batch = 0; batch < times.length; batch++) {
      long begin = System.nanoTime();
      PageFaults.touch(memory, batch * HUGE_PAGE_BYTES, (batch + 1) * HUGE_PAGE_BYTES);
      times[batch] = System.nanoTime() - begin;
    }
    return Rate.counted(times, HUGE_PAGE_BYTES / PageFaults.PAGE_BYTES, 0);
  }
}
