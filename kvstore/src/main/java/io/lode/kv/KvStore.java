package io.lode.kv;

import io.lode.journal.RecordReader;
import io.lode.pmem.Granularity;
import io.lode.pmem.PmemMap;
import io.lode.pool.Device;
import io.lode.pool.DeviceFile;
import io.lode.pool.DeviceState;
import io.lode.pool.Pool;
import io.lode.store.DeviceChange;
import io.lode.store.Medium;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A persistent key-value store on one device or file.
 *
 * <p><b>Durability.</b> When a write returns, but for those that say <i>deferred</i>, its effect is
 * durable: it is there after a crash of the process, of the system, and on a medium that keeps its
 * word after loss of power ({@link #medium} says what that means on this one). What was in flight
 * at a crash is there whole or not at all.
 *
 * <p><b>Damage.</b> Every record is verified when it is read. One that fails is reported by {@link
 * StoreException.Damaged}; an older version never takes its place.
 *
 * <p><b>Threads.</b> Safe for concurrent use. Writes of different keys run at the same time, up to
 * {@link KvConfig#maxWriters}, those of one key one after the other; reads take no lock, unless a
 * change of their key was deferred. A thread that writes much should do so through a {@link
 * #writer}, which runs on the CPUs near the device.
 *
 * <p><b>Lifetime.</b> The store owns its pool from opening to {@link #close}; no other process can
 * open it meanwhile. One that is {@linkplain KvConfig.Builder#readOnly only read} changes nothing,
 * and whatever would fails with {@link StoreException.ReadOnly}. Keys and values passed in are
 * copied, those returned are the caller's.
 */
public final class KvStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KvStore.class);

  private final StoreEngine engine;

  KvStore(StoreEngine engine) {
    this.engine = engine;
    LOG.info("opened {}, pool {}; {}", medium(), id(), recovery());
    for (DeviceChange change : recovery().deviceChanges()) {
      LOG.warn("{}: {}", medium().pool(), change.description());
    }
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
    NativeAccess.require(path);
    Device device =
        DeviceFile.create(
            path,
            config.capacityBytes(),
            config.segmentBytes(),
            config.requiredGranularity(),
            config.overwrite());
    return opened(device, ofNewPool(config));
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
   * @throws StoreException.OtherPool if the config requires another pool
   * @throws StoreException.Newer if its format is not known
   * @throws StoreException.Damaged if parts are lost and {@code config} does not accept that
   * @throws StoreException.ReadOnly if the pool cannot be written and {@code config} does not ask
   *     for reading only; or if it does, the pool was not closed, and loss is not accepted
   * @throws StoreException if the pool cannot be opened for another reason
   */
  public static KvStore open(Path path, KvConfig config) {
    NativeAccess.require(path);
    Granularity required = config.requiredGranularity();
    return opened(
        config.readOnly()
            ? DeviceFile.openReadOnly(path, required)
            : DeviceFile.open(path, required),
        config);
  }

  private static KvConfig ofNewPool(KvConfig config) {
    return config.toBuilder().requiredId(null).readOnly(false).build();
  }

  private static KvStore opened(Device device, KvConfig config) {
    return new KvStore(StoreEngine.open(Pool.of(device), config));
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
    Device.format(
        map,
        config.segmentBytes() > 0
            ? config.segmentBytes()
            : DeviceFile.defaultSegmentBytes(map.size()),
        config.overwrite());
    return open(map, ofNewPool(config));
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
    return opened(Device.of(map, DeviceState.UNKNOWN), config);
  }

  /**
   * Reads and verifies everything in a pool that is not open. Writes nothing.
   *
   * @param path the pool's file or device
   * @return the result of the check
   * @throws StoreException as {@link #open(Path, KvConfig)}, but damage to segments is only
   *     reported
   */
  public static CheckReport check(Path path) {
    NativeAccess.require(path);
    try (Pool pool = Pool.of(DeviceFile.openReadOnly(path, Granularity.PAGE))) {
      return new Check(pool).run();
    }
  }

  /**
   * Reads which pool is at a path, also while it is open elsewhere. Writes nothing.
   *
   * <p>This finds a pool again after devices were numbered anew: ask each path for its id.
   *
   * @param path a file or device
   * @return the pool's id, which never changes; empty if what is there is not a pool, or no header
   *     of it is whole
   * @throws StoreException.Missing if nothing is there
   * @throws StoreException if it cannot be read
   */
  public static Optional<UUID> idAt(Path path) {
    NativeAccess.require(path);
    return DeviceFile.poolId(path);
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
    engine.dispatcher().put(key, value);
  }

  /**
   * Sets the value of a key without waiting. The asynchronous changes of one thread, by this method
   * and {@link #writeAsync}, happen in the order of its calls.
   *
   * @param key as {@link #put}
   * @param value as {@link #put}
   * @return completed when the change is durable, or with what {@link #put} throws, on one of the
   *     store's threads, where dependent stages must not block
   * @throws IllegalStateException if the store is closed
   */
  public CompletionStage<Void> putAsync(byte[] key, byte[] value) {
    return writeAsync(new WriteBatch().put(key.clone(), value.clone())).thenAccept(_ -> {});
  }

  /**
   * Makes all changes of a batch, or none, without waiting.
   *
   * @param batch the changes; not to be touched until they are written
   * @return completed when they are durable, with what {@link #write} returns or throws; on a
   *     thread as with {@link #putAsync}
   * @throws IllegalStateException if the store is closed
   */
  public CompletionStage<Boolean> writeAsync(WriteBatch batch) {
    return engine.dispatcher().writeLater(batch);
  }

  /**
   * Returns the store's deferred writes, which are <b>not durable</b> until {@link
   * DeferredWrites#sync}.
   *
   * @return the deferred writes of this store, always the same
   */
  public DeferredWrites deferred() {
    return engine.deferredWrites();
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
    RecordReader record = engine.reads().find(key);
    return record == null ? Optional.empty() : Optional.of(record.value());
  }

  /**
   * Copies the value of a key to the caller's memory; allocates nothing.
   *
   * @param key the key
   * @param target takes the value from its first byte, if the whole of it fits
   * @return the length of the value in bytes, -1 if the key has none; if it is more than the target
   *     has, nothing was copied
   * @throws StoreException.Damaged if the record of this key no longer verifies
   * @throws IllegalStateException if the store is closed
   */
  public int get(byte[] key, MemorySegment target) {
    RecordReader record = engine.reads().find(key);
    if (record == null) {
      return -1;
    }
    if (record.valueLength() <= target.byteSize()) {
      record.copyValueTo(target, 0);
    }
    return record.valueLength();
  }

  /**
   * Returns the values of several keys, faster than one by one: all are fetched at the same time.
   * No snapshot: each is as it was at some time during the call.
   *
   * @param keys the keys
   * @return a value for each key, in their order, empty where there is none
   * @throws StoreException.Damaged if the record of one no longer verifies
   * @throws IllegalStateException if the store is closed
   */
  public List<Optional<byte[]>> multiGet(List<byte[]> keys) {
    return engine.multiGet().values(keys);
  }

  /**
   * Copies the values of several keys to the caller's memory, one after the other; allocates
   * nothing.
   *
   * @param keys the keys
   * @param target takes the values
   * @param lengths is given the length of each value in bytes, -1 where there is none
   * @return the number of keys whose values were copied or are absent: fewer than given if the next
   *     value does not fit
   * @throws IndexOutOfBoundsException if {@code lengths} is shorter than {@code keys}
   * @throws StoreException.Damaged if the record of one no longer verifies
   * @throws IllegalStateException if the store is closed
   */
  public int multiGet(List<byte[]> keys, MemorySegment target, int[] lengths) {
    return engine.multiGet().copy(keys, target, lengths);
  }

  /**
   * Opens a lease, which gives access to values in place, without copying them.
   *
   * @return the lease, to be closed by the caller
   * @throws IllegalStateException if the store is closed
   */
  public Lease lease() {
    return engine.lease();
  }

  /**
   * Tells whether a key has a value, without reading the value.
   *
   * @param key the key
   * @return true if it has one, also if that is damaged
   * @throws IllegalStateException if the store is closed
   */
  public boolean contains(byte[] key) {
    return engine.reads().addressOf(key) != 0;
  }

  /**
   * Returns the value of a key with its version.
   *
   * @param key the key
   * @return its entry, empty if it has no value
   * @throws StoreException.Damaged if the record of this key no longer verifies
   * @throws IllegalStateException if the store is closed
   */
  public Optional<KvEntry> entry(byte[] key) {
    RecordReader record = engine.reads().find(key);
    return record == null ? Optional.empty() : Optional.of(KvEntry.of(record));
  }

  /**
   * Returns the version of a key: which change of the store set its value.
   *
   * @param key the key
   * @return the version, from 1; 0 if the key has no value
   * @throws StoreException.Damaged if the record of this key no longer verifies
   * @throws IllegalStateException if the store is closed
   */
  public long version(byte[] key) {
    RecordReader record = engine.reads().find(key);
    return record == null ? 0 : record.sequence();
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
    return engine.dispatcher().delete(key);
  }

  /**
   * Makes all changes of a batch, or none: durable on return, and after a crash on the way there
   * are all of them or none. Readers may see the changes one after the other.
   *
   * @param batch the changes
   * @return false if a key has not the version that the batch requires; nothing was written then
   * @throws IllegalArgumentException if a key's length is not allowed, there are more than 65,535
   *     changes, or they do not fit an empty segment together
   * @throws StoreException as {@link #put}
   * @throws IllegalStateException if the store is closed
   */
  public boolean write(WriteBatch batch) {
    return engine.dispatcher().write(batch);
  }

  /**
   * Sets the value of a key that has none; durable on return.
   *
   * @param key as {@link #put}
   * @param value as {@link #put}
   * @return false if it has a value already; nothing was written then
   * @throws StoreException as {@link #put}
   * @throws IllegalStateException if the store is closed
   */
  public boolean putIfAbsent(byte[] key, byte[] value) {
    return compareAndSet(key, 0, value);
  }

  /**
   * Sets the value of a key if it still has a given version; durable on return.
   *
   * @param key as {@link #put}
   * @param version the version that it must have, 0 for none
   * @param value as {@link #put}
   * @return false if it has another version; nothing was written then
   * @throws StoreException as {@link #put}
   * @throws IllegalStateException if the store is closed
   */
  public boolean compareAndSet(byte[] key, long version, byte[] value) {
    return engine.dispatcher().compareAndSet(key, version, value);
  }

  /**
   * Replaces the value of a key by the result of a function; durable on return. The function runs
   * outside of any lock, and again if another thread changed the key meanwhile.
   *
   * @param key as {@link #put}
   * @param function is given the value, empty if there is none, and returns the new one, empty to
   *     remove the key
   * @return the function's last result
   * @throws StoreException as {@link #put} and {@link #get(byte[])}
   * @throws IllegalStateException if the store is closed
   */
  public Optional<byte[]> update(byte[] key, UnaryOperator<Optional<byte[]>> function) {
    while (true) {
      Optional<KvEntry> entry = entry(key);
      long version = entry.map(KvEntry::version).orElse(0L);
      Optional<byte[]> changed = function.apply(entry.map(KvEntry::value));
      var batch = new WriteBatch().require(key, version);
      if (changed.isPresent()) {
        batch.put(key, changed.get());
      } else if (version != 0) {
        batch.delete(key);
      }
      if (write(batch)) {
        return changed;
      }
    }
  }

  /**
   * Opens a snapshot: the store as it is now, to be read while it changes. Waits for writes that
   * are under way.
   *
   * @return the snapshot, to be closed by the caller
   * @throws IllegalStateException if the store is closed
   */
  public Snapshot snapshot() {
    return engine.snapshots().open();
  }

  /**
   * Returns the entries that there are now, in no order; later changes do not show. The iterator
   * reads a {@linkplain #snapshot snapshot} of its own, which is closed when it is at its end or
   * garbage.
   *
   * @return an iterator whose {@code next} throws {@link StoreException.Damaged} for an entry that
   *     no longer verifies, and then goes on with another one
   * @throws IllegalStateException if the store is closed, also while iterating
   */
  public Iterator<KvEntry> entries() {
    return snapshot().entriesToTheEnd();
  }

  /**
   * Returns how many keys have a value. Waits for writes that are under way, one after the other.
   *
   * @return the count
   * @throws IllegalStateException if the store is closed
   */
  public long size() {
    return engine.size();
  }

  /**
   * Moves the calling platform thread to the CPUs near the device and returns a handle to write
   * with, until it is closed.
   *
   * @return a writer for this thread only
   * @throws IllegalStateException if the store is closed, or the thread is a virtual one
   */
  public KvWriter writer() {
    engine.requireWritable();
    return KvWriter.pinned(engine, engine.place().pinning());
  }

  /**
   * Returns the id of the pool, by which it is known wherever its device is found: {@link
   * KvConfig.Builder#requiredId} refuses another one.
   *
   * @return a random UUID, set when the pool was made
   */
  public UUID id() {
    return engine.id();
  }

  /**
   * Returns what each segment of the pool is used for.
   *
   * @return the segments in the order of the medium, as they are now
   * @throws IllegalStateException if the store is closed
   */
  public List<KvStats.Segment> segments() {
    engine.requireOpen();
    return engine.space().segments();
  }

  /**
   * Makes the space of replaced and deleted records free now. Nobody needs to call it: segments are
   * cleaned in the background before the free ones run out, and by the writer that finds none.
   * Others may read and write meanwhile.
   *
   * @return how many bytes more are free than before, whole segments; others' writes may have taken
   *     some, so that it may be below 0
   * @throws StoreException.Poisoned if a write failed earlier, or a record could not be moved
   * @throws IllegalStateException if the store is closed
   */
  public long compact() {
    return engine.compact();
  }

  /**
   * Makes the pool larger, durably, while others read and write. Its file becomes longer, by zeros
   * that are really written, which takes its time; of a device or partition that has become larger
   * the new part is taken into use. A crash leaves the pool as it was or larger.
   *
   * @param capacityBytes the size of the pool; room for a part of a segment stays unused
   * @throws StoreException.Full if the file system has no room; the pool is as it was
   * @throws StoreException.Poisoned if somebody else has made itself the owner of the pool
   * @throws StoreException if the device is not as large, or the new part cannot be mapped
   * @throws IllegalArgumentException if there would not be one segment more, or if it is more than
   *     16 TiB
   * @throws UnsupportedOperationException if the store is on a map that the caller passed in, and
   *     that is not as large
   * @throws IllegalStateException if the store is closed
   */
  public void grow(long capacityBytes) {
    engine.grow(capacityBytes);
  }

  /**
   * Returns sizes and counts as they are now. Waits as {@link #size} does.
   *
   * @return the statistics
   * @throws IllegalStateException if the store is closed
   */
  public KvStats stats() {
    return engine.stats();
  }

  /**
   * Returns the pool's medium, which says what durable means there.
   *
   * @return the medium
   */
  public Medium medium() {
    return engine.medium();
  }

  /**
   * Returns the report of opening the pool.
   *
   * @return the report
   */
  public RecoveryReport recovery() {
    return engine.recovery();
  }

  StoreEngine engine() {
    return engine;
  }

  /**
   * Closes the store and marks the pool clean; closing again does nothing. Everything acknowledged
   * is durable already, and what was deferred becomes so. A poisoned store is closed unmarked.
   *
   * @throws StoreException if what was deferred cannot be written, and is lost then, or the pool
   *     cannot be marked clean; the store is closed all the same
   * @throws IllegalStateException if there is a lease still after 10 s; the store stays open
   */
  @Override
  public void close() {
    engine.close();
  }
}
