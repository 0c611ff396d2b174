package io.lode.kv;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** Reads the records at given addresses one after the other; a pin keeps them there. */
final class EntryIterator implements Iterator<KvEntry> {
  private final Pins.Pin pin;
  private final long[] addresses;
  private final LongFunction<KvEntry> reader;
  private int next;

  /**
   * Makes an iterator.
   *
   * @param pins where it takes a pin, before it finds the addresses
   */
  EntryIterator(Pins pins, Supplier<long[]> addresses, LongFunction<KvEntry> reader) {
    this.pin = pins.takeFor(this);
    this.addresses = addresses.get();
    this.reader = reader;
    closeAtEnd();
  }

  private void closeAtEnd() {
    if (next == addresses.length) {
      pin.close();
    }
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
    long address = addresses[next++];
    try {
      return reader.apply(address);
    } finally {
      closeAtEnd();
    }
  }
}
