package io.lode.kv;

import io.lode.journal.Journal;
import io.lode.journal.RecordReader;
import io.lode.kv.index.HashIndex;
import io.lode.store.StoreException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens snapshots and finds what they see. Most keys have not been changed since a snapshot was
 * opened: the index leads to what it sees, and no lock is taken. Else {@link OldVersions} does,
 * under the lock of the key's stripe. Safe for concurrent use.
 */
final class Snapshots {
  private final OpenState state;
  private final Pins pins;
  private final Committer committer;
  private final Journal journal;
  private final HashIndex index;
  private final KeyRecords records;
  private final OldVersions oldVersions;
  private final Stripes stripes;
  private final Reads reads;
  private final DeferredChanges deferred;

  Snapshots(
      OpenState state,
      Pins pins,
      Committer committer,
      Journal journal,
      HashIndex index,
      KeyRecords records,
      Stripes stripes,
      Reads reads,
      DeferredChanges deferred) {
    this.state = state;
    this.pins = pins;
    this.committer = committer;
    this.journal = journal;
    this.index = index;
    this.records = records;
    this.oldVersions = records.oldVersions();
    this.stripes = stripes;
    this.reads = reads;
    this.deferred = deferred;
  }

  /** Opens a snapshot, after the deferred changes were written and every write under way ended. */
  Snapshot open() {
    state.requireOpen();
    deferred.tryToSync();
    return new Snapshot(this);
  }

  /** Fixes what a new snapshot sees. */
  OldVersions.View view(Snapshot snapshot) {
    Pins.Pin pin = pins.takeFor(snapshot);
    return committer.exclusively(() -> {
      var view = new OldVersions.View(journal.nextSequence(), index.size(), pin);
      oldVersions.open(view);
      return view;
    });
  }

  void close(OldVersions.View view) {
    oldVersions.close(view, stripes);
  }

  Reads reads() {
    return reads;
  }

  /** Refuses to go on if the snapshot or the store is closed. */
  void requireOpen(OldVersions.View view) {
    state.requireOpen();
    if (view.pin().isClosed()) {
      throw new IllegalStateException("this snapshot is closed");
    }
  }

  /** Returns the record of a key, until this thread reads another one; null if it had no value. */
  @Nullable RecordReader find(OldVersions.View view, long hash, byte[] key) {
    RecordReader newest = findNewest(hash, key);
    RecordReader found =
        newest != null && newest.sequence() < view.bound() ? newest : findLocked(view, hash, key);
    // What it has found may have been overwritten while another thread closed the snapshot.
    requireOpen(view);
    return found;
  }

  private @Nullable RecordReader findNewest(long hash, byte[] key) {
    try {
      return reads.findWritten(hash, key);
    } catch (StoreException.Damaged _) {
      // The snapshot may see an older one.
      return null;
    }
  }

  private @Nullable RecordReader findLocked(OldVersions.View view, long hash, byte[] key) {
    long stripe = Stripes.maskOf(hash);
    stripes.lock(stripe);
    try {
      index.drain(HashIndex.stripeOf(hash));
      long address = index.find(hash, key);
      RecordReader newest = address == 0 ? null : records.readIfSound(address);
      if (newest != null && newest.sequence() < view.bound()) {
        return newest;
      }
      for (OldVersions.Version version : oldVersions.of(hash, view.bound())) {
        if (records.matches(version.address(), key)) {
          return records.read(version.address());
        }
      }
      if (address != 0 && newest == null) {
        throw records.damaged(address);
      }
      return null;
    } finally {
      stripes.unlock(stripe);
    }
  }

  /**
   * Shows the records of a group of the index that a snapshot may see: all that it sees, and newer
   * ones. They stay where they are under a pin that the caller took before.
   */
  void list(OldVersions.View view, int stripe, int groupBits, int group, LongConsumer action) {
    stripes.lock(1L << stripe);
    try {
      index.drain(stripe);
      index.forEach(stripe, groupBits, group, action);
      oldVersions.forEach(stripe, groupBits, group, view.bound(), action);
    } finally {
      stripes.unlock(1L << stripe);
    }
  }

  int groupBits(int stripe) {
    return index.groupBits(stripe);
  }

  Pins.Pin pinToRead() {
    return pins.take(Pins.Kind.READ);
  }

  KeyRecords records() {
    return records;
  }
}
