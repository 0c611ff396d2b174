package io.lode.pmem.internal;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.internal.cpu.MapMemory;
import java.lang.foreign.MemorySegment;

/** The way in which the stores of one map become durable. Callers have checked all ranges. */
sealed interface FlushStrategy permits PageSync, LineFlush, NoFlush {
  /** Returns the name of the flush mechanism. */
  String flushName();

  /** Starts writing a range back. */
  void flush(MapMemory map, long offset, long length);

  /** Waits for this thread's flushes. */
  void drain();

  /** Flushes and drains. */
  void persist(MapMemory map, long offset, long length);

  /**
   * Gives a range blocks of its own. Java's stores need none: one that finds no room is an
   * exception.
   */
  default void ensureAllocated(MapMemory map, long offset, long length) {}

  /** Copies, and persists as the flags specify. */
  void copy(
      MapMemory map,
      long offset,
      MemorySegment source,
      long sourceOffset,
      long length,
      CopyFlags flags);

  /** Fills, and persists as the flags specify. */
  void fill(MapMemory map, long offset, long length, byte value, CopyFlags flags);
}
