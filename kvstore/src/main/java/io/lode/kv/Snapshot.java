package io.lode.kv;

import io.lode.journal.RecordReader;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A store as it was at one moment, to be read while it changes: of every write that had returned it
 * sees all, of a batch all or nothing, and nothing of later changes. What was deferred is written
 * first. Opening one takes no time that depends on how much there is.
 *
 * <p>While a snapshot is open, the space of what it sees and what has been replaced since is not
 * used again, and each replaced version that it sees takes some 100 bytes of heap. One that nobody
 * refers to any more ends when space is needed; {@link KvStats#pins} shows those that are open.
 * Closing the store ends its snapshots.
 *
 * <p>Safe for concurrent use.
 */
public final class Snapshot implements AutoCloseable {
  private final Snapshots snapshots;
  private final OldVersions.View view;
  private final MultiGet multiGet;

  Snapshot(Snapshots snapshots) {
    this.snapshots = snapshots;
    this.view = snapshots.view(this);
    this.multiGet = new MultiGet(snapshots.reads(), (hash, key) -> snapshots.find(view, hash, key));
  }

  /**
   * Returns the value that a key had.
   *
   * @param key the key
   * @return its value, empty if it had none
   * @throws StoreException.Damaged if the record no longer verifies
   * @throws IllegalStateException if the snapshot or the store is closed
   */
  public Optional<byte[]> get(byte[] key) {
    return entry(key).map(KvEntry::value);
  }

  /**
   * Returns the value that a key had, with its version.
   *
   * @param key the key
   * @return its entry, empty if it had no value
   * @throws StoreException.Damaged if the record no longer verifies
   * @throws IllegalStateException if the snapshot or the store is closed
   */
  public Optional<KvEntry> entry(byte[] key) {
    RecordReader record = snapshots.find(view, snapshots.reads().hash(key), key);
    return record == null ? Optional.empty() : Optional.of(KvEntry.of(record));
  }

  /**
   * Returns the values that several keys had, faster than one by one.
   *
   * @param keys the keys
   * @return a value for each key, in their order, empty where there was none
   * @throws StoreException.Damaged if the record of one no longer verifies
   * @throws IllegalStateException if the snapshot or the store is closed
   */
  public List<Optional<byte[]>> multiGet(List<byte[]> keys) {
    return multiGet.values(keys);
  }

  /**
   * Copies the values that several keys had, as {@link KvStore#multiGet(List, MemorySegment,
   * int[])} does.
   *
   * @param keys the keys
   * @param target takes the values
   * @param lengths is given the length of each value in bytes, -1 where there was none
   * @return the number of keys whose values were copied or absent: fewer than given if the next
   *     value does not fit
   * @throws IndexOutOfBoundsException if {@code lengths} is shorter than {@code keys}
   * @throws StoreException.Damaged if the record of one no longer verifies
   * @throws IllegalStateException if the snapshot or the store is closed
   */
  public int multiGet(List<byte[]> keys, MemorySegment target, int[] lengths) {
    return multiGet.copy(keys, target, lengths);
  }

  /**
   * Returns all entries, in no order. Several iterators may read one snapshot.
   *
   * @return an iterator whose {@code next} throws {@link StoreException.Damaged} for an entry that
   *     no longer verifies, and then goes on with another one
   * @throws IllegalStateException if the snapshot or the store is closed, also while iterating
   */
  public Iterator<KvEntry> entries() {
    snapshots.requireOpen(view);
    return new EntryIterator(snapshots, this, view, () -> {});
  }

  /** Returns all entries, and is closed at their end. */
  Iterator<KvEntry> entriesToTheEnd() {
    return new EntryIterator(snapshots, this, view, this::close);
  }

  /**
   * Returns how many keys had a value.
   *
   * @return the count
   */
  public long size() {
    return view.size();
  }

  /** Ends the snapshot; closing again does nothing. */
  @Override
  public void close() {
    snapshots.close(view);
  }
}
