package io.lode.kv;

import io.lode.journal.RecordKind;
import io.lode.journal.Recovered;
import io.lode.journal.SegmentScan;
import io.lode.journal.Summary;
import io.lode.kv.index.HashIndex;
import io.lode.pool.Segment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongUnaryOperator;

/**
 * Fills an index with the newest version of each key. Entries are first spread over partitions of
 * buckets, neighbours in memory; a partition and its buckets fit a CPU's cache, where a table of
 * all keys would miss the cache and the TLB for every key.
 *
 * <p>A pass fills some of the index's stripes, so that the memory needed besides the index is
 * bounded. Each pass reads all summaries again, a tenth of the bytes that keeping them would write
 * and read. It first finds the live entries, so that the index is reserved for exactly those.
 */
final class IndexBuilder {
  /**
   * Entries wanted in a partition: about 100 KiB. Below twice as many spreading is not worth it.
   */
  private static final int PARTITION_ENTRIES = 4096;

  private static final int MOST_PARTITIONS = 1 << 14;

  /** Memory per entry in a pass, roughly. */
  private static final int BYTES_OF_ENTRY = 25;

  /** A pass may take one part in this many of the heap. */
  private static final int PART_OF_HEAP = 8;

  /** Upper limit on a pass's entries, which one thread may find all by itself. */
  private static final int MOST_PASS_ENTRIES = 1 << 28;

  /** Entries read from a summary at a time: they fit a CPU's first-level cache. */
  private static final int READ_ENTRIES = 512;

  private final Recovered recovered;
  private final Workers workers;
  private final Versions.SameKey sameKey;
  private final int passes;
  private final int partitions;

  /** Where in a hash the number of its partition is. */
  private final int partitionShift;

  /** The entries that each worker has found. */
  private final Partitions[] spread;

  private final SegmentSpace space;

  /** By the id of the thread: the caller's must not keep one after it has opened a store. */
  private final Map<Long, Versions> versions = new ConcurrentHashMap<>();

  /**
   * Creates a builder.
   *
   * @param recovered the result of reading the pool
   */
  IndexBuilder(Recovered recovered, Workers workers, Versions.SameKey sameKey) {
    this(
        recovered,
        workers,
        sameKey,
        PARTITION_ENTRIES,
        Math.min(
            Runtime.getRuntime().maxMemory() / PART_OF_HEAP / BYTES_OF_ENTRY, MOST_PASS_ENTRIES));
  }

  /** Makes a builder with partitions and passes of other sizes. */
  IndexBuilder(
      Recovered recovered,
      Workers workers,
      Versions.SameKey sameKey,
      int partitionEntries,
      long passEntries) {
    this.recovered = recovered;
    this.workers = workers;
    this.sameKey = sameKey;
    long entries = recovered.recordCount();
    int bits = HashIndex.bucketBits(entries / HashIndex.STRIPES);
    this.passes = powerOfTwo(2 * entries / passEntries, 1, HashIndex.STRIPES);
    int neighbours = 1 << (bits - Integer.numberOfTrailingZeros(HashIndex.STRIPES));
    boolean small = entries < 2L * partitionEntries;
    this.partitions =
        small
            ? 1
            : powerOfTwo(
                entries / passes / partitionEntries, 1, Math.min(MOST_PARTITIONS, neighbours));
    this.partitionShift = bits - Integer.numberOfTrailingZeros(partitions);
    this.space = new SegmentSpace(recovered.pool());
    this.spread = new Partitions[small ? 1 : workers.count()];
    Arrays.setAll(spread, _ -> new Partitions(partitions, entries));
  }

  private static int powerOfTwo(long wanted, int least, int most) {
    return Math.clamp(Long.highestOneBit(wanted), least, most);
  }

  /** Fills an empty index. */
  void fill(HashIndex index) {
    int width = HashIndex.STRIPES / passes;
    for (int first = 0; first < HashIndex.STRIPES; first += width) {
      spread(first, width);
      var live = new AtomicLongArray(HashIndex.STRIPES);
      var lives = new int[partitions];
      workers.run(partitions, partition -> lives[partition] = keepNewest(partition, live));
      int bits = partitionShift + Integer.numberOfTrailingZeros(partitions);
      for (int stripe = first; stripe < first + width; stripe++) {
        index.reserve(stripe, live.get(stripe));
        bits = Math.min(bits, HashIndex.bucketBits(live.get(stripe)));
      }
      // With fewer live entries than versions several partitions share their buckets.
      int apart = 1 << Math.max(0, bits - partitionShift);
      workers.run(
          apart,
          task -> {
            for (int partition = task; partition < partitions; partition += apart) {
              add(partition, lives[partition], index);
            }
          });
      for (Partitions worker : spread) {
        worker.clear();
      }
    }
    versions.clear();
  }

  /** Tells how much of each segment is live, once the index is filled. */
  void tell(Liveness liveness, LongUnaryOperator spaceOfLarge) {
    space.tell(recovered.scans(), liveness, spaceOfLarge);
  }

  /** Distributes the records of some stripes, each worker to partitions of its own. */
  private void spread(int first, int width) {
    List<SegmentScan> scans = recovered.scans();
    var next = new AtomicInteger();
    workers.run(
        spread.length,
        worker -> {
          long[] words = new long[READ_ENTRIES * Summary.WORDS];
          for (int i = next.getAndIncrement(); i < scans.size(); i = next.getAndIncrement()) {
            SegmentScan scan = scans.get(i);
            Segment segment = scan.segment();
            Summary records = recovered.records(scan);
            long deletes = 0;
            for (int from = 0; from < records.count(); ) {
              int count = records.copyWords(from, words);
              deletes += spread(words, count, segment, first, width, spread[worker]);
              from += count;
            }
            space.setDeletes(segment, deletes);
          }
        });
  }

  /** Returns the space of the deletes, of all stripes. */
  private long spread(
      long[] words, int count, Segment segment, int first, int width, Partitions own) {
    long deletes = 0;
    for (int at = 0; at < count * Summary.WORDS; at += Summary.WORDS) {
      long hash = words[at];
      long word = words[at + 2];
      RecordKind kind = Summary.kindIn(word);
      deletes += kind.removes() ? Summary.spaceIn(word) : 0;
      int stripe = HashIndex.stripeOf(hash) - first;
      if (stripe >= 0 && stripe < width) {
        int partition = (int) (hash >>> partitionShift) & (partitions - 1);
        long address = segment.address(Summary.positionIn(word));
        long place = Versions.place(address, Summary.spaceIn(word), kind);
        own.add(partition, hash, words[at + 1], place);
      }
    }
    return deletes;
  }

  /**
   * Moves the live entries of a partition to its beginning; returns their number, and counts them
   * by stripe.
   */
  private int keepNewest(int partition, AtomicLongArray live) {
    Versions all = versions.computeIfAbsent(Thread.currentThread().threadId(), _ -> new Versions());
    all.clear();
    for (Partitions worker : spread) {
      worker.forEach(partition, all::addAll);
    }
    int found = all.count();
    all.keepNewest(sameKey);
    all.count(live);
    space.addLive(all);
    if (all.count() < found) {
      var rest = new Rest(all.count());
      for (Partitions worker : spread) {
        worker.forEach(
            partition,
            (words, at, entries) -> {
              int first = all.count() - rest.entries;
              all.copyTo(first, words, at, rest.take(entries));
            });
      }
    }
    return all.count();
  }

  private void add(int partition, int live, HashIndex index) {
    var rest = new Rest(live);
    for (Partitions worker : spread) {
      worker.forEach(
          partition,
          (words, at, entries) -> {
            int end = at + rest.take(entries) * Versions.WORDS;
            for (int entry = at; entry < end; entry += Versions.WORDS) {
              long place = words[entry + Versions.PLACE];
              index.load(words[entry + Versions.HASH], Versions.addressIn(place));
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
