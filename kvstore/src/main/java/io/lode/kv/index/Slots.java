package io.lode.kv.index;

/** What an entry's slot says: where its record is, and some bits of its key's hash. */
final class Slots {
  /** The low bits of a hash that every bucket number has, so that no slot needs them. */
  static final int LOW_BITS = 8;

  private static final int HASH_BITS = 22;
  private static final long HASH_MASK = (1L << HASH_BITS) - 1;
  private static final int ADDRESS_UNIT_SHIFT = 3;
  private static final long ADDRESS_UNIT_MASK = (1L << ADDRESS_UNIT_SHIFT) - 1;
  private static final int TAG_SHIFT = 56;

  private Slots() {}

  static long slotOf(long hash, long address) {
    if (address <= 0 || address >= HashIndex.ADDRESS_LIMIT || (address & ADDRESS_UNIT_MASK) != 0) {
      throw new IllegalArgumentException("no record can be at address " + address);
    }
    return address >>> ADDRESS_UNIT_SHIFT << HASH_BITS | hashBitsOf(hash);
  }

  static long addressOf(long slot) {
    return slot >>> HASH_BITS << ADDRESS_UNIT_SHIFT;
  }

  /** Whether a slot holds an entry with the same bits of the hash: perhaps of the same key. */
  static boolean isOfHash(long slot, long hash) {
    return slot > 0 && (slot & HASH_MASK) == hashBitsOf(hash);
  }

  private static long hashBitsOf(long hash) {
    return hash >>> LOW_BITS & HASH_MASK;
  }

  /** The byte that stands for a hash in a bucket's first word. */
  static long tagOf(long hash) {
    return hash >>> TAG_SHIFT;
  }
}
