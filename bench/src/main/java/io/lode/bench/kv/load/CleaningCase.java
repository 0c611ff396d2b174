package io.lode.bench.kv.load;

import io.lode.bench.kv.store.Sizing;
import io.lode.journal.JournalFormat;
import io.lode.pool.PoolFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * How full a store is while its entries are overwritten, and which of them are.
 *
 * @param fill live record bytes of Lode over what its segments have for records, 0 to 1; other
 *     stores have as many entries within as many bytes
 * @param isSkewed whether keys are drawn by zipf 0.99, not uniformly
 * @param isReclaiming false for Lode in a pool so large that nothing is cleaned
 */
public record CleaningCase(double fill, boolean isSkewed, boolean isReclaiming) {
  /**
   * Above the pool's size: as much as is written, with what records take beside keys and values.
   */
  private static final int LARGE_POOLS = 20;

  /** A segment for so many parts of the limit, as in pools of some GiB, */
  private static final int SEGMENTS = 256;

  /** but not below this, or headers would take more than records. */
  private static final long LEAST_SEGMENT_BYTES = 64 << 10;

  /** Returns the cases of a store; without cleaning only Lode has some. */
  public static List<CleaningCase> all(boolean isReclaiming) {
    return Stream.of(0.5, 0.7, 0.8, 0.9)
        .flatMap(fill ->
            Stream.of(false, true).map(isSkewed -> new CleaningCase(fill, isSkewed, isReclaiming)))
        .toList();
  }

  /** Returns the same updates in a pool so large that nothing is cleaned. */
  public CleaningCase withoutCleaning() {
    return new CleaningCase(fill, isSkewed, false);
  }

  /** Returns how keys are drawn. */
  public String distribution() {
    return isSkewed ? "zipf 0.99" : "uniform";
  }

  /** Returns how many entries fill so much of a pool of that size. */
  int entries(Profile profile, long limitBytes) {
    long record = JournalFormat.recordBytes(profile.keyBytes(), profile.valueBytes());
    // Written alone it begins a line, moved with others it is only aligned to words.
    double space = (JournalFormat.groupBytes(record) + (record + 7) / 8 * 8) / 2.0;
    long segment = segmentBytes(limitBytes);
    long capacity = (limitBytes / segment - 1) * (segment - PoolFormat.BODY_OFFSET);
    return (int) (fill * capacity / space);
  }

  /** Returns the size for which a store is made. */
  Sizing sizing(Plan plan) {
    long limit = plan.effort().cleaningBytes();
    Profile profile = plan.profile();
    return new Sizing(
        entries(profile, limit),
        profile.keyBytes(),
        profile.valueBytes(),
        0,
        plan.fenceDelayNanos(),
        isReclaiming ? limit : mostBytes(limit),
        segmentBytes(limit));
  }

  /** Returns the size of a pool that is not cleaned. */
  public static long mostBytes(long limitBytes) {
    return LARGE_POOLS * limitBytes;
  }

  /** Returns the size of a pool's segments. */
  static long segmentBytes(long limitBytes) {
    return Math.max(LEAST_SEGMENT_BYTES, limitBytes / SEGMENTS);
  }
}
