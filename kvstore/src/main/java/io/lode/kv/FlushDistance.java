package io.lode.kv;

import io.lode.numa.Affinity;
import io.lode.numa.CpuSet;
import io.lode.numa.NumaException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what is flushed by CPUs that are not near the device. Flushes from another node cost more,
 * and each evicts what the device's node had cached.
 */
final class FlushDistance {
  private final CpuSet near;
  private final LongAdder farBytes = new LongAdder();

  /**
   * Begins at zero.
   *
   * @param near the CPUs near the device, none if they are not known: then nothing is counted
   */
  FlushDistance(CpuSet near) {
    this.near = near;
  }

  /** Counts bytes that this thread has just flushed. */
  void count(long bytes) {
    if (!near.isEmpty() && !near.contains(currentCpu())) {
      farBytes.add(bytes);
    }
  }

  private static int currentCpu() {
    try {
      return Affinity.currentCpu();
    } catch (NumaException _) {
      return -1; // where nobody knows, it may have been far
    }
  }

  long farBytes() {
    return farBytes.sum();
  }
}
