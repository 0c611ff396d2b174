package io.lode.kv;

import io.lode.journal.RecordAccess;
import io.lode.journal.RecordReader;
import io.lode.kv.index.IndexedRecords;
import io.lode.pool.GuardedRead;
import io.lode.pool.Pool;
import io.lode.pool.Segment;
import io.lode.store.StoreException;

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

  KeyRecords(Pool pool) {
    this.pool = pool;
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
      Segment segment = pool.segmentAt(address);
      throw new StoreException.Damaged(
          pool.medium().pool(),
          segment.offset(segment.position(address)),
          "a record does not verify; put its key again, or restore it from a copy");
    }
    return record;
  }

  /** Whether the record at an address can be read and verified. */
  boolean isSound(long address) {
    return access.read(address) != null;
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
      return true;
    }
    RecordReader record = access.read(address);
    return record == null || record.hasKey(key);
  }

  /** What nothing leads to any more was written to an allocated segment, and lies there still. */
  @Override
  public void replaced(long address) {
    assert isInUse(address) : address;
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
