package io.lode.kv;

import io.lode.journal.KeyHash;
import io.lode.journal.RecordReader;
import io.lode.kv.index.HashIndex;
import org.jspecify.annotations.Nullable;

/**
 * Finds records by key. Takes no lock, unless a change of the key was deferred: that is written
 * first, so that what is read is durable; if that fails, what was there before is read. Safe for
 * concurrent use.
 */
final class Reads {
  private final OpenState state;
  private final long seed;
  private final HashIndex index;
  private final KeyRecords records;
  private final DeferredChanges deferred;

  Reads(OpenState state, long seed, HashIndex index, KeyRecords records, DeferredChanges deferred) {
    this.state = state;
    this.seed = seed;
    this.index = index;
    this.records = records;
    this.deferred = deferred;
  }

  /** Returns the record of a key, until this thread reads another one; null if it has no value. */
  @Nullable RecordReader find(byte[] key) {
    state.requireOpen();
    long hash = hash(key);
    // All of the record comes while its key is compared.
    prefetchRecord(hash);
    long address = addressOf(hash, key);
    return address == 0 ? null : records.read(address);
  }

  /** Returns where the record of a key is, damaged or not; 0 if it has no value. */
  long addressOf(byte[] key) {
    state.requireOpen();
    return addressOf(hash(key), key);
  }

  private long addressOf(long hash, byte[] key) {
    deferred.tryToWriteIfOf(key);
    return index.find(hash, key);
  }

  /** Returns the record at an address, until this thread reads another one. */
  RecordReader read(long address) {
    return records.read(address);
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
