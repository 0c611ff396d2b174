package io.lode.kv;

import io.lode.kv.index.KeyMatch;
import io.lode.log.LogFormat;
import io.lode.log.RecordReader;
import io.lode.pmem.Prefetch;
import io.lode.pool.GuardedRead;
import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.pool.SegmentHeader;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Reads and verifies single records of a pool. Safe for concurrent use. */
final class Records implements KeyMatch {
  /** Most records are no longer; the CPU itself fetches what follows. */
  private static final int PREFETCHED_LINES = 4;

  private final Pool pool;
  private final ThreadLocal<RecordReader> readers;

  Records(Pool pool) {
    this.pool = pool;
    this.readers = ThreadLocal.withInitial(() -> new RecordReader(pool.seed()));
  }

  /**
   * Reads the record at an offset on the device into memory of this thread.
   *
   * @return the record, until this thread reads the next one; null if it does not verify
   */
  @Nullable RecordReader read(long offset) {
    int index = (int) ((offset - PoolFormat.SEGMENTS_OFFSET) / pool.segmentBytes());
    SegmentHeader header = pool.segment(index);
    if (header == null) {
      return null;
    }
    long position = offset - pool.segmentOffset(index);
    try {
      RecordReader record = readAt(index, header, position, offset);
      if (record == null) {
        // A page that cannot be read may be why; its error must not surface later somewhere else.
        GuardedRead.deliverPendingFault();
      }
      return record;
    } catch (InternalError _) {
      GuardedRead.discardPendingFaults();
      return null;
    }
  }

  private @Nullable RecordReader readAt(
      int segmentIndex, SegmentHeader header, long position, long offset) {
    MemorySegment map = pool.map().segment();
    long available = pool.segmentBytes() - position;
    if (available < LogFormat.RECORD_HEADER_BYTES) {
      return null;
    }
    long length = RecordReader.claimedLength(map, offset);
    if (length < 0 || length > available) {
      return null;
    }
    RecordReader reader = readers.get();
    MemorySegment.copy(map, offset, reader.reserve((int) length), 0, length);
    return reader.check(0, (int) length, segmentIndex, header.generation(), position)
        ? reader
        : null;
  }

  /** Lets the CPU fetch the first lines of a record, if there is one at the offset. */
  void prefetch(long offset) {
    if (offset != 0) {
      MemorySegment map = pool.map().segment();
      Prefetch.lines(map, offset, PREFETCHED_LINES);
    }
  }

  /** Lets the CPU fetch where the key of a record begins. */
  @Override
  public void expect(long offset) {
    if (offset != 0) {
      Prefetch.line(pool.map().segment(), offset);
    }
  }

  /** Makes the error of a record that does not verify. */
  StoreException.Damaged damaged(long offset) {
    return new StoreException.Damaged(
        pool.medium().pool(),
        offset,
        "a record does not verify; put its key again, or restore it from a copy");
  }

  /**
   * Tells whether a record is of a key; one that does not verify is taken to be. A key that is the
   * same is not verified: nobody believes the record by that alone.
   */
  @Override
  public boolean test(long offset, byte[] key) {
    try {
      if (RecordReader.claimsKey(pool.map().segment(), offset, key)) {
        return true;
      }
      GuardedRead.deliverPendingFault();
    } catch (InternalError _) {
      GuardedRead.discardPendingFaults();
      return true;
    }
    RecordReader record = read(offset);
    return record == null || record.hasKey(key);
  }

  /**
   * Tells whether two records whose hashes are equal are of one key. Where one does not verify they
   * are taken to be: a damaged newer version must hide the older one, not sit beside it.
   */
  boolean areOfOneKey(long offset, long otherOffset) {
    RecordReader record = read(offset);
    if (record == null) {
      return true;
    }
    byte[] key = record.key();
    return test(otherOffset, key);
  }
}
