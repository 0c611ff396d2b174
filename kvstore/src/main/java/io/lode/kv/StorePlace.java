package io.lode.kv;

import io.lode.numa.Affinity;
import io.lode.numa.CpuSet;
import io.lode.numa.NodeSet;
import io.lode.numa.NumaException;
import io.lode.numa.Placement;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Where a store's own threads run and its index lies: near its device, or nowhere of their own if
 * it is on a map of the caller's.
 */
final class StorePlace implements AutoCloseable {
  private static final Placement ANYWHERE =
      new Placement(NodeSet.empty(), CpuSet.empty(), "the store is on a map of the caller's");

  private final boolean isCallers;
  private final Placement device;
  private final Placement pinning;
  private final Workers background;
  private final Workers completing;

  private StorePlace(boolean isCallers, Placement device, Placement pinning) {
    this.isCallers = isCallers;
    this.device = device;
    this.pinning = pinning;
    this.background = newThreads(1, "lode-background-");
    this.completing =
        isCallers ? Workers.none() : Workers.near(everywhere(), 1, "lode-completion-");
  }

  /** For a map of the caller's: no threads, no pinning, an index on the heap. */
  static StorePlace ofCaller() {
    return new StorePlace(true, ANYWHERE, ANYWHERE);
  }

  /**
   * For a device.
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
    return isCallers ? Workers.none() : Workers.near(pinning, most, name);
  }

  /** Whether the map, and the threads that use it, are the caller's. */
  boolean isCallers() {
    return isCallers;
  }

  /** Returns the CPUs near the device. */
  CpuSet nearCpus() {
    return device.cpus();
  }

  /** Returns where writers belong: nowhere, with a reason, if it does not matter. */
  Placement pinning() {
    return pinning;
  }

  /** Runs what no write has to wait for. */
  Executor background() {
    return background;
  }

  /** Runs what belongs to callers, on any CPU. */
  Executor completing() {
    return completing;
  }

  /** Returns a thread that writes for others, to be closed by the caller. */
  Workers newWriter() {
    return newThreads(1, "lode-writer-");
  }

  /** Returns threads to open a pool with, to be closed by the caller. */
  Workers newRecovery() {
    return newThreads(Integer.MAX_VALUE, "lode-recovery-");
  }

  /** Returns memory for an index, to be closed by the caller; null for the heap. */
  @Nullable NodeMemory newIndexMemory() {
    return isCallers ? null : NodeMemory.near(pinning, background);
  }

  /**
   * Waits for what runs in the background; not for callers' code, which may be closing the store.
   */
  @Override
  public void close() {
    background.close();
    completing.end();
  }
}
