package io.lode.kv.index;

import static io.lode.kv.index.Bucket.*;

import io.lode.pmem.Prefetch;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/**
 * Buckets, each with the overflow buckets that continue it. One thread at a time changes a chain;
 * readers follow it meanwhile.
 */
final class Chains {
  private final BucketArray buckets;
  private final OverflowBuckets overflow;

  Chains(BucketArray buckets, OverflowBuckets overflow) {
    this.buckets = buckets;
    this.overflow = overflow;
  }

  /** The memory of the bucket that a link leads to. */
  MemorySegment overflowChunk(long link) {
    return overflow.chunk((int) link);
  }

  /** Where in its memory the bucket is that a link leads to. */
  long overflowOffset(long link) {
    return overflow.offset((int) link);
  }

  int overflowCount() {
    return overflow.usedCount();
  }

  /** Prefetches a bucket. */
  void prefetch(int bucket) {
    Prefetch.line(buckets.chunk(bucket), buckets.offset(bucket));
  }

  /** Prefetches the overflow bucket of a bucket that is in the cache. */
  void prefetchOverflow(int bucket) {
    long last = slot(buckets.chunk(bucket), buckets.offset(bucket), LAST_SLOT);
    if (last < 0) {
      Prefetch.line(overflowChunk(last), overflowOffset(last));
    }
  }

  /** Puts an entry into the first free slot; where there is none, into a new overflow bucket. */
  void insert(int bucket, long slot, long tag) {
    MemorySegment memory = buckets.chunk(bucket);
    long at = buckets.offset(bucket);
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
      memory = overflowChunk(last);
      at = overflowOffset(last);
    }
  }

  /** Moves the last entry of a full bucket to an overflow bucket and links that. */
  private long link(MemorySegment memory, long at, long last) {
    int number = overflow.take();
    MemorySegment target = overflow.chunk(number);
    long targetAt = overflow.offset(number);
    setSlot(target, targetAt, 0, last);
    setTag(target, targetAt, 0, tag(memory, at, LAST_SLOT));
    long link = Long.MIN_VALUE | number;
    setSlot(memory, at, LAST_SLOT, link);
    setTag(memory, at, LAST_SLOT, 0);
    return link;
  }

  /**
   * Replaces the content of a slot.
   *
   * @throws IllegalStateException if no slot of the chain has the wanted content
   */
  void replace(int bucket, long wanted, long replacement) {
    if (!replaceIfThere(bucket, wanted, replacement)) {
      throw new IllegalStateException("no entry of address " + Slots.addressOf(wanted));
    }
  }

  /** Whether a slot of the chain has the wanted content. */
  boolean holds(int bucket, long wanted, long tag) {
    MemorySegment memory = buckets.chunk(bucket);
    long at = buckets.offset(bucket);
    while (true) {
      for (long left = matchingTags(memory, at, tag); left != 0; left &= left - 1) {
        if (slot(memory, at, firstOf(left)) == wanted) {
          return true;
        }
      }
      long last = slot(memory, at, LAST_SLOT);
      if (last >= 0) {
        return false;
      }
      memory = overflowChunk(last);
      at = overflowOffset(last);
    }
  }

  /** Replaces the content of a slot; false if no slot of the chain has the wanted content. */
  boolean replaceIfThere(int bucket, long wanted, long replacement) {
    MemorySegment memory = buckets.chunk(bucket);
    long at = buckets.offset(bucket);
    while (true) {
      for (int index = 0; index < SLOTS; index++) {
        if (slot(memory, at, index) == wanted) {
          setSlot(memory, at, index, replacement);
          if (replacement == FREE) {
            setTag(memory, at, index, 0);
          }
          return true;
        }
      }
      long last = slot(memory, at, LAST_SLOT);
      if (last >= 0) {
        return false;
      }
      memory = overflowChunk(last);
      at = overflowOffset(last);
    }
  }

  /** Shows the slots of all entries. */
  void forEach(int bucket, LongConsumer action) {
    MemorySegment memory = buckets.chunk(bucket);
    long at = buckets.offset(bucket);
    while (true) {
      for (int index = 0; index < SLOTS; index++) {
        long slot = slot(memory, at, index);
        if (slot > 0) {
          action.accept(slot);
        }
      }
      long last = slot(memory, at, LAST_SLOT);
      if (last >= 0) {
        return;
      }
      memory = overflowChunk(last);
      at = overflowOffset(last);
    }
  }

  /** Copies the entries whose hash has a bit to an empty bucket that nobody reads yet. */
  void copy(int from, int to, int bit) {
    MemorySegment memory = buckets.chunk(from);
    long at = buckets.offset(from);
    MemorySegment target = buckets.chunk(to);
    long targetAt = buckets.offset(to);
    int free = 0;
    while (true) {
      for (long left = matchingBit(memory, at, bit); left != 0; left &= left - 1) {
        int index = firstOf(left);
        long slot = slot(memory, at, index);
        long tag = tag(memory, at, index);
        if (free < SLOTS) {
          setSlot(target, targetAt, free, slot);
          setTag(target, targetAt, free, tag);
          free++;
        } else {
          insert(to, slot, tag);
        }
      }
      long last = slot(memory, at, LAST_SLOT);
      if (last >= 0) {
        return;
      }
      memory = overflowChunk(last);
      at = overflowOffset(last);
    }
  }

  /** Removes the entries whose hash has a bit. */
  void remove(int bucket, int bit) {
    MemorySegment memory = buckets.chunk(bucket);
    long at = buckets.offset(bucket);
    while (true) {
      long matches = matchingBit(memory, at, bit);
      if (matches != 0) {
        clearAll(memory, at, matches);
      }
      long last = slot(memory, at, LAST_SLOT);
      if (last >= 0) {
        return;
      }
      memory = overflowChunk(last);
      at = overflowOffset(last);
    }
  }

  /**
   * Moves the entries of overflow buckets to free slots earlier in the chain, and gives back the
   * buckets that this empties.
   */
  void compact(int bucket, Stripe stripe) {
    MemorySegment memory = buckets.chunk(bucket);
    long at = buckets.offset(bucket);
    long next = slot(memory, at, LAST_SLOT);
    while (next < 0) {
      int number = (int) next;
      MemorySegment from = overflow.chunk(number);
      long fromAt = overflow.offset(number);
      copyToFree(from, fromAt, memory, at);
      stripe.compacted();
      removeCopied(from, fromAt, memory, at);
      next = slot(from, fromAt, LAST_SLOT);
      if (next >= 0 && isEmpty(from, fromAt)) {
        setSlot(memory, at, LAST_SLOT, FREE);
        overflow.give(number);
      }
      memory = from;
      at = fromAt;
    }
  }
}
