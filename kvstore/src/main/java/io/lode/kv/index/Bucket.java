package io.lode.kv.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A cache line of an index: seven slots, and before them a tag byte for each, so that a lookup
 * compares seven entries at once. Readers need no lock: a slot is written before its tag.
 */
final class Bucket {
  static final int SLOTS = 7;
  static final int LAST_SLOT = SLOTS - 1;

  /** A slot without an entry. */
  static final long FREE = 0;

  private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

  // One lane a slot; the top byte of the word is not used.
  private static final long LANES = 0x0001_0101_0101_0101L;
  private static final long LANE_TOPS = 0x0080_8080_8080_8080L;
  private static final long LANE_REST = 0x007F_7F7F_7F7F_7F7FL;

  private Bucket() {}

  /** Finds the slots with a tag: a bit in the lane of each, for {@link #firstOf}. */
  static long matchingTags(MemorySegment memory, long at, long tag) {
    long word = (long) WORD.getAcquire(memory, at) ^ tag * LANES;
    // The top bit of each lane that is zero.
    return ~(((word & LANE_REST) + LANE_REST) | word | LANE_REST) & LANE_TOPS;
  }

  /** Returns the slot of the lowest match. */
  static int firstOf(long matches) {
    return Long.numberOfTrailingZeros(matches) >>> 3;
  }

  static long slot(MemorySegment memory, long at, int index) {
    return (long) WORD.getAcquire(memory, at + Long.BYTES + (long) index * Long.BYTES);
  }

  static void setSlot(MemorySegment memory, long at, int index, long slot) {
    WORD.setRelease(memory, at + Long.BYTES + (long) index * Long.BYTES, slot);
  }

  static long tag(MemorySegment memory, long at, int index) {
    return (long) WORD.get(memory, at) >>> (index * Byte.SIZE) & 0xFF;
  }

  static void setTag(MemorySegment memory, long at, int index, long tag) {
    int shift = index * Byte.SIZE;
    long others = (long) WORD.get(memory, at) & ~(0xFFL << shift);
    WORD.setRelease(memory, at, others | tag << shift);
  }

  static void clear(MemorySegment memory, long at, int index) {
    setSlot(memory, at, index, FREE);
    setTag(memory, at, index, 0);
  }

  /** Finds the slots with entries whose hash has a bit: a bit in the lane of each. */
  static long matchingBit(MemorySegment memory, long at, int bit) {
    long matches = 0;
    for (int index = 0; index < SLOTS; index++) {
      long slot = slot(memory, at, index);
      // The sign bit of a slot says that it is a link.
      matches |= (slot >>> bit & ~(slot >>> (Long.SIZE - 1)) & 1) << (index * Byte.SIZE + 7);
    }
    return matches;
  }

  /** Clears the slots of matches, after their tags. */
  static void clearAll(MemorySegment memory, long at, long matches) {
    long lanes = (matches >>> 7) * 0xFF;
    WORD.setRelease(memory, at, (long) WORD.get(memory, at) & ~lanes);
    for (long left = matches; left != 0; left &= left - 1) {
      setSlot(memory, at, firstOf(left), FREE);
    }
  }

  static boolean isEmpty(MemorySegment memory, long at) {
    for (int index = 0; index < SLOTS; index++) {
      if (slot(memory, at, index) != FREE) {
        return false;
      }
    }
    return true;
  }

  static boolean holds(MemorySegment memory, long at, long wanted) {
    for (int index = 0; index < LAST_SLOT; index++) {
      if (slot(memory, at, index) == wanted) {
        return true;
      }
    }
    return false;
  }

  static void copyToFree(MemorySegment from, long fromAt, MemorySegment to, long toAt) {
    int free = 0;
    for (int index = 0; index < SLOTS; index++) {
      long slot = slot(from, fromAt, index);
      if (slot > 0) {
        while (free < LAST_SLOT && slot(to, toAt, free) != FREE) {
          free++;
        }
        if (free == LAST_SLOT) {
          return;
        }
        setSlot(to, toAt, free, slot);
        setTag(to, toAt, free, tag(from, fromAt, index));
      }
    }
  }

  static void removeCopied(MemorySegment from, long fromAt, MemorySegment to, long toAt) {
    for (int index = 0; index < SLOTS; index++) {
      long slot = slot(from, fromAt, index);
      if (slot > 0 && holds(to, toAt, slot)) {
        clear(from, fromAt, index);
      }
    }
  }
}
