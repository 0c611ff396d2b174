package io.lode.kv;

import io.lode.kv.index.HashIndex;
import io.lode.log.SegmentScan;
import io.lode.log.SegmentScanner;
import io.lode.log.Summary;
import io.lode.pool.Pool;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Fills an index with the newest version of each key. Entries are first spread over ranges of
 * hashes, each of which then fits a CPU's cache and touches few buckets: a table of all keys would
 * miss the cache, and the TLB, for every one of them.
 *
 * <p>A pass takes some of the index's stripes, so that what it needs besides the index is the same
 * memory in each pass, and bounded; it reads all summaries again, which are a tenth of what it
 * would otherwise write and read. The ranges of a pass are filled by several threads, each stripe
 * by one.
 */
final class IndexBuilder {
  /** Entries wanted in a range: about 100 KiB. Below twice as many spreading is not worth it. */
  private static final int RANGE_ENTRIES = 4096;

  private static final int MOST_RANGES = 1 << 14;

  /** Entries wanted in a pass: about 64 MiB, with the tables of the ranges. */
  private static final int PASS_ENTRIES = 1 << 21;

  private final Pool pool;
  private final Workers workers;
  private final Supplier<SegmentScanner> scanners;
  private final Versions.SameKey sameKey;
  private final int ranges;
  private final int passes;
  private final Versions[][] spread;

  /**
   * Prepares.
   *
   * @param scanners gives each thread its own
   * @param entries how many versions there are at most
   */
  IndexBuilder(
      Pool pool,
      Workers workers,
      Supplier<SegmentScanner> scanners,
      Versions.SameKey sameKey,
      long entries) {
    this(pool, workers, scanners, sameKey, entries, RANGE_ENTRIES, PASS_ENTRIES);
  }

  /** Prepares, for ranges and passes of other sizes. */
  IndexBuilder(
      Pool pool,
      Workers workers,
      Supplier<SegmentScanner> scanners,
      Versions.SameKey sameKey,
      long entries,
      int rangeEntries,
      int passEntries) {
    this.pool = pool;
    this.workers = workers;
    this.scanners = scanners;
    this.sameKey = sameKey;
    boolean small = entries < 2L * rangeEntries;
    this.ranges = small ? 1 : powerOfTwo(entries / rangeEntries, HashIndex.STRIPES, MOST_RANGES);
    this.passes = small ? 1 : powerOfTwo(entries / passEntries, 1, HashIndex.STRIPES);
    int expected = (int) Math.min(entries / ranges * 5 / 4, 1 << 20);
    this.spread = new Versions[small ? 1 : workers.count()][ranges / passes];
    for (int worker = 0; worker < spread.length; worker++) {
      // The first one takes over what the others found.
      int own = worker == 0 ? expected : expected / spread.length;
      Arrays.setAll(spread[worker], _ -> new Versions(own));
    }
  }

  private static int powerOfTwo(long wanted, int least, int most) {
    return Math.clamp(Long.highestOneBit(wanted), least, most);
  }

  /** Fills an empty index. */
  void fill(HashIndex index, List<SegmentScan> scans) {
    int width = Math.min(ranges, HashIndex.STRIPES) / passes;
    for (int pass = 0; pass < passes; pass++) {
      int first = pass * width;
      var next = new AtomicInteger();
      workers.run(
          spread.length,
          worker -> {
            SegmentScanner scanner = scanners.get();
            for (int i = next.getAndIncrement(); i < scans.size(); i = next.getAndIncrement()) {
              spread(scans.get(i), scanner, first, width, spread[worker]);
            }
          });
      workers.run(width, number -> build(number, width, first + number, index));
    }
  }

  /** Spreads the records of some stripes: range after range of the first stripe, then the next. */
  private void spread(
      SegmentScan scan, SegmentScanner scanner, int first, int width, Versions[] own) {
    Summary records = scanner.records(scan);
    int count = records.count();
    long base = pool.segmentOffset(scan.segmentIndex());
    int mask = Math.min(ranges, HashIndex.STRIPES) - 1;
    int perStripe = own.length / width;
    for (int i = 0; i < count; i++) {
      long hash = records.hash(i);
      int number = ((int) hash & mask) - first;
      if (number >= 0 && number < width) {
        int range = number * perStripe + ((int) hash & (ranges - 1)) / HashIndex.STRIPES;
        own[range].add(hash, records.sequence(i), base + records.position(i), records.kind(i));
      }
    }
  }

  /** Brings together what the workers found of a stripe, and adds what lives. */
  private void build(int number, int width, int stripe, HashIndex index) {
    int perStripe = spread[0].length / width;
    long live = 0;
    for (int range = number * perStripe; range < (number + 1) * perStripe; range++) {
      Versions all = spread[0][range];
      for (int worker = 1; worker < spread.length; worker++) {
        all.addAll(spread[worker][range]);
        spread[worker][range].clear();
      }
      live += all.keepNewest(sameKey, Integer.numberOfTrailingZeros(ranges));
    }
    if (ranges > 1) {
      index.expect(stripe, live);
    }
    for (int range = number * perStripe; range < (number + 1) * perStripe; range++) {
      spread[0][range].addTo(index);
      spread[0][range].clear();
    }
  }
}
