package io.lode.kv;

import io.lode.journal.RecordReader;
import io.lode.pool.Pool;
import io.lode.pool.Segment;
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
  private final Reads reads;
  private final Pool pool;
  private final Pins.Pin pin;

  /**
   * Makes a lease.
   *
   * @param pin taken for it, given up when it is closed
   */
  Lease(Reads reads, Pool pool, Pins.Pin pin) {
    this.reads = reads;
    this.pool = pool;
    this.pin = pin;
  }

  /**
   * Returns a view of the value of a key, as it is now. Its bytes are verified first.
   *
   * @param key the key
   * @return the value, read-only; empty if the key has none
   * @throws io.lode.store.StoreException.Damaged if the record of this key does not verify
   * @throws io.lode.store.StoreException as {@link KvStore#get(byte[])}
   * @throws IllegalStateException if the lease or the store is closed
   */
  public Optional<MemorySegment> get(byte[] key) {
    if (pin.isClosed()) {
      throw new IllegalStateException("this lease is closed");
    }
    long address = reads.addressOf(key);
    if (address == 0) {
      return Optional.empty();
    }
    RecordReader record = reads.read(address);
    Segment segment = pool.segmentAt(address);
    long value = segment.position(address) + record.valueStart();
    return Optional.of(segment.memory().asSlice(value, record.valueLength()).asReadOnly());
  }

  /** Gives the views up; closing again does nothing. */
  @Override
  public void close() {
    pin.close();
  }
}
