package io.lode.numa;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/**
 * The memory of a {@link NumaRegion} and the segment that shows it now. Safe for concurrent use.
 */
final class RegionMemory {
  private final MemoryPolicy policy;
  private final Set<NumaArena.Option> options;

  @GuardedBy("this")
  private PlacedMapping mapping;

  @GuardedBy("this")
  private Arena arena;

  @GuardedBy("this")
  private MemorySegment segment;

  @GuardedBy("this")
  private boolean closed;

  /**
   * Takes over a mapping.
   *
   * @param mapping owned from now on
   */
  RegionMemory(MemoryPolicy policy, Set<NumaArena.Option> options, PlacedMapping mapping) {
    this.policy = policy;
    this.options = options;
    this.mapping = mapping;
    this.arena = Arena.ofShared();
    this.segment = mapping.lendTo(arena);
  }

  synchronized MemorySegment segment() {
    requireOpen();
    return segment;
  }

  synchronized MemorySegment resize(long newSizeBytes) {
    requireOpen();
    String operation =
        "resize a region of " + mapping.sizeBytes() + " to " + newSizeBytes + " bytes";
    PlacedMapping before = mapping;
    if (newSizeBytes > before.lengthBytes()) {
      long added = newSizeBytes - before.lengthBytes();
      PlacedMapping.requireRoom(policy, options, added, operation);
    }
    arena.close();
    try {
      mapping = before.resized(newSizeBytes, operation);
      populateAdded(before, operation);
    } finally {
      arena = Arena.ofShared();
      segment = mapping.lendTo(arena);
    }
    return segment;
  }

  @GuardedBy("this")
  private void populateAdded(PlacedMapping before, String operation) {
    if (mapping.lengthBytes() <= before.lengthBytes()) {
      return;
    }
    boolean done = false;
    try {
      mapping.populate(policy, options, before.lengthBytes(), operation);
      done = true;
    } finally {
      if (!done) {
        mapping = mapping.resized(before.sizeBytes(), operation);
      }
    }
  }

  synchronized void close() {
    if (!closed) {
      arena.close();
      closed = true;
      mapping.unmap();
    }
  }

  @GuardedBy("this")
  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the region is closed");
    }
  }
}
