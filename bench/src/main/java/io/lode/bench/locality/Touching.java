package io.lode.bench.locality;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What the kernel asks for a mapping, and for the first store to each of its pages. */
final class Touching {
  private static final long MILLI_NANOS = 1_000_000;
  private static final long PAGE_BYTES = 4096;
  private static final long HUGE_PAGE_BYTES = 2 << 20;

  private final Target target;
  private final Effort effort;

  Touching(Target target, Effort effort) {
    this.target = target;
    this.effort = effort;
  }

  Figure measure(Step step) {
    return step.measure() == Measure.MAP ? map(step.sizeBytes()) : touch(step.sizeBytes());
  }

  private Figure map(long bytes) {
    target.fresh(bytes).close();
    long begin = System.nanoTime();
    long end;
    long count = 0;
    do {
      target.fresh(bytes).close();
      count++;
      end = System.nanoTime();
    } while (end - begin < effort.millis() * MILLI_NANOS);
    return Figure.of((double) (end - begin) / count);
  }

  private Figure touch(long bytes) {
    // A first one for the JVM, whose own faults would be counted as the memory's.
    try (FreshMapping fresh = target.fresh(HUGE_PAGE_BYTES)) {
      touch(fresh.segment());
    }
    try (FreshMapping fresh = target.fresh(bytes)) {
      MemorySegment memory = fresh.segment();
      long faults = PageFaults.ofThisThread();
      long begin = System.nanoTime();
      touch(memory);
      long end = System.nanoTime();
      faults = PageFaults.ofThisThread() - faults;
      return new Figure(
          (double) (end - begin) / ((double) memory.byteSize() / PAGE_BYTES),
          null,
          PageFaults.pageBytes(memory.byteSize(), faults),
          PageFaults.told(memory.address()),
          null);
    }
  }

  private static void touch(MemorySegment memory) {
    for (long offset = 0; offset < memory.byteSize(); offset += PAGE_BYTES) {
      memory.set(ValueLayout.JAVA_BYTE, offset, (byte) 1);
    }
  }
}
