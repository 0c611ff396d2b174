package io.lode.bench.locality;

/** Which block of a thread's own part of an area comes next. */
final class Walk {
  private final long begin;
  private final long blockBytes;
  private final long blocks;
  private final boolean isRandom;
  private long next;
  private long random;

  /**
   * Begins a walk.
   *
   * @param begin where the part begins
   * @param partBytes how large it is
   * @param blockBytes how large a block is, at most the part
   * @param isRandom whether blocks come at random, or one after the other
   * @param seed of the random ones
   */
  Walk(long begin, long partBytes, long blockBytes, boolean isRandom, long seed) {
    this.begin = begin;
    this.blockBytes = blockBytes;
    this.blocks = Math.max(1, partBytes / blockBytes);
    this.isRandom = isRandom;
    this.random = (seed * 0x9E3779B97F4A7C15L) | 1;
    // Who comes second does not find in the caches what the one before has left there.
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
