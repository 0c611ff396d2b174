package io.lode.kv;

import io.lode.journal.RecordAccess;
import io.lode.journal.RecordReader;
import io.lode.kv.index.IndexedRecords;
import io.lode.pool.GuardedRead;
import io.lode.pool.Pool;
import io.lode.pool.Segment;
import io.lode.store.StoreException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The records of a pool as its index uses them: compared by key, and prefetched. Safe for
 * concurrent use.
 */
final class KeyRecords implements IndexedRecords {
  /** Most records are no longer; the CPU itself fetches what follows. */
  private static final int PREFETCHED_BYTES = 256;

  /** A header and most keys. */
  private static final int COMPARED_BYTES = 48;

  private final Pool pool;
  private final RecordAccess access;
  private final Liveness liveness;
  private final OldVersions oldVersions;

  /** Records that were found damaged. Their headers are not read again, perhaps cannot be. */
  private final Set<Long> damaged = ConcurrentHashMap.newKeySet();

  KeyRecords(Pool pool) {
    this.pool = pool;
    this.liveness = new Liveness(pool);
    this.oldVersions = new OldVersions(pool);
    this.access = new RecordAccess(pool);
  }

  /**
   * Returns the record at an address, until this thread reads another one.
   *
   * @throws StoreException.Damaged if it does not verify
   */
  RecordReader read(long address) {
    RecordReader record = access.read(address);
    if (record == null) {
      throw damaged(address);
    }
    return record;
  }

  /** Returns the error of a record that does not verify. */
  StoreException.Damaged damaged(long address) {
    Segment segment = pool.segmentAt(address);
    return new StoreException.Damaged(
        pool.medium().pool(),
        segment.offset(segment.position(address)),
        "a record does not verify; put its key again, or restore it from a copy");
  }

  /** Returns the record at an address, until this thread reads another one; null if damaged. */
  @Nullable RecordReader readIfSound(long address) {
    return access.read(address);
  }

  /** Returns the space of a record, up to where the next one starts; 0 if it does not verify. */
  long space(long address) {
    return access.read(address) == null ? 0 : access.claimedSpace(address);
  }

  /** Returns what is known of the space that the records take. */
  Liveness liveness() {
    return liveness;
  }

  /** Has the first lines of a record prefetched, if there is one at the address. */
  void prefetchWhole(long address) {
    if (address != 0) {
      access.prefetch(address, PREFETCHED_BYTES);
    }
  }

  /** Has the lines prefetched in which the header of a record is and its key begins. */
  @Override
  public void prefetch(long address) {
    if (address != 0) {
      access.prefetch(address, COMPARED_BYTES);
    }
  }

  /**
   * Tells whether a record is of a key; one that does not verify is taken to be. A key that is the
   * same is not verified: the record is verified before it is served.
   */
  @Override
  public boolean matches(long address, byte[] key) {
    try {
      if (access.claimsKey(address, key)) {
        return true;
      }
      GuardedRead.deliverPendingFault();
    } catch (InternalError _) {
      GuardedRead.discardPendingFaults();
      damaged.add(address);
      return true;
    }
    RecordReader record = access.read(address);
    if (record == null) {
      damaged.add(address);
      return true;
    }
    return record.hasKey(key);
  }

  /** Nothing leads to the record any more, though it lies there still. */
  @Override
  public void replaced(long hash, long address) {
    if (oldVersions.areWanted()) {
      RecordReader record = readIfSound(address);
      oldVersions.add(hash, address, record == null ? 0 : record.sequence());
    }
    moved(address);
  }

  /** The same version lies elsewhere, and the index leads there. */
  void moved(long address) {
    assert isInUse(address) : address;
    if (damaged.isEmpty() || !damaged.contains(address)) {
      liveness.replaced(address, access.claimedSpace(address));
    }
  }

  /** Returns the versions that were replaced and that snapshots see. */
  OldVersions oldVersions() {
    return oldVersions;
  }

  /** A segment was freed. */
  void freed(Segment segment) {
    damaged.removeIf(segment::isOf);
    liveness.freed(segment);
  }

  /** A delete was written. */
  void deleted(long address) {
    liveness.deleted(address, access.claimedSpace(address));
  }

  private boolean isInUse(long address) {
    Segment segment = pool.segmentAt(address);
    return !segment.isFree() && segment.isOf(address);
  }

  /**
   * Tells whether two records whose hashes are equal are of one key. Where one does not verify they
   * are taken to be: a damaged newer version must hide the older one, not sit beside it.
   */
  boolean areOfOneKey(long address, long otherAddress) {
    RecordReader record = access.read(address);
    if (record == null) {
      return true;
    }
    byte[] key = record.key();
    return matches(otherAddress, key);
  }
}
