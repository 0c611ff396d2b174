package io.lode.kv;

import io.lode.kv.index.HashIndex;
import io.lode.log.SegmentScan;
import io.lode.log.Summary;
import io.lode.pool.Pool;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Fills an index with the newest version of each key. Entries are first spread over ranges of
 * hashes, each of which then fits a CPU's cache and touches few buckets: a table of all keys would
 * miss the cache, and the TLB, for every one of them.
 *
 * <p>Ranges are by the low bits of the hash, so each lies in one stripe of the index, and several
 * threads can fill it.
 */
final class IndexBuilder {
  /** Entries wanted in a range: about 100 KiB. */
  private static final int RANGE_ENTRIES = 4096;

  /** Below this spreading is not worth its arrays. */
  private static final int LEAST_SPREAD = 2 * RANGE_ENTRIES;

  private static final int MOST_RANGES = 1 << 14;

  private final Pool pool;
  private final Workers workers;
  private final Versions.SameKey sameKey;
  private final int ranges;
  private final Versions[][] spread;

  /**
   * Prepares.
   *
   * @param entries how many versions there are at most
   */
  IndexBuilder(Pool pool, Workers workers, Versions.SameKey sameKey, long entries) {
    this.pool = pool;
    this.workers = workers;
    this.sameKey = sameKey;
    this.ranges = rangesFor(entries);
    this.spread = new Versions[ranges == 1 ? 1 : workers.count()][ranges];
  }

  private static int rangesFor(long entries) {
    if (entries < LEAST_SPREAD) {
      return 1;
    }
    long wanted = Long.highestOneBit(entries / RANGE_ENTRIES);
    return Math.clamp(wanted, HashIndex.STRIPES, MOST_RANGES);
  }

  /** Fills an empty index. */
  void fill(HashIndex index, List<SegmentScan> scans) {
    var next = new AtomicInteger();
    workers.run(
        spread.length,
        worker -> {
          for (int i = next.getAndIncrement(); i < scans.size(); i = next.getAndIncrement()) {
            spread(scans.get(i), spread[worker]);
          }
        });
    int groups = Math.min(ranges, HashIndex.STRIPES);
    var live = new AtomicLong();
    workers.run(groups, group -> live.addAndGet(reduce(group)));
    index.expect(live.get());
    workers.run(groups, group -> insert(group, index));
  }

  private void spread(SegmentScan scan, Versions[] own) {
    Summary records = scan.records();
    long base = pool.segmentOffset(scan.segmentIndex());
    int mask = ranges - 1;
    for (int i = 0; i < records.count(); i++) {
      long hash = records.hash(i);
      int range = (int) hash & mask;
      Versions versions = own[range];
      if (versions == null) {
        versions = new Versions();
        own[range] = versions;
      }
      versions.add(hash, records.sequence(i), base + records.position(i), records.kind(i));
    }
  }

  /** Brings together what the workers found of some ranges. Returns how many keys live. */
  private long reduce(int group) {
    long live = 0;
    for (int range = group; range < ranges; range += HashIndex.STRIPES) {
      Versions all = spread[0][range];
      for (int worker = 1; worker < spread.length; worker++) {
        Versions more = spread[worker][range];
        if (all == null) {
          all = more;
        } else if (more != null) {
          all.addAll(more);
        }
      }
      spread[0][range] = all;
      if (all != null) {
        live += all.keepNewest(sameKey, Integer.numberOfTrailingZeros(ranges));
      }
    }
    return live;
  }

  private void insert(int group, HashIndex index) {
    for (int range = group; range < ranges; range += HashIndex.STRIPES) {
      Versions live = spread[0][range];
      if (live != null) {
        live.forEach(index::add);
      }
    }
  }
}
