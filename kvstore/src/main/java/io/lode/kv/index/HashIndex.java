package io.lode.kv.index;

import static io.lode.kv.index.Bucket.*;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Where the live record of each key is: from the 64-bit hash of a key to the record's offset. A
 * lookup costs one cache line of the index and one of the record, in nearly all cases.
 *
 * <p>Linear hashing (Litwin, VLDB 1980): buckets of one cache line are split one at a time, in
 * their order, as entries are added, so no insertion waits for a table to be copied. A bucket that
 * is full continues in an overflow bucket until its turn to be split comes.
 *
 * <pre>
 *   bucket   tags of slots 0..6, a byte each, from the low end; slot 0; slot 1; ... slot 6
 *   slot     0: free
 *            above 0: offset / 8 in bits 22..62, bits 8..29 of the hash in bits 0..21
 *            below 0, only slot 6: the number of the overflow bucket in bits 0..31
 * </pre>
 *
 * The bits of the hash in a slot are those that later splits ask for, so a split reads no record.
 *
 * <p><b>Threads.</b> Any number of threads may {@link #find} while one changes the index. A bucket
 * is never rearranged: an entry stays in its slot until it is removed or its bucket is split, and a
 * split publishes the copies before it removes the entries and changes what a reader that misses
 * looks at again.
 */
public final class HashIndex {
  /** Above the highest offset that an entry can hold. */
  public static final long OFFSET_LIMIT = 1L << 44;

  /** The low bits of a hash that every bucket number has: the least number of buckets. */
  private static final int LOW_BITS = 8;

  private static final int MIN_BUCKETS = 1 << LOW_BITS;
  private static final int MAX_BUCKETS = 1 << 30;
  private static final int HASH_BITS = 22;
  private static final long HASH_MASK = (1L << HASH_BITS) - 1;
  private static final int OFFSET_UNIT_SHIFT = 3;
  private static final long OFFSET_UNIT_MASK = (1L << OFFSET_UNIT_SHIFT) - 1;
  private static final int TAG_SHIFT = 56;

  /** One more compaction in {@link #state}. */
  private static final long COMPACTED = 1L << 32;

  /**
   * Entries per bucket above which another one is split: 5 of 7. Fewer cost memory, more cost
   * overflow buckets.
   */
  private static final int SPLIT_LOAD = 5;

  private final BucketArray buckets;
  private final BucketArray overflow;
  private final KeyMatch match;

  /**
   * The number of buckets in the low half. The high half counts the splits that pulled entries out
   * of overflow buckets. Whoever misses looks again when either has changed.
   */
  private volatile long state;

  private long size;
  private int overflowCount;
  private int[] freeOverflow = new int[16];
  private int freeOverflowCount;

  /**
   * Makes an empty index.
   *
   * @param memory where from
   * @param initialBuckets a power of two from 256
   * @param match compares keys
   */
  public HashIndex(IndexMemory memory, int initialBuckets, KeyMatch match) {
    this.buckets = new BucketArray(memory, initialBuckets);
    this.overflow = new BucketArray(memory, Math.max(MIN_BUCKETS, initialBuckets) / 4);
    this.match = match;
    this.state = MIN_BUCKETS;
  }

  /**
   * Returns the number of entries.
   *
   * @return the count
   */
  public long size() {
    return size;
  }

  /**
   * Returns what the entries take.
   *
   * @return bytes of all buckets in use; memory is taken in larger pieces
   */
  public long usedBytes() {
    return (bucketCount() + (long) overflowCount - freeOverflowCount) * BucketArray.BUCKET_BYTES;
  }

  private int bucketCount() {
    return (int) state;
  }

  /**
   * Finds the record of a key.
   *
   * @param hash the key's
   * @param key the key
   * @return the record's offset, or 0 if there is none
   */
  public long find(long hash, byte[] key) {
    while (true) {
      long before = state;
      long offset = findIn(bucketOf(hash, (int) before), hash, key);
      // What was not found may have been moved by a split meanwhile.
      if (offset != FREE || state == before) {
        return offset;
      }
    }
  }

  private long findIn(int bucket, long hash, byte[] key) {
    MemorySegment memory = buckets.chunk(bucket);
    long at = BucketArray.offset(bucket);
    long tag = tagOf(hash);
    long hashBits = hashBitsOf(hash);
    while (true) {
      long matches = matchingTags(memory, at, tag);
      while (matches != 0) {
        long slot = slot(memory, at, firstOf(matches));
        if (slot > 0 && (slot & HASH_MASK) == hashBits && match.test(offsetOf(slot), key)) {
          return offsetOf(slot);
        }
        matches &= matches - 1;
      }
      long last = slot(memory, at, LAST_SLOT);
      if (last >= 0) {
        return FREE;
      }
      memory = overflow.chunk((int) last);
      at = BucketArray.offset((int) last);
    }
  }

  /**
   * Adds an entry.
   *
   * @param hash the key's
   * @param offset the record's: a multiple of 8, above 0, below {@link #OFFSET_LIMIT}
   */
  public void add(long hash, long offset) {
    insert(bucketOf(hash, bucketCount()), slotOf(hash, offset), tagOf(hash));
    size++;
    int count = bucketCount();
    if (size > (long) count * SPLIT_LOAD && count < MAX_BUCKETS) {
      split(count);
    }
  }

  /**
   * Lets the entry that was at one offset be at another.
   *
   * @param hash the key's
   * @param from the offset it has
   * @param to the offset it gets
   * @throws IllegalStateException if there is no such entry
   */
  public void move(long hash, long from, long to) {
    replace(hash, from, slotOf(hash, to));
  }

  /**
   * Removes an entry.
   *
   * @param hash the key's
   * @param offset the record's
   * @throws IllegalStateException if there is no such entry
   */
  public void remove(long hash, long offset) {
    replace(hash, offset, FREE);
    size--;
  }

  private void replace(long hash, long offset, long replacement) {
    int bucket = bucketOf(hash, bucketCount());
    MemorySegment memory = buckets.chunk(bucket);
    long at = BucketArray.offset(bucket);
    long wanted = slotOf(hash, offset);
    while (true) {
      for (int index = 0; index < SLOTS; index++) {
        if (slot(memory, at, index) == wanted) {
          setSlot(memory, at, index, replacement);
          if (replacement == FREE) {
            setTag(memory, at, index, 0);
          }
          return;
        }
      }
      long last = slot(memory, at, LAST_SLOT);
      if (last >= 0) {
        throw new IllegalStateException("no entry at offset " + offset);
      }
      memory = overflow.chunk((int) last);
      at = BucketArray.offset((int) last);
    }
  }

  /**
   * Shows all offsets, in no order. Nobody may change the index meanwhile.
   *
   * @param action is given each
   */
  public void forEach(LongConsumer action) {
    for (int bucket = 0; bucket < bucketCount(); bucket++) {
      MemorySegment memory = buckets.chunk(bucket);
      long at = BucketArray.offset(bucket);
      while (true) {
        for (int index = 0; index < SLOTS; index++) {
          long slot = slot(memory, at, index);
          if (slot > 0) {
            action.accept(offsetOf(slot));
          }
        }
        long last = slot(memory, at, LAST_SLOT);
        if (last >= 0) {
          break;
        }
        memory = overflow.chunk((int) last);
        at = BucketArray.offset((int) last);
      }
    }
  }

  private void insert(int bucket, long slot, long tag) {
    // First: it may move the chunk that this writes to.
    overflow.reserve(overflowCount);
    MemorySegment memory = buckets.chunk(bucket);
    long at = BucketArray.offset(bucket);
    while (true) {
      for (int index = 0; index < SLOTS; index++) {
        if (slot(memory, at, index) == FREE) {
          setSlot(memory, at, index, slot);
          setTag(memory, at, index, tag);
          return;
        }
      }
      long last = slot(memory, at, LAST_SLOT);
      if (last >= 0) {
        last = link(memory, at, last);
      }
      memory = overflow.chunk((int) last);
      at = BucketArray.offset((int) last);
    }
  }

  /** Moves the last entry of a full bucket to an overflow bucket and links that. */
  private long link(MemorySegment memory, long at, long last) {
    int number = takeOverflow();
    MemorySegment target = overflow.chunk(number);
    long targetAt = BucketArray.offset(number);
    setSlot(target, targetAt, 0, last);
    setTag(target, targetAt, 0, tag(memory, at, LAST_SLOT));
    long link = Long.MIN_VALUE | number;
    setSlot(memory, at, LAST_SLOT, link);
    setTag(memory, at, LAST_SLOT, 0);
    return link;
  }

  private int takeOverflow() {
    if (freeOverflowCount > 0) {
      return freeOverflow[--freeOverflowCount];
    }
    return overflowCount++;
  }

  private void giveOverflow(int number) {
    if (freeOverflowCount == freeOverflow.length) {
      freeOverflow = Arrays.copyOf(freeOverflow, 2 * freeOverflowCount);
    }
    freeOverflow[freeOverflowCount++] = number;
  }

  private void split(int count) {
    int level = 31 - Integer.numberOfLeadingZeros(count);
    int old = count - (1 << level);
    int bit = level - LOW_BITS;
    buckets.reserve(count);
    copyMoving(old, count, bit);
    advance(1);
    removeMoved(old, bit);
    compact(old);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread changes the index at a time
  private void advance(long step) {
    state += step;
  }

  private void copyMoving(int from, int to, int bit) {
    MemorySegment memory = buckets.chunk(from);
    long at = BucketArray.offset(from);
    while (true) {
      for (int index = 0; index < SLOTS; index++) {
        long slot = slot(memory, at, index);
        if (slot > 0 && isMoving(slot, bit)) {
          insert(to, slot, tag(memory, at, index));
        }
      }
      long last = slot(memory, at, LAST_SLOT);
      if (last >= 0) {
        return;
      }
      memory = overflow.chunk((int) last);
      at = BucketArray.offset((int) last);
    }
  }

  private void removeMoved(int bucket, int bit) {
    MemorySegment memory = buckets.chunk(bucket);
    long at = BucketArray.offset(bucket);
    while (true) {
      for (int index = 0; index < SLOTS; index++) {
        long slot = slot(memory, at, index);
        if (slot > 0 && isMoving(slot, bit)) {
          clear(memory, at, index);
        }
      }
      long last = slot(memory, at, LAST_SLOT);
      if (last >= 0) {
        return;
      }
      memory = overflow.chunk((int) last);
      at = BucketArray.offset((int) last);
    }
  }

  /**
   * Pulls the entries of overflow buckets into what became free before them, and gives back what
   * that empties.
   */
  private void compact(int bucket) {
    MemorySegment memory = buckets.chunk(bucket);
    long at = BucketArray.offset(bucket);
    long next = slot(memory, at, LAST_SLOT);
    while (next < 0) {
      int number = (int) next;
      MemorySegment from = overflow.chunk(number);
      long fromAt = BucketArray.offset(number);
      copyToFree(from, fromAt, memory, at);
      advance(COMPACTED);
      removeCopied(from, fromAt, memory, at);
      next = slot(from, fromAt, LAST_SLOT);
      if (next >= 0 && isEmpty(from, fromAt)) {
        setSlot(memory, at, LAST_SLOT, FREE);
        giveOverflow(number);
      }
      memory = from;
      at = fromAt;
    }
  }

  private static boolean isMoving(long slot, int bit) {
    return (slot >>> bit & 1) != 0;
  }

  /** The number of a hash's bucket: of its low bits as many as name a bucket that there is. */
  private static int bucketOf(long hash, int count) {
    int level = 31 - Integer.numberOfLeadingZeros(count);
    int wide = (int) hash & ((2 << level) - 1);
    return wide < count ? wide : wide & ((1 << level) - 1);
  }

  private static long slotOf(long hash, long offset) {
    if (offset <= 0 || offset >= OFFSET_LIMIT || (offset & OFFSET_UNIT_MASK) != 0) {
      throw new IllegalArgumentException("no record can be at offset " + offset);
    }
    return offset >>> OFFSET_UNIT_SHIFT << HASH_BITS | hashBitsOf(hash);
  }

  private static long offsetOf(long slot) {
    return slot >>> HASH_BITS << OFFSET_UNIT_SHIFT;
  }

  private static long hashBitsOf(long hash) {
    return hash >>> LOW_BITS & HASH_MASK;
  }

  private static long tagOf(long hash) {
    return hash >>> TAG_SHIFT;
  }
}
