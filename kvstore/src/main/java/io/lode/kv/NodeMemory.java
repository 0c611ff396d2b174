package io.lode.kv;

import io.lode.kv.index.IndexMemory;
import io.lode.numa.MemoryPolicy;
import io.lode.numa.NumaArena;
import io.lode.numa.NumaException;
import io.lode.numa.Placement;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory for an index: on huge pages, and on the node whose CPUs are near the device, since writers
 * run there. Both are preferences: if the kernel does not grant them, any memory is used.
 *
 * <p>At the first touch of a huge page the kernel clears it, which takes a hundred times as long as
 * the rest of a write. So while one piece is in use, the next one is allocated and touched in the
 * background. Safe for concurrent use.
 */
final class NodeMemory implements IndexMemory, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeMemory.class);

  /** A huge page of x86-64 and of aarch64 with pages of 4 KiB. */
  private static final long HUGE_PAGE_BYTES = 2 << 20;

  private static final long LINE_BYTES = 64;

  private final Arena arena;
  private final Executor background;
  private final ConcurrentMap<Long, CompletableFuture<MemorySegment>> spares =
      new ConcurrentHashMap<>();

  private NodeMemory(Arena arena, Executor background) {
    this.arena = arena;
    this.background = background;
  }

  /**
   * Creates a source of memory near a device.
   *
   * @param background prepares the memory for the next allocation; ends before this is closed
   */
  static NodeMemory near(Placement placement, Executor background) {
    OptionalInt node = placement.nodes().first();
    try {
      return new NodeMemory(
          NumaArena.of(
              // Preferred, not bound: a full node is no reason to end the process.
              node.isPresent() ? MemoryPolicy.preferred(node.getAsInt()) : MemoryPolicy.local(),
              NumaArena.Option.TRANSPARENT_HUGE_PAGES),
          background);
    } catch (NumaException | IllegalArgumentException unavailable) {
      LOG.debug("the index is not placed: {}", unavailable.getMessage());
      return new NodeMemory(Arena.ofShared(), background);
    }
  }

  @Override
  public MemorySegment allocate(long bytes) {
    var spare = spares.get(bytes);
    if (spare != null && !(spare.isDone() && spares.remove(bytes, spare))) {
      return fresh(bytes);
    }
    order(bytes);
    // One that failed is tried again here, where the caller gets the failure.
    return spare == null || spare.isCompletedExceptionally() ? fresh(bytes) : spare.join();
  }

  private void order(long bytes) {
    try {
      spares.put(
          bytes, CompletableFuture.supplyAsync(() -> fresh(bytes).fill((byte) 0), background));
    } catch (RejectedExecutionException | OutOfMemoryError _) {
      // No thread is available: the memory is allocated when it is needed.
    }
  }

  private MemorySegment fresh(long bytes) {
    return arena.allocate(bytes, bytes % HUGE_PAGE_BYTES == 0 ? HUGE_PAGE_BYTES : LINE_BYTES);
  }

  @Override
  public void close() {
    arena.close();
  }
}
