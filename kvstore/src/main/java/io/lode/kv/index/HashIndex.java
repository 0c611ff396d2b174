package io.lode.kv.index;

import static io.lode.kv.index.Bucket.*;
import static io.lode.kv.index.Slots.*;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Where the live record of each key is: from the 64-bit hash of a key to the record's address. A
 * lookup costs one cache line of the index and one of the record, in nearly all cases.
 *
 * <p>Linear hashing (Litwin, VLDB 1980): buckets of one cache line are split one at a time, in
 * their order, as entries are added, so no insertion waits for a table to be copied. A bucket that
 * is full continues in an overflow bucket until its turn to be split comes. The index is cut into
 * {@link #STRIPES} stripes by the low bits of the hash, each of which grows on its own; their
 * buckets alternate in one array.
 *
 * <pre>
 *   bucket   tags of slots 0..6, a byte each, from the low end; slot 0; slot 1; ... slot 6
 *   slot     0: free
 *            above 0: address / 8 in bits 22..62, bits 8..29 of the hash in bits 0..21
 *            below 0, only slot 6: the number of the overflow bucket in bits 0..31
 * </pre>
 *
 * The bits of the hash in a slot are those that later splits ask for, so a split reads no record.
 *
 * <p>A change is shown at once and reaches its bucket later, with the entry that it replaces: both
 * are fetched from memory meanwhile. See {@link Staging}.
 *
 * <p><b>Threads.</b> Any number of threads may {@link #find} while others change the index, one at
 * a time in each stripe: the caller holds a lock for {@link #stripeOf} the hash. A bucket is never
 * rearranged: an entry stays in its slot until it is removed or its bucket is split, and a split
 * publishes the copies before it removes the entries and changes what a reader that misses looks at
 * again.
 */
public final class HashIndex {
  /** Above the highest address that an entry can hold. */
  public static final long ADDRESS_LIMIT = 1L << 44;

  /** How many stripes there are, each with one thread at a time that changes it. */
  public static final int STRIPES = 64;

  /** How many low bits of a hash are its stripe. */
  public static final int STRIPE_BITS = 6;

  private static final int STRIPE_MASK = STRIPES - 1;

  /** Buckets of a new stripe. */
  private static final int LEAST_BUCKETS = 4;

  /** Buckets of the largest stripe. */
  private static final int MOST_BUCKETS = 1 << (30 - STRIPE_BITS);

  /**
   * Entries per four buckets above which another one is split: 19 of 28. A fuller index has more
   * overflow buckets, each a cache line more to wait for; an emptier one takes more than 16 bytes
   * per key.
   */
  private static final int SPLIT_LOAD_OF_FOUR = 19;

  private final BucketArray buckets;
  private final Chains chains;
  private final IndexedRecords records;
  private final Stripe[] stripes = new Stripe[STRIPES];
  private final Staging[] staging = new Staging[STRIPES];

  /**
   * Makes an empty index.
   *
   * @param memory the source of its memory
   * @param chunkBuckets how many buckets are taken from it at a time: a power of two from 256
   * @param records the records, to compare keys with
   */
  public HashIndex(IndexMemory memory, int chunkBuckets, IndexedRecords records) {
    this.buckets = new BucketArray(memory, chunkBuckets);
    this.chains =
        new Chains(buckets, new OverflowBuckets(new BucketArray(memory, chunkBuckets / 4)));
    this.records = records;
    buckets.reserve(STRIPES * LEAST_BUCKETS - 1);
    Arrays.setAll(stripes, _ -> new Stripe(LEAST_BUCKETS));
    Arrays.setAll(staging, _ -> new Staging());
  }

  /**
   * Returns the stripe of a hash.
   *
   * @param hash a key's
   * @return from 0, below {@link #STRIPES}
   */
  public static int stripeOf(long hash) {
    return (int) hash & STRIPE_MASK;
  }

  /**
   * Returns how many low bits of a hash, at least, select its bucket in a stripe with this many
   * entries. Entries that agree in fewer may still be of different buckets.
   *
   * @param entries how many there are in the stripe
   * @return the bits, those of the stripe among them
   */
  public static int bucketBits(long entries) {
    return STRIPE_BITS + log2(bucketsFor(entries));
  }

  private static int bucketsFor(long entries) {
    return Math.clamp(4 * entries / SPLIT_LOAD_OF_FOUR + 1, LEAST_BUCKETS, MOST_BUCKETS);
  }

  /**
   * Gives an empty stripe the size for entries and counts them.
   *
   * @param stripe from 0, below {@link #STRIPES}
   * @param entries how many are going to be {@linkplain #load loaded}
   */
  public void reserve(int stripe, long entries) {
    int count = bucketsFor(entries);
    buckets.reserve(count * STRIPES - 1);
    stripes[stripe].reserve(count, entries);
  }

  /**
   * Adds an entry for which there is {@linkplain #reserve room}. Several threads may, if the {@link
   * #bucketBits} of what they add differ.
   *
   * @param hash the key's, which has no entry
   * @param address the record's, as for {@link #put}
   */
  public void load(long hash, long address) {
    int count = stripes[stripeOf(hash)].bucketCount();
    chains.insert(bucketOf(hash, count), slotOf(hash, address), tagOf(hash));
  }

  /**
   * Returns the number of entries in buckets. Exact if nobody changes the index meanwhile.
   *
   * @return the count
   */
  public long size() {
    long sum = 0;
    for (Stripe stripe : stripes) {
      sum += stripe.size();
    }
    return sum;
  }

  /**
   * Returns the memory of all buckets in use.
   *
   * @return bytes; memory is allocated in larger pieces
   */
  public long usedBytes() {
    long sum = chains.overflowCount();
    for (Stripe stripe : stripes) {
      sum += stripe.bucketCount();
    }
    return sum * BucketArray.BUCKET_BYTES;
  }

  /**
   * Finds the record of a key.
   *
   * @param hash the key's
   * @param key the key
   * @return the record's address, or 0 if there is none
   */
  public long find(long hash, byte[] key) {
    int number = stripeOf(hash);
    long staged = findStaged(staging[number], hash, key);
    return staged != FREE ? staged : findInBuckets(stripes[number], hash, key);
  }

  private long findStaged(Staging staged, long hash, byte[] key) {
    long newest = staged.newest();
    if (isOf(newest, hash, key)) {
      return addressOf(newest);
    }
    long older = staged.older();
    return isOf(older, hash, key) ? addressOf(older) : FREE;
  }

  private boolean isOf(long slot, long hash, byte[] key) {
    return isOfHash(slot, hash) && records.matches(addressOf(slot), key);
  }

  private long findInBuckets(Stripe stripe, long hash, byte[] key) {
    while (true) {
      long before = stripe.state();
      long address = findIn(bucketOf(hash, Stripe.bucketCount(before)), hash, key);
      // An entry that was not found may have been moved by a split meanwhile.
      if (address != FREE || stripe.state() == before) {
        return address;
      }
    }
  }

  /**
   * Prefetches the bucket of a hash.
   *
   * @param hash a key's
   */
  public void prefetch(long hash) {
    chains.prefetch(bucketOf(hash, stripes[stripeOf(hash)].bucketCount()));
  }

  /**
   * Guesses where the record of a key is, without reading it.
   *
   * @param hash the key's
   * @return the address of a record whose key has nearly the same hash, 0 if none is seen at once
   */
  public long candidate(long hash) {
    int bucket = bucketOf(hash, stripes[stripeOf(hash)].bucketCount());
    MemorySegment memory = buckets.chunk(bucket);
    long at = buckets.offset(bucket);
    long matches = matchingTags(memory, at, tagOf(hash));
    if (matches == 0) {
      return FREE;
    }
    long slot = slot(memory, at, firstOf(matches));
    return isOfHash(slot, hash) ? addressOf(slot) : FREE;
  }

  private long findIn(int bucket, long hash, byte[] key) {
    MemorySegment memory = buckets.chunk(bucket);
    long at = buckets.offset(bucket);
    long tag = tagOf(hash);
    while (true) {
      long matches = matchingTags(memory, at, tag);
      while (matches != 0) {
        long slot = slot(memory, at, firstOf(matches));
        if (isOf(slot, hash, key)) {
          return addressOf(slot);
        }
        matches &= matches - 1;
      }
      long last = slot(memory, at, LAST_SLOT);
      if (last >= 0) {
        return FREE;
      }
      memory = chains.overflowChunk(last);
      at = chains.overflowOffset(last);
    }
  }

  /**
   * Tells whether the entry of a key leads to a record; no record is read for it.
   *
   * @param hash the key's
   * @param address the record's
   * @return false if none does, or the last did a moment ago; true also if a later record of the
   *     key is staged
   */
  public boolean holds(long hash, long address) {
    int number = stripeOf(hash);
    long slot = slotOf(hash, address);
    Staging staged = staging[number];
    if (staged.newest() == slot || staged.older() == slot) {
      return true;
    }
    Stripe stripe = stripes[number];
    while (true) {
      long before = stripe.state();
      if (chains.holds(bucketOf(hash, Stripe.bucketCount(before)), slot, tagOf(hash))) {
        return true;
      }
      if (stripe.state() == before) {
        return false;
      }
    }
  }

  /**
   * Sets the address of a key's record if the key's entry still leads to where it was.
   *
   * @param hash the key's
   * @param from where the record was
   * @param to where the same record is now, as for {@link #put}
   * @return false if nothing leads to where it was
   */
  public boolean move(long hash, long from, long to) {
    int number = stripeOf(hash);
    drain(number);
    int bucket = bucketOf(hash, stripes[number].bucketCount());
    return chains.replaceIfThere(bucket, slotOf(hash, from), slotOf(hash, to));
  }

  /**
   * Makes a key's new address visible. The entry is staged, so the caller does not wait for its
   * bucket; it moves there two writes later, when the bucket has been prefetched. Each stripe
   * stages at most two entries.
   *
   * @param hash the key's
   * @param key the key, copied
   * @param address the record's, as for {@link #put}
   */
  public void stage(long hash, byte[] key, long address) {
    int number = stripeOf(hash);
    Staging staged = staging[number];
    long slot = slotOf(hash, address);
    prefetch(hash);
    putOlder(stripes[number], staged);
    staged.add(hash, key, slot);
    if (staged.older() != FREE) {
      chains.prefetchOverflow(bucketOf(staged.olderHash(), stripes[number].bucketCount()));
      records.prefetch(candidate(staged.olderHash()));
    }
  }

  /**
   * Moves all staged entries of a stripe to their buckets.
   *
   * @param stripe from 0, below {@link #STRIPES}
   */
  public void drain(int stripe) {
    Staging staged = staging[stripe];
    while ((staged.newest() | staged.older()) != FREE) {
      putOlder(stripes[stripe], staged);
      staged.age();
    }
  }

  private void putOlder(Stripe stripe, Staging staged) {
    long older = staged.older();
    if (older != FREE) {
      put(stripe, staged.olderHash(), staged.olderKey(), older);
    }
  }

  /**
   * Sets the address of a key's record, whether it had one or not.
   *
   * @param hash the key's
   * @param key the key
   * @param address the record's: a multiple of 8, above 0, below {@link #ADDRESS_LIMIT}
   */
  public void put(long hash, byte[] key, long address) {
    int number = stripeOf(hash);
    drain(number);
    put(stripes[number], hash, key, slotOf(hash, address));
  }

  private void put(Stripe stripe, long hash, byte[] key, long slot) {
    int bucket = bucketOf(hash, stripe.bucketCount());
    long old = findIn(bucket, hash, key);
    if (old == FREE) {
      add(stripe, hash, slot);
    } else {
      chains.replace(bucket, slotOf(hash, old), slot);
      records.replaced(hash, old);
    }
  }

  /**
   * Adds an entry of a key that has none.
   *
   * @param hash the key's
   * @param address the record's, as for {@link #put}
   */
  public void add(long hash, long address) {
    add(stripes[stripeOf(hash)], hash, slotOf(hash, address));
  }

  private void add(Stripe stripe, long hash, long slot) {
    int count = stripe.bucketCount();
    chains.insert(bucketOf(hash, count), slot, tagOf(hash));
    stripe.grow(1);
    if (4 * stripe.size() > (long) count * SPLIT_LOAD_OF_FOUR && count < MOST_BUCKETS) {
      split(stripeOf(hash), stripe);
    }
  }

  /**
   * Removes the entry of a key.
   *
   * @param hash the key's
   * @param key the key
   * @return false if it has none
   */
  public boolean remove(long hash, byte[] key) {
    int number = stripeOf(hash);
    drain(number);
    Stripe stripe = stripes[number];
    int bucket = bucketOf(hash, stripe.bucketCount());
    long old = findIn(bucket, hash, key);
    if (old == FREE) {
      return false;
    }
    chains.replace(bucket, slotOf(hash, old), FREE);
    stripe.grow(-1);
    records.replaced(hash, old);
    return true;
  }

  /**
   * Returns into how many groups the entries of a stripe can be divided so that each has about a
   * bucket's. An entry stays in its group while the stripe grows.
   *
   * @param stripe from 0, below {@link #STRIPES}
   * @return the binary logarithm of the number of groups: of a hash, as many bits above those of
   *     the stripe are the number of its group
   */
  public int groupBits(int stripe) {
    return log2(stripes[stripe].bucketCount());
  }

  /**
   * Shows the addresses in buckets of a group, in no order. Nobody may change the stripe meanwhile.
   *
   * @param stripe from 0, below {@link #STRIPES}
   * @param groupBits what {@link #groupBits} was for the stripe at some time, or 0
   * @param group from 0
   * @param action is given each
   */
  public void forEach(int stripe, int groupBits, int group, LongConsumer action) {
    int count = stripes[stripe].bucketCount();
    for (int local = group; local < count; local += 1 << groupBits) {
      chains.forEach(local << STRIPE_BITS | stripe, slot -> action.accept(addressOf(slot)));
    }
  }

  private void split(int number, Stripe stripe) {
    int count = stripe.bucketCount();
    int old = splitting(number, count);
    int added = count << STRIPE_BITS | number;
    int bit = log2(count) + STRIPE_BITS - Slots.LOW_BITS;
    buckets.reserve(added);
    chains.copy(old, added, bit);
    stripe.splitDone();
    chains.remove(old, bit);
    chains.compact(old, stripe);
    prefetchSplits(number, count + 1);
  }

  /** Prefetches the buckets that the next splits of a stripe read and write. */
  private void prefetchSplits(int number, int count) {
    chains.prefetchOverflow(splitting(number, count));
    chains.prefetch(splitting(number, count + 1));
    int added = (count + 1) << STRIPE_BITS | number;
    if (buckets.has(added)) {
      chains.prefetch(added);
    }
  }

  /** Returns the number of the bucket that is split when a stripe has this many. */
  private static int splitting(int stripe, int count) {
    return (count - (1 << log2(count))) << STRIPE_BITS | stripe;
  }

  private static int log2(int count) {
    return 31 - Integer.numberOfLeadingZeros(count);
  }

  /**
   * Returns the number of a hash's bucket: as many of its low bits as select an existing bucket.
   */
  private static int bucketOf(long hash, int count) {
    int level = log2(count);
    int local = (int) (hash >>> STRIPE_BITS);
    int wide = local & ((2 << level) - 1);
    return (wide < count ? wide : wide & ((1 << level) - 1)) << STRIPE_BITS | stripeOf(hash);
  }
}
