package io.lode.kv;

import io.lode.numa.Affinity;
import io.lode.numa.CpuSet;
import io.lode.numa.NumaException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what is flushed by threads that may run far from the device. Flushes from another node
 * cost more, and each evicts what the device's node had cached.
 *
 * <p>Where a thread may run is asked once for each thread, not with each record: the question is a
 * system call through JNA, several times what a write takes. Safe for concurrent use.
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
      return false; // where nobody knows, it may have been far
    }
  }

  long bytes() {
    return bytes.sum();
  }
}
