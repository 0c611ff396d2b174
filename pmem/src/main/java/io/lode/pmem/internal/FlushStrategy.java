package io.lode.pmem.internal;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.internal.cpu.MapMemory;
import java.lang.foreign.MemorySegment;

/** How the stores of one map become durable. Ranges were checked. */
sealed interface Persistence permits PageSync, LineFlush, Volatile {
  /** Names what flush does. */
  String flushName();

  /** Starts to write a range back. */
  void flush(MapMemory map, long offset, long length);

  /** Waits for this thread's flushes. */
  void drain();

  /** Flushes and drains. */
  void persist(MapMemory map, long offset, long length);

  /** Copies, and persists as the flags say. */
  void copy(
      MapMemory map,
      long offset,
      MemorySegment source,
      long sourceOffset,
      long length,
      CopyFlags flags);

  /** Fills, and persists as the flags say. */
  void fill(MapMemory map, long offset, long length, byte value, CopyFlags flags);
}
