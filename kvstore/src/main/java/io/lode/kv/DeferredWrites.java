package io.lode.kv;

/**
 * Changes that are <b>not durable</b> until {@link #sync}: a crash may lose the last of them, but
 * never one without those that came after it. They are written in batches: on sync, above 1 MiB of
 * pending changes, and before any read or write of one of their keys, so that a reader never sees a
 * change that is not durable. If they cannot be written, readers find what was there before.
 *
 * <p>There is one for each store, usable until the store is closed, which syncs. Safe for
 * concurrent use. Keys and values are copied.
 */
public final class DeferredWrites {
  private final DeferredChanges changes;

  DeferredWrites(DeferredChanges changes) {
    this.changes = changes;
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
    changes.add(Change.put(key, value));
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
    changes.add(Change.delete(key));
  }

  /**
   * Makes all changes durable, also those of other threads.
   *
   * @throws io.lode.store.StoreException as {@link KvStore#put}; what is not durable is kept, to be
   *     tried again
   * @throws IllegalStateException if the store is closed
   */
  public void sync() {
    changes.sync();
  }
}
