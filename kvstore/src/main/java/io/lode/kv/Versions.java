package io.lode.kv;

import io.lode.log.RecordKind;
import java.util.Arrays;

/**
 * Versions of the keys of one range of hashes, of which the newest of each key is kept: deletions
 * too until all were seen, or an older put read later would come back. Small enough to stay in a
 * CPU's cache, which is why there are many ranges.
 */
final class Versions {
  private static final int FIRST_CAPACITY = 64;

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

  private long[] hashes = new long[FIRST_CAPACITY];
  private long[] sequences = new long[FIRST_CAPACITY];

  /** Offset on the device, negated for a deletion. */
  private long[] places = new long[FIRST_CAPACITY];

  private int count;

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
    // Slots hold a place in the arrays, counted from 1.
    int[] slots = new int[Math.max(4, Integer.highestOneBit(Math.max(1, count)) * 4)];
    for (int i = 0; i < count; i++) {
      if (!replaces(i, slots, hashShift, sameKey, kept)) {
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
  private boolean replaces(int version, int[] slots, int hashShift, SameKey sameKey, int next) {
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

  /** Shows what is left, all of it live. */
  void forEach(LiveVisitor visitor) {
    for (int i = 0; i < count; i++) {
      visitor.visit(hashes[i], places[i]);
    }
  }
}
