package io.lode.kv;

import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/**
 * Where the live record of each key is: from the 64-bit hash of a key to the record's offset on the
 * device. Open addressing with linear probing in arrays on the heap; removal moves later entries
 * back, so there are no grave markers.
 *
 * <p>Not safe for concurrent use.
 */
final class HashIndex {
  private static final int MIN_CAPACITY = 16;

  /** Of three quarters at most: beyond that probes of linear probing get long. */
  private static final int LOAD_NUMERATOR = 3;

  private static final int LOAD_DENOMINATOR = 4;

  /** No record starts at offset 0, so a 0 is a free slot. */
  private static final long FREE = 0;

  private long[] hashes = new long[MIN_CAPACITY];
  private long[] offsets = new long[MIN_CAPACITY];
  private int size;

  int size() {
    return size;
  }

  /** Returns the first offset under a hash that {@code isMatch} accepts, or 0 if there is none. */
  long find(long hash, LongPredicate isMatch) {
    int slot = slotOf(hash, isMatch);
    return slot < 0 ? FREE : offsets[slot];
  }

  /** Adds an entry. */
  void add(long hash, long offset) {
    if ((long) (size + 1) * LOAD_DENOMINATOR > (long) offsets.length * LOAD_NUMERATOR) {
      grow();
    }
    insert(hash, offset);
    size++;
  }

  /** Lets the entry that was at one offset be at another. */
  void move(long hash, long from, long to) {
    int slot = slotOf(hash, offset -> offset == from);
    if (slot < 0) {
      throw new IllegalStateException("no entry at offset " + from);
    }
    offsets[slot] = to;
  }

  /** Removes the entry at an offset. */
  void remove(long hash, long offset) {
    int hole = slotOf(hash, candidate -> candidate == offset);
    if (hole < 0) {
      throw new IllegalStateException("no entry at offset " + offset);
    }
    int mask = offsets.length - 1;
    int slot = hole;
    while (true) {
      slot = (slot + 1) & mask;
      if (offsets[slot] == FREE) {
        break;
      }
      int home = home(hashes[slot]);
      // Only an entry whose home is not between the hole and itself may fill the hole.
      if (((slot - home) & mask) >= ((slot - hole) & mask)) {
        hashes[hole] = hashes[slot];
        offsets[hole] = offsets[slot];
        hole = slot;
      }
    }
    offsets[hole] = FREE;
    size--;
  }

  /** Shows all offsets, in no order. */
  void forEach(LongConsumer action) {
    for (long offset : offsets) {
      if (offset != FREE) {
        action.accept(offset);
      }
    }
  }

  private int slotOf(long hash, LongPredicate isMatch) {
    int mask = offsets.length - 1;
    for (int slot = home(hash); offsets[slot] != FREE; slot = (slot + 1) & mask) {
      if (hashes[slot] == hash && isMatch.test(offsets[slot])) {
        return slot;
      }
    }
    return -1;
  }

  private void insert(long hash, long offset) {
    int mask = offsets.length - 1;
    int slot = home(hash);
    while (offsets[slot] != FREE) {
      slot = (slot + 1) & mask;
    }
    hashes[slot] = hash;
    offsets[slot] = offset;
  }

  private int home(long hash) {
    return (int) hash & (offsets.length - 1);
  }

  private void grow() {
    long[] oldHashes = hashes;
    long[] oldOffsets = offsets;
    hashes = new long[2 * oldHashes.length];
    offsets = new long[2 * oldOffsets.length];
    for (int slot = 0; slot < oldOffsets.length; slot++) {
      if (oldOffsets[slot] != FREE) {
        insert(oldHashes[slot], oldOffsets[slot]);
      }
    }
  }
}
