package io.lode.kv;

import io.lode.numa.Affinity;
import io.lode.numa.CpuSet;
import io.lode.numa.NumaException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the bytes flushed by threads that may run far from the device. A flush from another node
 * costs more, and evicts the line from the cache of the device's node.
 *
 * <p>Where a thread may run is asked once for each thread, not with each record: the system call,
 * through JNA, takes several times as long as a write. Safe for concurrent use.
 */
final class RemoteFlushes {
  private final CpuSet near;
  private final LongAdder bytes = new LongAdder();
  private final ThreadLocal<Boolean> isNear = ThreadLocal.withInitial(this::isNear);

  private RemoteFlushes(CpuSet near) {
    this.near = near;
  }

  /**
   * Counts for a store.
   *
   * @param place where its writers belong: where they are pinned none of them is far, and nobody
   *     needs to be asked
   */
  static RemoteFlushes of(StorePlace place) {
    return new RemoteFlushes(place.pinning().isEmpty() ? place.nearCpus() : CpuSet.empty());
  }

  /** Counts bytes that this thread has just flushed. */
  void count(long flushed) {
    if (!near.isEmpty() && !isNear.get()) {
      bytes.add(flushed);
    }
  }

  private boolean isNear() {
    try {
      return near.containsAll(Affinity.current());
    } catch (NumaException _) {
      return false; // unknown: it may have been far
    }
  }

  long bytes() {
    return bytes.sum();
  }
}
