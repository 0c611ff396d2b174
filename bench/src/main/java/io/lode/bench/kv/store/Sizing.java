package io.lode.bench.kv.store;

/**
 * The size that a store has to be made for.
 *
 * @param entries how many keys there are at most at a time
 * @param keyBytes length of each key
 * @param valueBytes length of each value
 * @param writes how many puts and deletes there are in all
 * @param fenceDelayNanos what is added to each fence, to model a slower medium; 0 for nothing
 * @param limitBytes within what the store has to use space again; 0 if it has room for all writes
 * @param segmentBytes of a pool with a limit
 */
public record Sizing(
    long entries,
    int keyBytes,
    int valueBytes,
    long writes,
    long fenceDelayNanos,
    long limitBytes,
    long segmentBytes) {
  /** A record of Lode has a header of 40 bytes and begins a cache line. */
  private static final long LODE_OVERHEAD_BYTES = 40 + 63;

  private static final long MIB = 1 << 20;

  /** Some room for what a store keeps beside the entries. */
  private static final long SPARE_BYTES = 64 * MIB;

  /** A size without a limit. */
  public Sizing(long entries, int keyBytes, int valueBytes, long writes, long fenceDelayNanos) {
    this(entries, keyBytes, valueBytes, writes, fenceDelayNanos, 0, 0);
  }

  /** Returns the most that the entries take, in bytes of keys and values. */
  public long userBytes() {
    return entries * (keyBytes + valueBytes);
  }

  /** Returns the size of a pool: the limit, or what never uses space again, in whole mebibytes. */
  public long poolBytes() {
    return limitBytes > 0 ? limitBytes : appendedBytes();
  }

  /** Returns the size of a pool that never uses space again, a multiple of a mebibyte. */
  public long appendedBytes() {
    long record = keyBytes + valueBytes + LODE_OVERHEAD_BYTES;
    // Segments end with a summary and room that the next record does not fit.
    long bytes = writes * record / 8 * 9 + 64L * record + SPARE_BYTES;
    return (bytes + MIB - 1) / MIB * MIB;
  }
}
