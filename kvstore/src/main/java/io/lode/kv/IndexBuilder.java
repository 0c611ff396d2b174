package io.lode.kv;

import io.lode.kv.index.HashIndex;
import io.lode.log.SegmentScan;
import io.lode.log.SegmentScanner;
import io.lode.log.Summary;
import io.lode.pool.Pool;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

/**
 * Fills an index with the newest version of each key. Entries are first spread over ranges of
 * buckets, neighbours in memory, which fit a CPU's cache together with what belongs there: a table
 * of all keys would miss the cache, and the TLB, for every one of them.
 *
 * <p>A pass takes some of the index's stripes, so that what it needs besides the index is bounded;
 * it reads all summaries again, which are a tenth of what it would otherwise write and read. The
 * index is made for just what lives, so a pass knows first what that is.
 */
final class IndexBuilder {
  /** Entries wanted in a range: about 100 KiB. Below twice as many spreading is not worth it. */
  private static final int RANGE_ENTRIES = 4096;

  private static final int MOST_RANGES = 1 << 14;

  /** What an entry takes in a pass, about. */
  private static final int BYTES_OF_ENTRY = 25;

  /** A pass may take this part of the heap. */
  private static final int PART_OF_HEAP = 8;

  /** One thread may find them all. */
  private static final int MOST_PASS_ENTRIES = 1 << 28;

  /** Entries read from a summary at a time: in a CPU's first cache. */
  private static final int READ_ENTRIES = 512;

  private final Pool pool;
  private final Workers workers;
  private final Supplier<SegmentScanner> scanners;
  private final Versions.SameKey sameKey;
  private final int passes;
  private final int ranges;

  /** Where in a hash the number of its range is. */
  private final int rangeShift;

  /** What each worker found. */
  private final Spread[] spread;

  private final ThreadLocal<Versions> versions = ThreadLocal.withInitial(Versions::new);

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
    this(
        pool,
        workers,
        scanners,
        sameKey,
        entries,
        RANGE_ENTRIES,
        Math.min(
            Runtime.getRuntime().maxMemory() / PART_OF_HEAP / BYTES_OF_ENTRY, MOST_PASS_ENTRIES));
  }

  /** Prepares, for ranges and passes of other sizes. */
  IndexBuilder(
      Pool pool,
      Workers workers,
      Supplier<SegmentScanner> scanners,
      Versions.SameKey sameKey,
      long entries,
      int rangeEntries,
      long passEntries) {
    this.pool = pool;
    this.workers = workers;
    this.scanners = scanners;
    this.sameKey = sameKey;
    int bits = HashIndex.bucketBits(entries / HashIndex.STRIPES);
    this.passes = powerOfTwo(2 * entries / passEntries, 1, HashIndex.STRIPES);
    int neighbours = 1 << (bits - Integer.numberOfTrailingZeros(HashIndex.STRIPES));
    boolean small = entries < 2L * rangeEntries;
    this.ranges =
        small
            ? 1
            : powerOfTwo(entries / passes / rangeEntries, 1, Math.min(MOST_RANGES, neighbours));
    this.rangeShift = bits - Integer.numberOfTrailingZeros(ranges);
    this.spread = new Spread[small ? 1 : workers.count()];
    Arrays.setAll(spread, _ -> new Spread(ranges, entries));
  }

  private static int powerOfTwo(long wanted, int least, int most) {
    return Math.clamp(Long.highestOneBit(wanted), least, most);
  }

  /** Fills an empty index. */
  void fill(HashIndex index, List<SegmentScan> scans) {
    int width = HashIndex.STRIPES / passes;
    for (int first = 0; first < HashIndex.STRIPES; first += width) {
      spread(scans, first, width);
      var live = new AtomicLongArray(HashIndex.STRIPES);
      var lives = new int[ranges];
      workers.run(ranges, range -> lives[range] = keepNewest(range, live));
      int bits = rangeShift + Integer.numberOfTrailingZeros(ranges);
      for (int stripe = first; stripe < first + width; stripe++) {
        index.expect(stripe, live.get(stripe));
        bits = Math.min(bits, HashIndex.bucketBits(live.get(stripe)));
      }
      // Where less lives than there are versions, several ranges are of the same buckets.
      int apart = 1 << Math.max(0, bits - rangeShift);
      workers.run(
          apart,
          task -> {
            for (int range = task; range < ranges; range += apart) {
              add(range, lives[range], index);
            }
          });
      for (Spread worker : spread) {
        worker.clear();
      }
    }
    versions.remove();
  }

  /** Spreads the records of some stripes, each worker into ranges of its own. */
  private void spread(List<SegmentScan> scans, int first, int width) {
    var next = new AtomicInteger();
    workers.run(
        spread.length,
        worker -> {
          SegmentScanner scanner = scanners.get();
          long[] words = new long[READ_ENTRIES * Summary.WORDS];
          for (int i = next.getAndIncrement(); i < scans.size(); i = next.getAndIncrement()) {
            SegmentScan scan = scans.get(i);
            long base = pool.segmentOffset(scan.segmentIndex());
            Summary records = scanner.records(scan);
            for (int from = 0; from < records.count(); ) {
              int count = records.copyWords(from, words);
              spread(words, count, base, first, width, spread[worker]);
              from += count;
            }
          }
        });
  }

  private void spread(long[] words, int count, long base, int first, int width, Spread own) {
    for (int at = 0; at < count * Summary.WORDS; at += Summary.WORDS) {
      long hash = words[at];
      int stripe = HashIndex.stripeOf(hash) - first;
      if (stripe >= 0 && stripe < width) {
        int range = (int) (hash >>> rangeShift) & (ranges - 1);
        long word = words[at + 2];
        long offset = base + Summary.positionIn(word);
        own.add(range, hash, words[at + 1], Versions.place(offset, Summary.kindIn(word)));
      }
    }
  }

  /** Leaves only what lives in a range, at its beginning; returns how many, and counts them. */
  private int keepNewest(int range, AtomicLongArray live) {
    Versions all = versions.get();
    all.clear();
    for (Spread worker : spread) {
      worker.forEach(range, all::addAll);
    }
    int found = all.count();
    all.keepNewest(sameKey);
    all.count(live);
    if (all.count() < found) {
      var rest = new Rest(all.count());
      for (Spread worker : spread) {
        worker.forEach(
            range,
            (words, at, entries) -> {
              int first = all.count() - rest.entries;
              all.copyTo(first, words, at, rest.take(entries));
            });
      }
    }
    return all.count();
  }

  private void add(int range, int live, HashIndex index) {
    var rest = new Rest(live);
    for (Spread worker : spread) {
      worker.forEach(
          range,
          (words, at, entries) -> {
            int end = at + rest.take(entries) * Versions.WORDS;
            for (int entry = at; entry < end; entry += Versions.WORDS) {
              index.addExpected(words[entry + Versions.HASH], words[entry + Versions.PLACE]);
            }
          });
    }
  }

  /** Counts down. */
  private static final class Rest {
    private int entries;

    Rest(int entries) {
      this.entries = entries;
    }

    int take(int most) {
      int taken = Math.min(most, entries);
      entries -= taken;
      return taken;
    }
  }
}
