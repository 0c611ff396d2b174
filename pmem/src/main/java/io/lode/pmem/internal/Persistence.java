package io.lode.pmem.internal;

import io.lode.pmem.CopyFlags;
import java.lang.foreign.MemorySegment;

/** How the stores of one map become durable. Ranges were checked. */
sealed interface Persistence permits PageSync, LineFlush, Volatile {
  /** Names what flush does. */
  String flushName();

  /** Starts to write a range back. */
  void flush(MemorySegment map, long offset, long length);

  /** Waits for this thread's flushes. */
  void drain();

  /** Copies, and persists as the flags say. */
  void copy(
      MemorySegment map,
      long offset,
      MemorySegment source,
      long sourceOffset,
      long length,
      CopyFlags flags);

  /** Fills, and persists as the flags say. */
  void fill(MemorySegment map, long offset, long length, byte value, CopyFlags flags);
}
