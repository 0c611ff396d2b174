package io.lode.kv;

import io.lode.journal.Journal;
import io.lode.journal.RecordKind;
import io.lode.kv.index.HashIndex;

/**
 * The one place where a durable change becomes visible. A failure here poisons the journal: a
 * change that is durable but not visible would appear after the next opening.
 *
 * <p>The thread that publishes a change holds the lock of its key's stripe, and has held it since
 * before the change had a version.
 */
final class Publisher {
  private final Journal journal;
  private final HashIndex index;
  private final KeyRecords records;
  private final Stripes stripes;

  Publisher(Journal journal, HashIndex index, KeyRecords records, Stripes stripes) {
    this.journal = journal;
    this.index = index;
    this.records = records;
    this.stripes = stripes;
  }

  /**
   * Makes a change visible, without waiting for its bucket.
   *
   * @throws io.lode.store.StoreException.Poisoned if that failed
   */
  void publish(RecordKind kind, long hash, byte[] key, long address) {
    assert stripes.areHeld(Stripes.maskOf(hash));
    try {
      if (kind.removes()) {
        index.remove(hash, key);
        records.deleted(address);
      } else {
        index.stage(hash, key, address);
      }
    } catch (Throwable failure) {
      throw journal.poison(failure);
    }
  }

  /**
   * Makes a change visible whose bucket was prefetched.
   *
   * @throws io.lode.store.StoreException.Poisoned if that failed
   */
  void publishPrefetched(RecordKind kind, long hash, byte[] key, long address) {
    assert stripes.areHeld(Stripes.maskOf(hash));
    try {
      if (kind.removes()) {
        index.remove(hash, key);
        records.deleted(address);
      } else {
        index.put(hash, key, address);
      }
    } catch (Throwable failure) {
      throw journal.poison(failure);
    }
  }
}
