package io.lode.bench.locality;

import java.lang.foreign.MemorySegment;

/** A mapping that nobody has touched yet. */
interface FreshMapping extends AutoCloseable {
  MemorySegment segment();

  /** Unmaps. */
  @Override
  void close();
}
