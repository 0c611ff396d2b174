package io.lode.kv.index;

import java.lang.foreign.MemorySegment;

/** Where an index takes its memory from. */
@FunctionalInterface
public interface IndexMemory {
  /**
   * Allocates.
   *
   * @param bytes a multiple of 64
   * @return that many zeros, aligned to 8 at least and better to 64, as long as the index lives
   */
  MemorySegment allocate(long bytes);

  /**
   * Returns memory on the Java heap, which needs no closing: for small indexes.
   *
   * @return the source
   */
  static IndexMemory onHeap() {
    return bytes -> MemorySegment.ofArray(new long[Math.toIntExact(bytes / Long.BYTES)]);
  }
}
