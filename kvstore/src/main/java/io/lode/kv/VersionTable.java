package io.lode.kv;

import io.lode.log.RecordKind;

/**
 * The newest version of each key while a pool is recovered, deleted ones included: a deletion must
 * stay until the last segment was read, or an older put read later would come back.
 */
final class VersionTable {
  private static final int MIN_CAPACITY = 64;
  private static final long FREE = 0;

  /** Tells whether two records are of the same key; asked only when their hashes are equal. */
  @FunctionalInterface
  interface SameKey {
    boolean test(long offset, long otherOffset);
  }

  /** Is shown a key that has a value. */
  @FunctionalInterface
  interface LiveVisitor {
    void visit(long hash, long offset);
  }

  private final SameKey sameKey;
  private long[] hashes = new long[MIN_CAPACITY];
  private long[] sequences = new long[MIN_CAPACITY];

  /** Offset on the device, negated for a deletion. */
  private long[] places = new long[MIN_CAPACITY];

  private int size;

  VersionTable(SameKey sameKey) {
    this.sameKey = sameKey;
  }

  void add(long hash, long sequence, long offset, RecordKind kind) {
    long place = kind == RecordKind.DELETE ? -offset : offset;
    int mask = places.length - 1;
    int slot = (int) hash & mask;
    while (places[slot] != FREE) {
      if (hashes[slot] == hash && sameKey.test(Math.abs(places[slot]), offset)) {
        if (sequence > sequences[slot]) {
          sequences[slot] = sequence;
          places[slot] = place;
        }
        return;
      }
      slot = (slot + 1) & mask;
    }
    hashes[slot] = hash;
    sequences[slot] = sequence;
    places[slot] = place;
    size++;
    if (2 * size > places.length) {
      grow();
    }
  }

  void forEachLive(LiveVisitor visitor) {
    for (int slot = 0; slot < places.length; slot++) {
      if (places[slot] > 0) {
        visitor.visit(hashes[slot], places[slot]);
      }
    }
  }

  private void grow() {
    long[] oldHashes = hashes;
    long[] oldSequences = sequences;
    long[] oldPlaces = places;
    hashes = new long[2 * oldHashes.length];
    sequences = new long[hashes.length];
    places = new long[hashes.length];
    int mask = places.length - 1;
    for (int old = 0; old < oldPlaces.length; old++) {
      if (oldPlaces[old] != FREE) {
        int slot = (int) oldHashes[old] & mask;
        while (places[slot] != FREE) {
          slot = (slot + 1) & mask;
        }
        hashes[slot] = oldHashes[old];
        sequences[slot] = oldSequences[old];
        places[slot] = oldPlaces[old];
      }
    }
  }
}
