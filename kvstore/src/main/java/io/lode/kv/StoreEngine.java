package io.lode.kv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lode.journal.Journal;
import io.lode.journal.Recovered;
import io.lode.kv.index.HashIndex;
import io.lode.kv.index.IndexMemory;
import io.lode.pmem.Granularity;
import io.lode.pool.Pool;
import io.lode.store.Damage;
import io.lode.store.Medium;
import io.lode.store.StoreException;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The parts of an open store and their owner: the engine owns its pool, the journal on it, the
 * store's threads and the index's memory. It opens them in that order and holds no algorithm.
 *
 * <p>Closing: no pins, no deferred changes, no requests, no writers, no cleaning, no background
 * work; then the pool is marked clean, and index and pool are closed.
 */
final class StoreEngine implements AutoCloseable {
  /** For pools in a borrowed map, of which tests make millions: 16 KiB. */
  private static final int LEAST_BUCKETS = 256;

  /** Writers at a time on one device: more do not make persistent memory faster. */
  static final int DEFAULT_WRITERS = 4;

  /** Segments that a pool has, at the least, per writer. */
  private static final int SEGMENTS_PER_WRITER = 8;

  /** For files and devices: a huge page. */
  private static final int FIRST_BUCKETS = 1 << 15;

  private final Pool pool;
  private final boolean readOnly;
  private final StorePlace place;
  private final Journal journal;
  private final HashIndex index;
  private final RecoveryReport recovery;
  private final RemoteFlushes remoteFlushes;
  private final OpenState state;
  private final Committer committer;
  private final WriteDispatcher dispatcher;
  private final DeferredWrites deferredWrites;
  private final Reads reads;
  private final MultiGet multiGet;
  private final Snapshots snapshots;
  private final Pins pins;
  private final Space space;
  private final Growth growth;
  private final Lock closing = new ReentrantLock();

  private StoreEngine(
      Pool pool,
      StorePlace place,
      Journal journal,
      KeyRecords records,
      HashIndex index,
      RecoveryReport recovery,
      KvConfig config) {
    this.pool = pool;
    this.readOnly = config.readOnly();
    this.place = place;
    this.journal = journal;
    this.index = index;
    this.recovery = recovery;
    String name = pool.medium().pool();
    this.state = new OpenState(name);
    this.pins = new Pins(name);
    this.remoteFlushes = RemoteFlushes.of(place);
    var stripes = new Stripes();
    this.growth = new Growth(pool, records, config.maxCapacityBytes());
    var cleaner = new Cleaner(pool, journal, index, records, stripes, pins);
    this.space =
        new Space(
            pool,
            journal,
            records.liveness(),
            cleaner,
            pins,
            growth,
            place.newCleaner(),
            !place.isBorrowed());
    this.committer =
        new Committer(state, pool.seed(), journal, index, records, stripes, space, remoteFlushes);
    this.dispatcher = new WriteDispatcher(state, committer, place, isSynced(pool));
    this.deferredWrites = new DeferredWrites(dispatcher.deferred());
    this.reads = new Reads(state, pool, index, records, dispatcher.deferred());
    this.snapshots =
        new Snapshots(
            state, pins, committer, journal, index, records, stripes, reads, dispatcher.deferred());
    this.multiGet = new MultiGet(reads, reads::find);
  }

  /**
   * Recovers a pool and takes ownership of it. If that fails whatever was opened is closed, in
   * reverse.
   *
   * @param pool owned by the engine from now on, also if this fails
   * @param config whether loss is accepted, and how writers run
   */
  static StoreEngine open(Pool pool, KvConfig config) {
    try {
      requireId(pool, config.requiredId().orElse(pool.id()));
      return openAt(StorePlace.of(pool.device(), config.pinning()), pool, config);
    } catch (Throwable failure) {
      closeAfter(failure, pool);
      throw failure;
    }
  }

  private static void requireId(Pool pool, UUID required) {
    if (!pool.id().equals(required)) {
      throw new StoreException.OtherPool(
          pool.medium().pool(),
          "holds the pool "
              + pool.id()
              + ", and "
              + required
              + " was required; nothing was changed. Look for that one by its id: devices may have"
              + " been numbered anew");
    }
  }

  /** Returns the pool's id, which never changes. */
  UUID id() {
    return pool.id();
  }

  /**
   * Recovers a pool and takes ownership of it, for a store at a place.
   *
   * @param place owned by the engine from now on, also if this fails
   */
  static StoreEngine openAt(StorePlace place, Pool pool, KvConfig config) {
    try (Workers recovering = place.newRecovery()) {
      var records = new KeyRecords(pool);
      HashIndex index = newIndex(pool, place, records);
      var recovery = new Recovery(pool, records, recovering);
      Recovered found = recovery.read();
      RecoveryReport report = recovery.fill(index, found);
      boolean isLossy = !report.damages().isEmpty();
      if (isLossy && !config.acceptLoss()) {
        throw refusal(pool, report);
      }
      if (config.readOnly() && !report.clean() && !config.acceptLoss()) {
        throw new StoreException.ReadOnly(
            pool.medium().pool(),
            "was not closed when its process ended, so that what it wrote last may not be durable"
                + " yet; open it for writing once, or only read it accepting loss",
            null);
      }
      Journal journal =
          config.readOnly()
              ? Journal.view(found)
              : Journal.resume(found, appenders(pool, config), place.background(), isLossy);
      return new StoreEngine(pool, place, journal, records, index, report, config);
    } catch (Throwable failure) {
      closeAfter(failure, place);
      throw failure;
    }
  }

  private static void closeAfter(Throwable failure, AutoCloseable opened) {
    try {
      opened.close();
    } catch (Exception suppressed) {
      failure.addSuppressed(suppressed);
    }
  }

  /**
   * Each appender keeps a segment open, and a small pool has few. Where the kernel syncs, one sync
   * for all that wait is better than several at a time.
   */
  private static int appenders(Pool pool, KvConfig config) {
    if (config.maxWriters() > 0) {
      return config.maxWriters();
    }
    int most = pool.segments().size() / SEGMENTS_PER_WRITER;
    return isSynced(pool) ? 1 : Math.clamp(most, 1, DEFAULT_WRITERS);
  }

  private static boolean isSynced(Pool pool) {
    return pool.medium().granularity() == Granularity.PAGE;
  }

  private static HashIndex newIndex(Pool pool, StorePlace place, KeyRecords records) {
    if (pool.addressLimit() > HashIndex.ADDRESS_LIMIT) {
      throw new IllegalArgumentException(
          pool.medium().pool()
              + " has "
              + pool.medium().sizeBytes()
              + " bytes; at most 2^44 are supported");
    }
    IndexMemory memory = place.indexMemory();
    return new HashIndex(memory, place.isBorrowed() ? LEAST_BUCKETS : FIRST_BUCKETS, records);
  }

  private static StoreException.Damaged refusal(Pool pool, RecoveryReport report) {
    Damage first = report.damages().getFirst();
    int count = report.damages().size();
    return new StoreException.Damaged(
        pool.medium().pool(),
        first.offset(),
        first.description()
            + (count > 1 ? " (the first of " + count + ")" : "")
            + "; restore the pool from a copy, or open it accepting the loss");
  }

  Medium medium() {
    return pool.medium();
  }

  RecoveryReport recovery() {
    return recovery;
  }

  /** Refuses to go on in a closed store. */
  void requireOpen() {
    state.requireOpen();
  }

  /** Refuses to change a closed store, or one that is only read. */
  void requireWritable() {
    state.requireOpen();
    if (readOnly) {
      throw new StoreException.ReadOnly(
          pool.medium().pool(), "was opened to be only read; open it for writing", null);
    }
  }

  /** Returns the dispatcher of writes, which runs each on the thread that should write. */
  WriteDispatcher dispatcher() {
    if (readOnly) {
      requireWritable();
    }
    return dispatcher;
  }

  DeferredWrites deferredWrites() {
    requireWritable();
    return deferredWrites;
  }

  private DeferredChanges deferred() {
    return dispatcher.deferred();
  }

  Reads reads() {
    return reads;
  }

  MultiGet multiGet() {
    return multiGet;
  }

  Lease lease() {
    return new Lease(reads, pool, pins.take(Pins.Kind.LEASE));
  }

  Snapshots snapshots() {
    return snapshots;
  }

  Space space() {
    return space;
  }

  StorePlace place() {
    return place;
  }

  Committer committer() {
    return committer;
  }

  /** Writes the deferred changes, then counts the keys that have a value. */
  long size() {
    state.requireOpen();
    deferred().tryToSync();
    return committer.size();
  }

  /** Cleans all segments that are worth it; returns how many bytes more are free. */
  long compact() {
    requireWritable();
    deferred().tryToSync();
    // What staged entries replace is counted when they are in their buckets.
    committer.drain();
    return space.compact();
  }

  /** Makes the pool larger. */
  void grow(long capacityBytes) {
    requireWritable();
    growth.to(capacityBytes);
  }

  KvStats stats() {
    state.requireOpen();
    return new KvStats(
        committer.size(),
        journal.nextSequence(),
        space.stats(),
        new KvStats.Index(index.usedBytes()),
        new KvStats.Device(remoteFlushes.bytes()),
        space.pins());
  }

  /**
   * Waits for leases and writes, makes durable what was deferred or handed over, and marks the pool
   * clean unless a write failed.
   *
   * @throws IllegalStateException if there is a lease still after 10 s; the store stays open
   * @throws StoreException if deferred changes cannot be written, or the pool cannot be marked; the
   *     store is closed all the same
   */
  @Override
  public void close() {
    closing.lock();
    try {
      if (!state.isClosed()) {
        pins.end();
        closeAll();
      }
    } finally {
      closing.unlock();
    }
  }

  @GuardedBy("closing")
  private void closeAll() {
    try (pool) {
      try {
        deferred().end();
      } finally {
        // What was handed over was accepted: it is written before writing ends.
        dispatcher.close();
        committer.close();
        space.close();
        place.endWork();
        // A header with a new size, after the clean one, would be that of nobody.
        growth.end();
        if (!readOnly) {
          journal.end();
        }
      }
    } finally {
      place.close();
    }
  }
}
