package io.lode.kv;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.LongFunction;

/** Reads the records at given addresses one after the other. */
final class EntryIterator implements Iterator<KvEntry> {
  private final long[] addresses;
  private final LongFunction<KvEntry> reader;
  private int next;

  EntryIterator(long[] addresses, LongFunction<KvEntry> reader) {
    this.addresses = addresses;
    this.reader = reader;
  }

  @Override
  public boolean hasNext() {
    return next < addresses.length;
  }

  @Override
  public KvEntry next() {
    if (next == addresses.length) {
      throw new NoSuchElementException();
    }
    // Counted on first, so that the entry after a damaged one can still be had.
    return reader.apply(addresses[next++]);
  }
}
