package io.lode.kv.index;

/** What an entry's slot says: where its record is, and some bits of its key's hash. */
final class Slots {
  /** The low bits of a hash that every bucket number has, so that no slot needs them. */
  static final int LOW_BITS = 8;

  private static final int HASH_BITS = 22;
  private static final long HASH_MASK = (1L << HASH_BITS) - 1;
  private static final int OFFSET_UNIT_SHIFT = 3;
  private static final long OFFSET_UNIT_MASK = (1L << OFFSET_UNIT_SHIFT) - 1;
  private static final int TAG_SHIFT = 56;

  private Slots() {}

  static long slotOf(long hash, long offset) {
    if (offset <= 0 || offset >= HashIndex.OFFSET_LIMIT || (offset & OFFSET_UNIT_MASK) != 0) {
      throw new IllegalArgumentException("no record can be at offset " + offset);
    }
    return offset >>> OFFSET_UNIT_SHIFT << HASH_BITS | hashBitsOf(hash);
  }

  static long offsetOf(long slot) {
    return slot >>> HASH_BITS << OFFSET_UNIT_SHIFT;
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
