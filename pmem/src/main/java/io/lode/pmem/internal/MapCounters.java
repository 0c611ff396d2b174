package io.lode.pmem.internal;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the maps of this process. */
public final class MapCounters {
  private static final MapCounters THIS_PROCESS = new MapCounters();

  private final AtomicLong count = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  private MapCounters() {}

  /** Returns the counters of this process. */
  public static MapCounters ofThisProcess() {
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

  /** Returns the number of maps now. */
  public long count() {
    return count.get();
  }

  /** Returns the sum of their lengths now. */
  public long bytes() {
    return bytes.get();
  }
}
