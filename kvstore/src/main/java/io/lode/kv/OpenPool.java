package io.lode.kv;

import io.lode.kv.index.HashIndex;
import io.lode.kv.index.IndexMemory;
import io.lode.log.KeyHash;
import io.lode.log.Log;
import io.lode.log.LogFormat;
import io.lode.log.RecordReader;
import io.lode.pmem.Granularity;
import io.lode.pool.Pool;
import io.lode.pool.PoolFile;
import io.lode.pool.PoolFormat;
import io.lode.pool.SegmentHeader;
import io.lode.store.StoreException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A pool that was recovered and is owned: its records, and the index that shows which of them live.
 *
 * <p>Safe for concurrent use; {@link #find} takes no lock.
 */
final class OpenPool implements AutoCloseable {
  /** For pools in a map of the caller's, of which tests make millions: 16 KiB. */
  private static final int LEAST_BUCKETS = 256;

  /** Writers at a time on one device: more do not make persistent memory faster. */
  static final int DEFAULT_WRITERS = 4;

  /** So many segments a pool must have for each writer that it may have. */
  private static final int SEGMENTS_PER_WRITER = 8;

  /** For files and devices: a huge page, of which only what is used takes memory. */
  private static final int FIRST_BUCKETS = 1 << 15;

  private final Pool pool;
  private final @Nullable PoolFile file;
  private final StorePlace place;
  private final Lock closing = new ReentrantLock();
  private final Log log;
  private final Records records;
  private final @Nullable NodeMemory indexMemory;
  private final HashIndex index;
  private final RecoveryReport recovery;
  private final FlushDistance distance;
  private final Writes writes;
  private final WriteRoute route;
  private final DeferredWrites deferred;
  private final Leases leases;
  private final MultiGet multiGet;

  /**
   * Recovers a pool and takes ownership.
   *
   * @param file what the pool is in, null for a map of the caller's; closed with this
   * @param place where threads and index belong; closed with this
   */
  OpenPool(Pool pool, @Nullable PoolFile file, StorePlace place, KvConfig config) {
    this.pool = pool;
    this.file = file;
    this.place = place;
    this.leases = new Leases(pool.medium().pool());
    this.log = new Log(pool, lanes(pool, config), place.background());
    this.records = new Records(pool);
    this.indexMemory = place.newIndexMemory();
    try (Workers recovering = place.newRecovery()) {
      this.index = newIndex();
      var reader = new Recovery(pool, log, records, recovering);
      this.recovery = reader.run(index);
      own(config.acceptLoss());
      this.distance = new FlushDistance(place.nearCpus());
      this.writes = new Writes(pool, log, index, records, distance, reader.usedBytes());
      this.route = new WriteRoute(writes, place, pool.map().granularity());
      this.deferred = new DeferredWrites(writes, route);
      this.multiGet = new MultiGet(this);
    } catch (Throwable failure) {
      closeIndex();
      throw failure;
    }
  }

  /**
   * Each lane keeps a segment open, and a small pool has few. Where the kernel syncs, one sync for
   * all that wait is better than several at a time.
   */
  private static int lanes(Pool pool, KvConfig config) {
    if (config.maxWriters() > 0) {
      return config.maxWriters();
    }
    boolean isSynced = pool.map().granularity() == Granularity.PAGE;
    return isSynced ? 1 : Math.clamp(pool.segmentCount() / SEGMENTS_PER_WRITER, 1, DEFAULT_WRITERS);
  }

  private HashIndex newIndex() {
    if (pool.map().size() > HashIndex.OFFSET_LIMIT) {
      throw new IllegalArgumentException(
          name() + " has " + pool.map().size() + " bytes; at most 2^44 are supported");
    }
    return indexMemory == null
        ? new HashIndex(IndexMemory.onHeap(), LEAST_BUCKETS, records)
        : new HashIndex(indexMemory, FIRST_BUCKETS, records);
  }

  private void own(boolean acceptLoss) {
    boolean lossy = !recovery.damages().isEmpty();
    if (lossy && !acceptLoss) {
      Damage first = recovery.damages().getFirst();
      int count = recovery.damages().size();
      throw new StoreException.Damaged(
          name(),
          first.offset(),
          first.description()
              + (count > 1 ? " (the first of " + count + ")" : "")
              + "; restore the pool from a copy, or open it accepting the loss");
    }
    pool.own();
    log.start(lossy);
  }

  Pool pool() {
    return pool;
  }

  RecoveryReport recovery() {
    return recovery;
  }

  /** Returns what writes without regard to the calling thread. */
  Writes writes() {
    return writes;
  }

  /** Returns what writes on the thread that should, after what was deferred of the same keys. */
  WriteRoute route() {
    return route;
  }

  DeferredWrites deferred() {
    return deferred;
  }

  MultiGet multiGet() {
    return multiGet;
  }

  Lease lease() {
    return new Lease(this, leases);
  }

  StorePlace place() {
    return place;
  }

  /** Returns where the record of a key is, damaged or not; 0 if it has no value. */
  long offsetOf(byte[] key) {
    return offsetOf(hash(key), key);
  }

  private long offsetOf(long hash, byte[] key) {
    writes.requireOpen();
    deferred.writeIfOf(key);
    return index.find(hash, key);
  }

  /** Returns the record of a key, until this thread reads another one; null if it has no value. */
  @Nullable RecordReader find(byte[] key) {
    writes.requireOpen();
    long hash = hash(key);
    // All of the record comes while its key is compared.
    prefetchRecord(hash);
    long offset = offsetOf(hash, key);
    return offset == 0 ? null : read(offset);
  }

  /** Lets the CPU fetch where the index looks for a hash. */
  void prefetchBucket(long hash) {
    index.prefetch(hash);
  }

  /** Lets the CPU fetch the record that has, it seems, a key with a hash. */
  void prefetchRecord(long hash) {
    records.prefetch(index.candidate(hash));
  }

  /** Returns the record at an offset, until this thread reads another one. */
  RecordReader read(long offset) {
    RecordReader record = records.read(offset);
    if (record == null) {
      throw records.damaged(offset);
    }
    return record;
  }

  /** Returns where the live records are, in the order of the medium, which it reads fastest. */
  long[] offsets() {
    deferred.sync();
    var offsets = LongStream.builder();
    writes.exclusively(() -> index.forEach(offsets::add));
    return offsets.build().sorted().toArray();
  }

  long size() {
    deferred.sync();
    return writes.size();
  }

  KvStats stats() {
    int free = 0;
    for (int segment = 0; segment < pool.segmentCount(); segment++) {
      SegmentHeader header = pool.segment(segment);
      if (header != null && header.isFree()) {
        free++;
      }
    }
    long body = pool.segmentBytes() - PoolFormat.BODY_OFFSET;
    return new KvStats(
        writes.size(),
        writes.usedBytes(),
        pool.segmentCount() * body,
        LogFormat.maxRecordBytes(pool.segmentBytes()),
        pool.segmentCount(),
        free,
        log.nextSequence(),
        index.usedBytes(),
        distance.farBytes());
  }

  /**
   * Waits for leases and writes, makes durable what was deferred, and marks the pool clean unless a
   * write failed.
   *
   * @throws IllegalStateException if there is a lease still after 10 s; the pool stays open
   */
  @Override
  public void close() {
    closing.lock();
    try {
      if (!writes.isClosed()) {
        leases.end();
        closeAll();
      }
    } finally {
      closing.unlock();
    }
  }

  private void closeAll() {
    try (PoolFile _ = file) {
      try {
        if (!log.isPoisoned()) {
          deferred.sync();
        }
      } finally {
        writes.close();
        route.close();
        place.close();
      }
      if (!log.isPoisoned()) {
        pool.release(log.nextSequence() - 1, log.openEnds());
      }
    } finally {
      closeIndex();
    }
  }

  private void closeIndex() {
    if (indexMemory != null) {
      indexMemory.close();
    }
  }

  long hash(byte[] key) {
    return KeyHash.of(pool.seed(), key, 0, key.length);
  }

  private String name() {
    return pool.medium().pool();
  }
}
