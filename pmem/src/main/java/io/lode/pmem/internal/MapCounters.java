package io.lode.pmem.internal;

import io.lode.pmem.MapStatistics;
import java.util.concurrent.atomic.AtomicLong;

/** Counts maps. An address space belongs to a process, and so does its count. */
public final class MappedMemory {
  private static final MappedMemory THIS_PROCESS = new MappedMemory();

  private final AtomicLong count = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  private MappedMemory() {}

  /** Returns the count of this process. */
  public static MappedMemory ofThisProcess() {
    return THIS_PROCESS;
  }

  void add(long mappedBytes) {
    bytes.addAndGet(mappedBytes);
    count.incrementAndGet();
  }

  void remove(long mappedBytes) {
    count.decrementAndGet();
    bytes.addAndGet(-mappedBytes);
  }

  /** Returns the figures now. */
  public MapStatistics statistics() {
    return new MapStatistics(count.get(), bytes.get());
  }
}
