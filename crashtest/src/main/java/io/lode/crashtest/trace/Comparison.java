package io.lode.crashtest.trace;

import java.lang.foreign.MemorySegment;

/** Finds what was stored since it last looked, in words of 8 bytes. */
final class Comparison {
  private static final long WORD_BYTES = 8;

  private final MemorySegment memory;
  private final MemorySegment seen;

  /** Is shown a range that changed. */
  @FunctionalInterface
  interface Changed {
    void range(long offset, long length);
  }

  Comparison(MemorySegment memory) {
    this.memory = memory;
    this.seen = MemorySegment.ofArray(new byte[(int) memory.byteSize()]);
    reset();
  }

  /** Takes all that is there now for seen. */
  void reset() {
    seen.copyFrom(memory);
  }

  /** Takes a range as it is now for seen. */
  void accept(long offset, long length) {
    MemorySegment.copy(memory, offset, seen, offset, length);
  }

  /** Shows each word that changed, and takes it for seen. */
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
