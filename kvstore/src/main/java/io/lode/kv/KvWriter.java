package io.lode.kv;

import io.lode.numa.Affinity;
import io.lode.numa.Placement;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a store from the CPUs near its device. While it is open its thread runs only there;
 * closing it gives the thread its CPUs back.
 *
 * <p>Where the device has no place of its own (an ordinary file, a machine with one node), or no
 * CPU near it may be used, the thread stays where it is and {@link #placement} says why.
 *
 * <p>Only the thread that made it may use it.
 */
public final class KvWriter implements AutoCloseable {
  private final WriteDispatcher dispatcher;
  private final Thread owner;
  private final String placement;
  private final Affinity.@Nullable Scope scope;
  private boolean closed;

  private KvWriter(StoreEngine engine, String placement, Affinity.@Nullable Scope scope) {
    this.dispatcher = engine.dispatcher().pinned();
    this.owner = Thread.currentThread();
    this.placement = placement;
    this.scope = scope;
  }

  static KvWriter pinned(StoreEngine engine, Placement placement) {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException(
          "a virtual thread cannot be pinned: its carrier would stay so; write from a platform"
              + " thread");
    }
    return placement.isEmpty()
        ? new KvWriter(engine, "not pinned: " + placement.reason(), null)
        : new KvWriter(
            engine,
            "pinned to CPUs " + placement.cpus() + ": " + placement.reason(),
            Affinity.pin(placement.cpus()));
  }

  /**
   * Sets the value of a key; durable on return.
   *
   * @param key as {@link KvStore#put}
   * @param value as {@link KvStore#put}
   * @throws IllegalStateException if this is not the writer's thread, or it is closed
   * @throws io.lode.store.StoreException as {@link KvStore#put}
   */
  public void put(byte[] key, byte[] value) {
    ensureUsable();
    dispatcher.put(key, value);
  }

  /**
   * Removes a key; durable on return.
   *
   * @param key as {@link KvStore#delete}
   * @return false if it had no value
   * @throws IllegalStateException if this is not the writer's thread, or it is closed
   * @throws io.lode.store.StoreException as {@link KvStore#delete}
   */
  public boolean delete(byte[] key) {
    ensureUsable();
    return dispatcher.delete(key);
  }

  /**
   * Makes all changes of a batch, or none; durable on return.
   *
   * @param batch the changes
   * @return false if a key has not the version that the batch requires
   * @throws IllegalStateException if this is not the writer's thread, or it is closed
   * @throws io.lode.store.StoreException as {@link KvStore#write}
   */
  public boolean write(WriteBatch batch) {
    ensureUsable();
    return dispatcher.write(batch);
  }

  /**
   * Tells whether the thread was moved.
   *
   * @return false if there is nowhere to move it to
   */
  public boolean isPinned() {
    return scope != null;
  }

  /**
   * Says where the thread runs and why.
   *
   * @return a sentence
   */
  public String placement() {
    return placement;
  }

  /**
   * Gives the thread its CPUs back; closing again does nothing. The store stays open.
   *
   * @throws IllegalStateException if this is not the writer's thread
   */
  @Override
  public void close() {
    ensureOwner();
    if (!closed) {
      closed = true;
      if (scope != null) {
        scope.close();
      }
    }
  }

  private void ensureUsable() {
    ensureOwner();
    if (closed) {
      throw new IllegalStateException("this writer is closed");
    }
  }

  private void ensureOwner() {
    if (Thread.currentThread().threadId() != owner.threadId()) {
      throw new IllegalStateException(
          "this writer belongs to thread " + owner.getName() + "; every thread makes its own");
    }
  }
}
