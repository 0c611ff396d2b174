package io.lode.bench.locality;

/** The order in which a thread visits the blocks of its own part of an area. */
final class Walk {
  private final long begin;
  private final long blockBytes;
  private final long blocks;
  private final boolean isRandom;
  private long next;
  private long random;

  /** A walk through the blocks of a part, at random or one after the other. */
  Walk(long begin, long partBytes, long blockBytes, boolean isRandom, long seed) {
    this.begin = begin;
    this.blockBytes = blockBytes;
    this.blocks = Math.max(1, partBytes / blockBytes);
    this.isRandom = isRandom;
    this.random = (seed * 0x9E3779B97F4A7C15L) | 1;
    // A walk does not begin with blocks that the one before has left in the caches.
    this.next = Math.floorMod(random >>> 8, blocks);
  }

  /** Returns the offset of the next block. */
  long next() {
    if (isRandom) {
      // Marsaglia's xorshift: a few cycles, where a division would be seen.
      long value = random;
      value ^= value << 13;
      value ^= value >>> 7;
      value ^= value << 17;
      random = value;
      return begin + Math.unsignedMultiplyHigh(value, blocks) * blockBytes;
    }
    long here = next;
    next = here + 1 == blocks ? 0 : here + 1;
    return begin + here * blockBytes;
  }
}
