package io.lode.kv;

import io.lode.journal.RecordKind;
import io.lode.kv.index.HashIndex;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The versions of the keys of one partition, reduced to the newest of each key. Deletions are kept
 * until all versions were seen: otherwise an older put, read later, would come back. A partition is
 * small enough for a CPU's cache, which is why there are many.
 */
final class Versions {
  /** The words of a version: the key's hash. */
  static final int HASH = 0;

  /** Its number. */
  static final int SEQUENCE = 1;

  /** Its address and its space, see {@link #place}. */
  static final int PLACE = 2;

  /** How many words it has. */
  static final int WORDS = 3;

  /** The lower half of a hash selects its bucket, and so this partition. */
  private static final int UNUSED_BITS = 32;

  /** Tells whether two records are of the same key; asked only when their hashes are equal. */
  @FunctionalInterface
  interface SameKey {
    boolean test(long address, long otherAddress);
  }

  private long[] words = {};

  /** A hash table of versions, counted from 1. */
  private int[] slots = {};

  private int count;

  /** Forgets all and keeps the memory. */
  void clear() {
    count = 0;
  }

  /** Space that does not fit a word is told by the record itself. */
  private static final long MOST_SPACE = (1L << 22) - 1;

  private static final int SPACE_SHIFT = 41;
  private static final int UNIT_SHIFT = 3;

  /**
   * Returns a word that holds a record's address and its space, both in units of 8 bytes, negated
   * if the record is a deletion.
   */
  static long place(long address, long spaceBytes, RecordKind kind) {
    long space = spaceBytes >>> UNIT_SHIFT;
    long word = (space > MOST_SPACE ? 0 : space) << SPACE_SHIFT | address >>> UNIT_SHIFT;
    return kind.removes() ? -word : word;
  }

  /** Returns the address in a word. */
  static long addressIn(long place) {
    return (Math.abs(place) & (1L << SPACE_SHIFT) - 1) << UNIT_SHIFT;
  }

  /** Returns the space in a word, 0 if it was too large. */
  static long spaceIn(long place) {
    return Math.abs(place) >>> SPACE_SHIFT << UNIT_SHIFT;
  }

  /** Adds versions that follow each other in an array. */
  void addAll(long[] from, int at, int versions) {
    int end = WORDS * (count + versions);
    if (end > words.length) {
      words = Arrays.copyOf(words, 2 * end);
    }
    System.arraycopy(from, at, words, WORDS * count, WORDS * versions);
    count += versions;
  }

  int count() {
    return count;
  }

  /** Copies versions to where they follow each other in an array. */
  void copyTo(int first, long[] to, int at, int versions) {
    System.arraycopy(words, WORDS * first, to, at, WORDS * versions);
  }

  /** Drops all but the newest version of each key, and deletions. */
  void keepNewest(SameKey sameKey) {
    int kept = 0;
    int wanted = Math.max(4, Integer.highestOneBit(Math.max(1, count)) * 4);
    if (slots.length == wanted) {
      Arrays.fill(slots, 0);
    } else {
      slots = new int[wanted];
    }
    for (int i = 0; i < count; i++) {
      if (!replaces(i, sameKey, kept)) {
        move(i, kept);
        kept++;
      }
    }
    count = 0;
    for (int i = 0; i < kept; i++) {
      if (words[WORDS * i + PLACE] > 0) {
        move(i, count);
        count++;
      }
    }
  }

  /** Whether the version was of a key that was seen already; if not a slot is taken for it. */
  private boolean replaces(int version, SameKey sameKey, int next) {
    long hash = words[WORDS * version + HASH];
    int mask = slots.length - 1;
    int slot = (int) (hash >>> UNUSED_BITS) & mask;
    while (slots[slot] != 0) {
      int seen = slots[slot] - 1;
      if (words[WORDS * seen + HASH] == hash && sameKey.test(addressOf(seen), addressOf(version))) {
        if (words[WORDS * version + SEQUENCE] > words[WORDS * seen + SEQUENCE]) {
          move(version, seen);
        }
        return true;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = next + 1;
    return false;
  }

  private long addressOf(int version) {
    return addressIn(words[WORDS * version + PLACE]);
  }

  /** Returns the place of a version that is left. */
  long place(int version) {
    return words[WORDS * version + PLACE];
  }

  private void move(int from, int to) {
    System.arraycopy(words, WORDS * from, words, WORDS * to, WORDS);
  }

  /** Adds how many are left in each stripe of an index. */
  void count(AtomicLongArray stripes) {
    int[] counts = new int[HashIndex.STRIPES];
    for (int i = 0; i < count; i++) {
      counts[HashIndex.stripeOf(words[WORDS * i + HASH])]++;
    }
    for (int stripe = 0; stripe < counts.length; stripe++) {
      if (counts[stripe] > 0) {
        stripes.addAndGet(stripe, counts[stripe]);
      }
    }
  }
}
