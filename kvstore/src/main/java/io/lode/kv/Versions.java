package io.lode.kv;

import io.lode.kv.index.HashIndex;
import io.lode.log.RecordKind;
import java.util.Arrays;

/**
 * Versions of the keys of one range of hashes, of which the newest of each key is kept: deletions
 * too until all were seen, or an older put read later would come back. Small enough to stay in a
 * CPU's cache, which is why there are many ranges.
 */
final class Versions {
  private static final int PREFETCH_DISTANCE = 8;

  /** Tells whether two records are of the same key; asked only when their hashes are equal. */
  @FunctionalInterface
  interface SameKey {
    boolean test(long offset, long otherOffset);
  }

  private long[] hashes;
  private long[] sequences;

  /** Offset on the device, negated for a deletion. */
  private long[] places;

  /** A hash table of places in the arrays, counted from 1. */
  private int[] slots = {};

  private int count;

  /**
   * Makes room.
   *
   * @param expected how many versions come, about
   */
  Versions(int expected) {
    int capacity = Math.max(16, expected);
    hashes = new long[capacity];
    sequences = new long[capacity];
    places = new long[capacity];
  }

  /** Forgets all and keeps the memory. */
  void clear() {
    count = 0;
  }

  void add(long hash, long sequence, long offset, RecordKind kind) {
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * count);
      sequences = Arrays.copyOf(sequences, 2 * count);
      places = Arrays.copyOf(places, 2 * count);
    }
    hashes[count] = hash;
    sequences[count] = sequence;
    places[count] = kind == RecordKind.DELETE ? -offset : offset;
    count++;
  }

  /** Takes over all versions of another. */
  void addAll(Versions others) {
    int sum = count + others.count;
    if (sum > hashes.length) {
      hashes = Arrays.copyOf(hashes, sum);
      sequences = Arrays.copyOf(sequences, sum);
      places = Arrays.copyOf(places, sum);
    }
    System.arraycopy(others.hashes, 0, hashes, count, others.count);
    System.arraycopy(others.sequences, 0, sequences, count, others.count);
    System.arraycopy(others.places, 0, places, count, others.count);
    count = sum;
  }

  /** Drops all but the newest version of each key, and deletions. Returns how many are left. */
  int keepNewest(SameKey sameKey, int hashShift) {
    int kept = 0;
    int wanted = Math.max(4, Integer.highestOneBit(Math.max(1, count)) * 4);
    if (slots.length == wanted) {
      Arrays.fill(slots, 0);
    } else {
      slots = new int[wanted];
    }
    for (int i = 0; i < count; i++) {
      if (!replaces(i, hashShift, sameKey, kept)) {
        move(i, kept);
        kept++;
      }
    }
    count = 0;
    for (int i = 0; i < kept; i++) {
      if (places[i] > 0) {
        move(i, count);
        count++;
      }
    }
    return count;
  }

  /** Whether the version was of a key that was seen already; if not a slot is taken for it. */
  private boolean replaces(int version, int hashShift, SameKey sameKey, int next) {
    long hash = hashes[version];
    int mask = slots.length - 1;
    int slot = (int) (hash >>> hashShift) & mask;
    while (slots[slot] != 0) {
      int seen = slots[slot] - 1;
      if (hashes[seen] == hash && sameKey.test(Math.abs(places[seen]), Math.abs(places[version]))) {
        if (sequences[version] > sequences[seen]) {
          move(version, seen);
        }
        return true;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = next + 1;
    return false;
  }

  private void move(int from, int to) {
    hashes[to] = hashes[from];
    sequences[to] = sequences[from];
    places[to] = places[from];
  }

  /** Adds what is left, all of it live, to an index. */
  void addTo(HashIndex index) {
    for (int i = 0; i < count; i++) {
      // Buckets of a range are so far apart that the CPU's first cache holds few of them.
      if (i + PREFETCH_DISTANCE < count) {
        index.prefetch(hashes[i + PREFETCH_DISTANCE]);
      }
      index.add(hashes[i], places[i]);
    }
  }
}
