package io.lode.crashtest.trace;

import java.lang.foreign.MemorySegment;

/** Finds the words of 8 bytes that have changed since the last comparison. */
final class Comparison {
  private static final long WORD_BYTES = 8;

  private final MemorySegment memory;
  private final MemorySegment seen;

  /** Receives a range that changed. */
  @FunctionalInterface
  interface Changed {
    void range(long offset, long length);
  }

  Comparison(MemorySegment memory) {
    this.memory = memory;
    this.seen = MemorySegment.ofArray(new byte[(int) memory.byteSize()]);
    reset();
  }

  /** Makes the current content the base of the next comparison. */
  void reset() {
    seen.copyFrom(memory);
  }

  /** Makes the current content of a range the base of the next comparison. */
  void accept(long offset, long length) {
    MemorySegment.copy(memory, offset, seen, offset, length);
  }

  /** Reports each word that changed, once. */
  void changes(Changed changed) {
    long size = memory.byteSize();
    long from = 0;
    while (from < size) {
      long mismatch = MemorySegment.mismatch(memory, from, size, seen, from, size);
      if (mismatch < 0) {
        return;
      }
      long at = (from + mismatch) / WORD_BYTES * WORD_BYTES;
      long length = Math.min(WORD_BYTES, size - at);
      accept(at, length);
      changed.range(at, length);
      from = at + length;
    }
  }
}
