package io.lode.kv;

import io.lode.log.RecordReader;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Views of values where they lie, without a copy. They are valid until the lease is closed, also if
 * their keys are changed or deleted meanwhile; they must not be used after that. A store cannot be
 * closed while there is a lease.
 *
 * <p>Safe for concurrent use.
 */
public final class Lease implements AutoCloseable {
  private final OpenPool pool;
  private final Leases leases;
  private volatile boolean closed;

  Lease(OpenPool pool, Leases leases) {
    this.pool = pool;
    this.leases = leases;
    leases.add();
  }

  /**
   * Returns a view of the value of a key, as it is now. Its bytes are verified first.
   *
   * @param key the key
   * @return the value, read-only; empty if the key has none
   * @throws io.lode.store.StoreException.Damaged if the record of this key does not verify
   * @throws IllegalStateException if the lease or the store is closed
   */
  public Optional<MemorySegment> get(byte[] key) {
    if (closed) {
      throw new IllegalStateException("this lease is closed");
    }
    long offset = pool.offsetOf(key);
    if (offset == 0) {
      return Optional.empty();
    }
    RecordReader record = pool.read(offset);
    long value = offset + record.valueStart();
    return Optional.of(
        pool.pool().map().segment().asSlice(value, record.valueLength()).asReadOnly());
  }

  /** Gives the views up; closing again does nothing. */
  @Override
  public void close() {
    leases.remove(this);
  }

  /** Returns whether it was open. */
  boolean markClosed() {
    boolean first = !closed;
    closed = true;
    return first;
  }
}
