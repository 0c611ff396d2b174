package io.lode.kv;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Changes that are <b>not durable</b> until {@link #sync}: a crash may lose the last of them, but
 * never one without those that came after it. They are written many at a time, and sooner than
 * asked for where there are many, and when somebody reads or writes one of their keys through the
 * store: what is read is always durable.
 *
 * <p>One for each store, until that is closed, which syncs. Safe for concurrent use. Keys and
 * values are copied.
 */
public final class DeferredWrites {
  /** Above this they are written without being asked for. */
  private static final long MOST_BYTES = 1 << 20;

  /** Written at once: fits a segment of any pool together with a small record. */
  private static final long GROUP_BYTES = 4 << 10;

  private final Writes writes;
  private final WriteRoute route;
  private final Lock lock = new ReentrantLock();
  private final Map<Key, byte @Nullable []> changes = new LinkedHashMap<>();
  private long bytes;
  private volatile boolean isEmpty = true;

  DeferredWrites(Writes writes, WriteRoute route) {
    this.writes = writes;
    this.route = route;
  }

  /** The bytes of a key, to be compared. */
  @SuppressWarnings("ArrayRecordComponent") // compared by its contents, below
  private record Key(byte[] bytes) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  boolean isEmpty() {
    return isEmpty;
  }

  /**
   * Sets the value of a key.
   *
   * @param key as {@link KvStore#put}
   * @param value as {@link KvStore#put}
   * @throws IllegalArgumentException as {@link KvStore#put}
   * @throws io.lode.store.StoreException as {@link #sync}, if many are waiting
   * @throws IllegalStateException if the store is closed
   */
  public void put(byte[] key, byte[] value) {
    writes.requireFits(key, value.length);
    add(key, value);
  }

  /**
   * Removes a key, if it has a value then.
   *
   * @param key the key
   * @throws IllegalArgumentException if its length is not allowed
   * @throws io.lode.store.StoreException as {@link #sync}, if many are waiting
   * @throws IllegalStateException if the store is closed
   */
  public void delete(byte[] key) {
    writes.requireFits(key, 0);
    add(key, null);
  }

  /** Adds a change; a value of null removes the key. */
  private void add(byte[] key, byte @Nullable [] value) {
    lock.lock();
    try {
      writes.requireOpen();
      // Behind those that came before: what is lost in a crash is the end of the order.
      changes.remove(new Key(key));
      changes.put(new Key(key.clone()), value == null ? null : value.clone());
      bytes += key.length + (value == null ? 0 : value.length);
      isEmpty = false;
      if (bytes > MOST_BYTES) {
        write();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes all changes if one is of a key. */
  void writeIfOf(byte[] key) {
    if (isEmpty) {
      return;
    }
    lock.lock();
    try {
      if (changes.containsKey(new Key(key))) {
        write();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes all changes if a batch is about one of their keys. */
  void writeIfOfAny(WriteBatch batch) {
    if (!isEmpty) {
      batch.changes().forEach(change -> writeIfOf(change.key()));
      batch.requirements().forEach(requirement -> writeIfOf(requirement.key()));
    }
  }

  /**
   * Makes all changes durable, also those of other threads.
   *
   * @throws io.lode.store.StoreException as {@link KvStore#put}; what is not durable is kept, to be
   *     tried again
   * @throws IllegalStateException if the store is closed
   */
  public void sync() {
    if (isEmpty) {
      return;
    }
    lock.lock();
    try {
      write();
    } finally {
      lock.unlock();
    }
  }

  /** Writes in the order of the changes; what failed stays. */
  private void write() {
    while (!changes.isEmpty()) {
      WriteBatch batch = firstChanges();
      route.write(batch);
      batch.changes().forEach(written -> changes.remove(new Key(written.key())));
    }
    bytes = 0;
    isEmpty = true;
  }

  private WriteBatch firstChanges() {
    var batch = new WriteBatch();
    for (Map.Entry<Key, byte @Nullable []> change : changes.entrySet()) {
      byte[] value = change.getValue();
      if (batch.size() > 0 && batch.bytes() + (value == null ? 0 : value.length) > GROUP_BYTES) {
        break;
      }
      if (value == null) {
        batch.delete(change.getKey().bytes());
      } else {
        batch.put(change.getKey().bytes(), value);
      }
    }
    return batch;
  }
}
