package io.lode.kv;

import io.lode.kv.index.IndexMemory;
import io.lode.numa.Affinity;
import io.lode.numa.CpuSet;
import io.lode.numa.NodeSet;
import io.lode.numa.NumaException;
import io.lode.numa.Placement;
import io.lode.numa.Topology;
import io.lode.pmem.DeviceLocation;
import io.lode.pool.Device;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Where a store's own threads run and its index lies: near its device. A store on a borrowed map
 * has no threads, and its index is on the heap.
 */
final class StorePlace implements AutoCloseable {
  private static final Placement ANYWHERE =
      new Placement(
          NodeSet.empty(), CpuSet.empty(), "the store is on a map that the caller passed in");

  private final boolean isBorrowed;
  private final Placement device;
  private final Placement pinning;
  private final Workers background;
  private final Workers completing;
  private final IndexMemory indexMemory;
  private final @Nullable NodeMemory ownMemory;

  private StorePlace(boolean isBorrowed, Placement device, Placement pinning) {
    this.isBorrowed = isBorrowed;
    this.device = device;
    this.pinning = pinning;
    this.background = newThreads(1, "lode-background-");
    this.completing =
        isBorrowed ? Workers.none() : Workers.near(everywhere(), 1, "lode-completion-");
    this.ownMemory = isBorrowed ? null : NodeMemory.near(pinning, background);
    this.indexMemory = ownMemory == null ? IndexMemory.onHeap() : ownMemory;
  }

  /**
   * Finds the place of a store.
   *
   * @param device its device; a borrowed map gets no threads, no pinning, and an index on the heap
   * @param pin whether to use the CPUs near the device
   */
  static StorePlace of(Device device, boolean pin) {
    return device
        .location()
        .map(location -> near(placementOf(location), pin))
        .orElseGet(() -> new StorePlace(true, ANYWHERE, ANYWHERE));
  }

  private static Placement placementOf(DeviceLocation location) {
    var nodes = NodeSet.of(location.memdevNodes().stream().mapToInt(Integer::intValue).toArray());
    var device =
        new Placement.Device(location.numaNode(), location.targetNode(), location.cxl(), nodes);
    // The calling thread may be pinned elsewhere: the store's writers are not the worse for it.
    return Placement.cpuNodes(device, Topology.snapshot(), Affinity.ofProcess());
  }

  /**
   * For a device with CPUs near it.
   *
   * @param device the CPUs near it
   * @param pin whether to use them
   */
  static StorePlace near(Placement device, boolean pin) {
    Placement pinning =
        pin
            ? device
            : new Placement(NodeSet.empty(), CpuSet.empty(), "the store was opened without");
    return new StorePlace(false, device, pinning);
  }

  /** All CPUs of the process: a thread that is made here may be made by one that is pinned. */
  private static Placement everywhere() {
    try {
      return new Placement(NodeSet.empty(), Affinity.ofProcess(), "all");
    } catch (NumaException unknown) {
      return ANYWHERE;
    }
  }

  private Workers newThreads(int most, String name) {
    return isBorrowed ? Workers.none() : Workers.near(pinning, most, name);
  }

  /** Whether the map belongs to the caller, whose threads do all work. */
  boolean isBorrowed() {
    return isBorrowed;
  }

  /** Returns the CPUs near the device. */
  CpuSet nearCpus() {
    return device.cpus();
  }

  /** Returns where writers belong: nowhere, with a reason, if it does not matter. */
  Placement pinning() {
    return pinning;
  }

  /** Returns the executor of tasks that no write waits for. */
  Executor background() {
    return background;
  }

  /** Returns the executor of callers' code, which runs on any CPU. */
  Executor completing() {
    return completing;
  }

  /** Returns a thread that writes for others, to be closed by the caller. */
  Workers newWriter() {
    return newThreads(1, "lode-writer-");
  }

  /** Returns a thread that frees segments, to be closed by the caller. */
  Workers newCleaner() {
    return newThreads(1, "lode-cleaner-");
  }

  /** Returns threads to open a pool with, to be closed by the caller. */
  Workers newRecovery() {
    return newThreads(Integer.MAX_VALUE, "lode-recovery-");
  }

  /** Returns where an index takes its memory from. */
  IndexMemory indexMemory() {
    return indexMemory;
  }

  /** Waits for background tasks, but not for callers' code, which may be closing the store. */
  void endWork() {
    background.close();
    completing.end();
  }

  /** Ends all work, then gives back the index's memory. */
  @Override
  public void close() {
    endWork();
    if (ownMemory != null) {
      ownMemory.close();
    }
  }
}
