package io.lode.kv;

import io.lode.journal.KeyHash;
import io.lode.journal.RecordReader;
import io.lode.kv.index.HashIndex;
import io.lode.pool.Pool;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Finds records by key. Takes no lock, unless a change of the key was deferred: that is written
 * first, so that what is read is durable; if that fails, what was there before is read. Safe for
 * concurrent use.
 */
final class Reads {
  private final OpenState state;
  private final Pool pool;
  private final long seed;
  private final HashIndex index;
  private final KeyRecords records;
  private final DeferredChanges deferred;

  Reads(OpenState state, Pool pool, HashIndex index, KeyRecords records, DeferredChanges deferred) {
    this.state = state;
    this.pool = pool;
    this.seed = pool.seed();
    this.index = index;
    this.records = records;
    this.deferred = deferred;
  }

  /** Returns the record of a key, until this thread reads another one; null if it has no value. */
  @Nullable RecordReader find(byte[] key) {
    long hash = hash(key);
    // All of the record comes while its key is compared.
    prefetchRecord(hash);
    return find(hash, key);
  }

  /**
   * Returns the record of a key whose hash is known. What was read while a segment was written anew
   * is not believed but read again: the record may have been moved meanwhile.
   */
  @Nullable RecordReader find(long hash, byte[] key) {
    state.requireOpen();
    deferred.tryToWriteIfOf(key);
    return findWritten(hash, key);
  }

  /** Returns the record of a key as of the last change that was not deferred, or is written. */
  @Nullable RecordReader findWritten(long hash, byte[] key) {
    while (true) {
      long before = pool.allocations();
      long address = index.find(hash, key);
      RecordReader record = address == 0 ? null : records.readIfSound(address);
      VarHandle.acquireFence();
      if (pool.allocations() == before) {
        if (address != 0 && record == null) {
          throw records.damaged(address);
        }
        return record;
      }
    }
  }

  /** Returns where the record of a key is, damaged or not; 0 if it has no value. */
  long addressOf(byte[] key) {
    state.requireOpen();
    deferred.tryToWriteIfOf(key);
    long hash = hash(key);
    while (true) {
      long before = pool.allocations();
      long address = index.find(hash, key);
      VarHandle.acquireFence();
      if (pool.allocations() == before) {
        return address;
      }
    }
  }

  /** Returns the record at an address that a pin keeps, until this thread reads another one. */
  RecordReader read(long address) {
    return records.read(address);
  }

  void requireOpen() {
    state.requireOpen();
  }

  long hash(byte[] key) {
    return KeyHash.of(seed, key, 0, key.length);
  }

  /** Prefetches where the index looks for a hash. */
  void prefetchBucket(long hash) {
    index.prefetch(hash);
  }

  /** Prefetches the record that the index suggests for a hash. */
  void prefetchRecord(long hash) {
    records.prefetchWhole(index.candidate(hash));
  }
}
