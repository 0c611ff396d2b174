package io.lode.kv;

import io.lode.kv.index.IndexMemory;
import io.lode.numa.MemoryPolicy;
import io.lode.numa.NumaArena;
import io.lode.numa.NumaException;
import io.lode.numa.Placement;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory for an index: on huge pages, and on the node whose CPUs are near the device, for there it
 * is changed. Both are wishes: where the kernel does not grant them it is any memory.
 */
final class NodeMemory implements IndexMemory, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeMemory.class);

  /** A huge page of x86-64 and of aarch64 with pages of 4 KiB. */
  private static final long HUGE_PAGE_BYTES = 2 << 20;

  private static final long LINE_BYTES = 64;

  private final Arena arena;

  private NodeMemory(Arena arena) {
    this.arena = arena;
  }

  static NodeMemory near(Placement placement) {
    OptionalInt node = placement.nodes().first();
    try {
      return new NodeMemory(
          NumaArena.of(
              // Preferred, not bound: a full node is no reason to end the process.
              node.isPresent() ? MemoryPolicy.preferred(node.getAsInt()) : MemoryPolicy.local(),
              NumaArena.Option.TRANSPARENT_HUGE_PAGES));
    } catch (NumaException | IllegalArgumentException unavailable) {
      LOG.debug("the index is not placed: {}", unavailable.getMessage());
      return new NodeMemory(Arena.ofShared());
    }
  }

  @Override
  public MemorySegment allocate(long bytes) {
    return arena.allocate(bytes, bytes % HUGE_PAGE_BYTES == 0 ? HUGE_PAGE_BYTES : LINE_BYTES);
  }

  @Override
  public void close() {
    arena.close();
  }
}
