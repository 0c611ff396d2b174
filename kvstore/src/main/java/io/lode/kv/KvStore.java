package io.lode.kv;

import io.lode.kv.index.HashIndex;
import io.lode.kv.index.IndexMemory;
import io.lode.log.GroupEncoder;
import io.lode.log.KeyHash;
import io.lode.log.Log;
import io.lode.log.LogFormat;
import io.lode.log.RecordKind;
import io.lode.log.RecordReader;
import io.lode.pmem.PmemMap;
import io.lode.pool.Pool;
import io.lode.pool.PoolFile;
import io.lode.pool.PoolFormat;
import io.lode.pool.SegmentHeader;
import io.lode.store.Medium;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A persistent key-value store on one device or file.
 *
 * <p><b>Durability.</b> When {@link #put} or {@link #delete} returns, its effect is durable: it is
 * there after a crash of the process, of the system, and on a medium that keeps its word after loss
 * of power ({@link #medium} says what that means on this one). What was in flight at a crash is
 * there whole or not at all.
 *
 * <p><b>Damage.</b> Every record is verified when it is read. One that fails is reported by {@link
 * StoreException.Damaged}; an older version never takes its place.
 *
 * <p><b>Threads.</b> Safe for concurrent use. Writes run one at a time; reads wait for nobody. A
 * thread that writes much should do so through a {@link #writer}, which runs on the CPUs near the
 * device.
 *
 * <p><b>Lifetime.</b> The store owns its pool from opening to {@link #close}; no other process can
 * open it meanwhile. Keys and values passed in are copied, those returned are the caller's.
 */
public final class KvStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KvStore.class);
  private static final byte[] NO_VALUE = {};

  /** For pools in a map of the caller's, of which tests make millions: 16 KiB. */
  private static final int LEAST_BUCKETS = 256;

  /** For files and devices: a huge page, of which only what is used takes memory. */
  private static final int FIRST_BUCKETS = 1 << 15;

  private final @Nullable PoolFile file;
  private final Pool pool;
  private final Log log;
  private final Records records;
  private final @Nullable NodeMemory indexMemory;
  private final HashIndex index;
  private final GroupEncoder encoder;
  private final RecoveryReport recovery;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private long usedBytes;
  private volatile boolean closed;

  private KvStore(@Nullable PoolFile file, Pool pool, KvConfig config) {
    this.file = file;
    this.pool = pool;
    this.log = new Log(pool);
    this.records = new Records(pool);
    this.encoder = new GroupEncoder(pool.seed());
    this.indexMemory = file == null ? null : NodeMemory.near(file.placement());
    this.index = newIndex();
    try {
      this.recovery = recover(config);
    } catch (Throwable failure) {
      closeIndex();
      throw failure;
    }
    LOG.info(
        "opened {}: {}, {} granularity, {}; durable means {}; {}",
        name(),
        medium().kind(),
        medium().granularity(),
        medium().flushPrimitive(),
        medium().durability(),
        recovery);
  }

  private HashIndex newIndex() {
    if (pool.map().size() > HashIndex.OFFSET_LIMIT) {
      throw new IllegalArgumentException(
          name() + " has " + pool.map().size() + " bytes; at most 2^44 are supported");
    }
    return indexMemory == null
        ? new HashIndex(IndexMemory.onHeap(), LEAST_BUCKETS, records::isOfKey)
        : new HashIndex(indexMemory, FIRST_BUCKETS, records::isOfKey);
  }

  private RecoveryReport recover(KvConfig config) {
    var reader = new Recovery(pool, log, records);
    RecoveryReport found = reader.run(index);
    usedBytes = reader.usedBytes();
    boolean lossy = !found.damages().isEmpty();
    if (lossy && !config.acceptLoss()) {
      Damage first = found.damages().getFirst();
      throw new StoreException.Damaged(
          name(),
          first.offset(),
          first.description()
              + (found.damages().size() > 1 ? " (the first of " + found.damages().size() + ")" : "")
              + "; restore the pool from a copy, or open it accepting the loss");
    }
    pool.own();
    log.start(lossy);
    return found;
  }

  /**
   * Makes a pool and opens it. A new file is readable by its owner only; its space is allocated at
   * once.
   *
   * @param path a file that does not exist yet, or a devdax device
   * @param config how large, and what may be overwritten
   * @return the open store, empty
   * @throws StoreException.Foreign if something is there and must not be overwritten
   * @throws StoreException.Full if the file system has no room
   * @throws StoreException if the pool cannot be made for another reason
   */
  public static KvStore create(Path path, KvConfig config) {
    PoolFile file =
        PoolFile.create(
            path,
            config.capacityBytes(),
            config.segmentBytes(),
            config.requiredGranularity(),
            config.overwrite());
    return opened(file, config);
  }

  /**
   * Opens a pool.
   *
   * @param path the pool's file or device
   * @param config the granularity required, and whether loss is accepted
   * @return the open store
   * @throws StoreException.Missing if nothing is there
   * @throws StoreException.Locked if it is open elsewhere
   * @throws StoreException.Foreign if it is not a pool
   * @throws StoreException.Newer if its format is not known
   * @throws StoreException.Damaged if parts are lost and {@code config} does not accept that
   * @throws StoreException if the pool cannot be opened for another reason
   */
  public static KvStore open(Path path, KvConfig config) {
    return opened(PoolFile.open(path, config.requiredGranularity()), config);
  }

  private static KvStore opened(PoolFile file, KvConfig config) {
    try {
      return new KvStore(file, Pool.read(file.medium(), file.map()), config);
    } catch (Throwable failure) {
      file.closeAfter(failure);
      throw failure;
    }
  }

  /**
   * Makes a pool of a whole map and opens it. The map stays the caller's.
   *
   * @param map where
   * @param config the segment size, and what may be overwritten
   * @return the open store, empty
   * @throws StoreException.Foreign if the map holds data that must not be overwritten
   */
  public static KvStore create(PmemMap map, KvConfig config) {
    Pool.format(
        PoolFile.mediumOf(map),
        map,
        config.segmentBytes() > 0
            ? config.segmentBytes()
            : PoolFile.defaultSegmentBytes(map.size()),
        config.overwrite());
    return open(map, config);
  }

  /**
   * Opens the pool in a map: without threads, pinning or locking. The map stays the caller's, who
   * must see to it that nobody else writes there.
   *
   * @param map where
   * @param config whether loss is accepted
   * @return the open store
   * @throws StoreException as {@link #open(Path, KvConfig)}
   */
  public static KvStore open(PmemMap map, KvConfig config) {
    return new KvStore(null, Pool.read(PoolFile.mediumOf(map), map), config);
  }

  /**
   * Reads and verifies everything in a pool that is not open. Writes nothing.
   *
   * @param path the pool's file or device
   * @return what was found
   * @throws StoreException as {@link #open(Path, KvConfig)}, but damage to segments is only
   *     reported
   */
  public static CheckReport check(Path path) {
    try (PoolFile file = PoolFile.openReadOnly(path)) {
      return new Check(Pool.read(file.medium(), file.map())).run();
    }
  }

  /**
   * Sets the value of a key; durable on return.
   *
   * @param key 1 to 65,535 bytes
   * @param value any bytes that fit a segment
   * @throws IllegalArgumentException if the key's length is not allowed, or the record does not
   *     even fit an empty segment
   * @throws StoreException.Full if the pool has no room; nothing was written
   * @throws StoreException.Poisoned if this write failed or an earlier one did
   * @throws IllegalStateException if the store is closed
   */
  public void put(byte[] key, byte[] value) {
    long hash = hash(key);
    lock.writeLock().lock();
    try {
      ensureOpen();
      long old = index.find(hash, key);
      long offset = append(RecordKind.PUT, key, value);
      if (old == 0) {
        index.add(hash, offset);
      } else {
        index.move(hash, old, offset);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Returns the value of a key.
   *
   * @param key the key
   * @return its value, empty if it has none
   * @throws StoreException.Damaged if the record of this key no longer verifies
   * @throws IllegalStateException if the store is closed
   */
  public Optional<byte[]> get(byte[] key) {
    RecordReader record = find(key);
    return record == null ? Optional.empty() : Optional.of(record.value());
  }

  /**
   * Copies the value of a key to memory of the caller's; allocates nothing.
   *
   * @param key the key
   * @param target takes the value from its first byte, if the whole of it fits
   * @return the length of the value in bytes, -1 if the key has none; if it is more than the target
   *     has, nothing was copied
   * @throws StoreException.Damaged if the record of this key no longer verifies
   * @throws IllegalStateException if the store is closed
   */
  public int get(byte[] key, MemorySegment target) {
    RecordReader record = find(key);
    if (record == null) {
      return -1;
    }
    if (record.valueLength() <= target.byteSize()) {
      record.copyValueTo(target);
    }
    return record.valueLength();
  }

  /**
   * Tells whether a key has a value, without reading the value.
   *
   * @param key the key
   * @return true if it has one, also if that is damaged
   * @throws IllegalStateException if the store is closed
   */
  public boolean contains(byte[] key) {
    ensureOpen();
    return index.find(hash(key), key) != 0;
  }

  /** Reads without a lock: what the index shows is durable and stays where it is. */
  private @Nullable RecordReader find(byte[] key) {
    ensureOpen();
    long offset = index.find(hash(key), key);
    return offset == 0 ? null : verified(offset);
  }

  /**
   * Removes a key; durable on return.
   *
   * @param key the key
   * @return false if it had no value; nothing was written then
   * @throws StoreException as {@link #put}
   * @throws IllegalStateException if the store is closed
   */
  public boolean delete(byte[] key) {
    long hash = hash(key);
    lock.writeLock().lock();
    try {
      ensureOpen();
      long old = index.find(hash, key);
      if (old == 0) {
        return false;
      }
      append(RecordKind.DELETE, key, NO_VALUE);
      index.remove(hash, old);
      return true;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Returns the entries that there are now, in no order; later changes do not show.
   *
   * @return an iterator whose {@code next} throws {@link StoreException.Damaged} for an entry that
   *     no longer verifies, and then goes on with the one after it
   * @throws IllegalStateException if the store is closed, also while iterating
   */
  public Iterator<KvEntry> entries() {
    lock.readLock().lock();
    try {
      ensureOpen();
      long[] offsets = new long[Math.toIntExact(index.size())];
      int[] count = {0};
      index.forEach(offset -> offsets[count[0]++] = offset);
      // In the order of the medium: that is what it reads fastest.
      Arrays.sort(offsets);
      return new EntryIterator(offsets, this::entryAt);
    } finally {
      lock.readLock().unlock();
    }
  }

  private KvEntry entryAt(long offset) {
    lock.readLock().lock();
    try {
      ensureOpen();
      RecordReader record = verified(offset);
      return new KvEntry(record.key(), record.value());
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Returns how many keys have a value.
   *
   * @return the count
   */
  public long size() {
    lock.readLock().lock();
    try {
      ensureOpen();
      return index.size();
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Moves the calling platform thread to the CPUs near the device and returns a handle to write
   * with, until it is closed.
   *
   * @return a writer for this thread only
   * @throws IllegalStateException if the store is closed, or the thread is a virtual one
   */
  public KvWriter writer() {
    lock.readLock().lock();
    try {
      ensureOpen();
      return KvWriter.pinned(this, file == null ? null : file.placement());
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Returns sizes and counts as they are now.
   *
   * @return the statistics
   */
  public KvStats stats() {
    lock.readLock().lock();
    try {
      ensureOpen();
      int free = 0;
      for (int segment = 0; segment < pool.segmentCount(); segment++) {
        SegmentHeader header = pool.segment(segment);
        if (header != null && header.isFree()) {
          free++;
        }
      }
      long body = pool.segmentBytes() - PoolFormat.BODY_OFFSET;
      return new KvStats(
          index.size(),
          usedBytes,
          pool.segmentCount() * body,
          LogFormat.maxRecordBytes(pool.segmentBytes()),
          pool.segmentCount(),
          free,
          log.nextSequence());
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Returns what the pool lies on and what durable means there.
   *
   * @return the medium
   */
  public Medium medium() {
    return pool.medium();
  }

  /**
   * Returns what opening the pool found.
   *
   * @return the report
   */
  public RecoveryReport recovery() {
    return recovery;
  }

  /**
   * Closes the store and marks the pool clean; closing again does nothing. Everything acknowledged
   * is durable already. A poisoned store is closed without the mark.
   */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      try (PoolFile _ = file) {
        if (!log.isPoisoned()) {
          pool.release(log.nextSequence() - 1);
        }
      } finally {
        closeIndex();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void closeIndex() {
    if (indexMemory != null) {
      indexMemory.close();
    }
  }

  private long append(RecordKind kind, byte[] key, byte[] value) {
    encoder.clear();
    encoder.add(kind, key, value);
    long offset = log.append(encoder).deviceOffset();
    usedBytes += LogFormat.groupBytes(LogFormat.recordBytes(key.length, value.length));
    return offset;
  }

  private RecordReader verified(long offset) {
    RecordReader record = records.read(offset);
    if (record == null) {
      throw new StoreException.Damaged(
          name(), offset, "a record does not verify; put its key again, or restore it from a copy");
    }
    return record;
  }

  private long hash(byte[] key) {
    return KeyHash.of(pool.seed(), key, 0, key.length);
  }

  private String name() {
    return pool.medium().pool();
  }

  private void ensureOpen() {
    if (closed) {
      throw new IllegalStateException(name() + " is closed");
    }
  }
}
