package io.lode.kv;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.LongFunction;

/** Reads the records at given offsets one after the other. */
final class EntryIterator implements Iterator<KvEntry> {
  private final long[] offsets;
  private final LongFunction<KvEntry> reader;
  private int next;

  EntryIterator(long[] offsets, LongFunction<KvEntry> reader) {
    this.offsets = offsets;
    this.reader = reader;
  }

  @Override
  public boolean hasNext() {
    return next < offsets.length;
  }

  @Override
  public KvEntry next() {
    if (next == offsets.length) {
      throw new NoSuchElementException();
    }
    // Counted on first, so that the entry after a damaged one can still be had.
    return reader.apply(offsets[next++]);
  }
}
