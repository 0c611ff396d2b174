package io.lode.kv;

import io.lode.numa.Placement;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Where a store's own threads run and its index lies: near its device, or nowhere of their own. */
final class StorePlace implements AutoCloseable {
  private final @Nullable Placement placement;
  private final Workers background;

  private StorePlace(@Nullable Placement placement, Workers background) {
    this.placement = placement;
    this.background = background;
  }

  /** For a map of the caller's: no threads, no pinning, an index on the heap. */
  static StorePlace none() {
    return new StorePlace(null, Workers.none());
  }

  static StorePlace near(Placement placement) {
    return new StorePlace(placement, Workers.near(placement, 1, "lode-background-"));
  }

  /** Returns the CPUs near the device, null for a map of the caller's. */
  @Nullable Placement placement() {
    return placement;
  }

  /** Runs what no write has to wait for. */
  Executor background() {
    return background;
  }

  /** Returns threads to open a pool with, to be closed by the caller. */
  Workers forRecovery() {
    return placement == null
        ? Workers.none()
        : Workers.near(placement, Integer.MAX_VALUE, "lode-recovery-");
  }

  /** Returns memory for an index, to be closed by the caller; null for the heap. */
  @Nullable NodeMemory newIndexMemory() {
    return placement == null ? null : NodeMemory.near(placement);
  }

  /** Waits for what runs in the background. */
  @Override
  public void close() {
    background.close();
  }
}
