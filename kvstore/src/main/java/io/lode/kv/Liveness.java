package io.lode.kv;

import io.lode.journal.SegmentScan;
import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.pool.Segment;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How much of each segment is still needed. A record is live as long as the index leads to it; a
 * delete is counted apart, because it is needed as long as an older record of its key may lie
 * somewhere. Only what is lost is counted, so that a put of a new key counts nothing.
 *
 * <p>The space of a record is what it takes up to where the next one starts. Safe for concurrent
 * use.
 */
final class Liveness {
  private final Pool pool;
  private final AtomicLongArray garbage;
  private final AtomicLongArray deletes;

  Liveness(Pool pool) {
    this.pool = pool;
    this.garbage = new AtomicLongArray(pool.segments().size());
    this.deletes = new AtomicLongArray(pool.segments().size());
  }

  /** Nothing leads to a record any more. */
  void replaced(long address, long spaceBytes) {
    garbage.getAndAdd(pool.segmentAt(address).index(), spaceBytes);
  }

  /** A delete was written. */
  void deleted(long address, long spaceBytes) {
    deletes.getAndAdd(pool.segmentAt(address).index(), spaceBytes);
  }

  /** Sets what recovery has found out about a segment. */
  void recovered(Segment segment, long garbageBytes, long deleteBytes) {
    assert garbageBytes >= 0 && deleteBytes >= 0 : garbageBytes + ", " + deleteBytes;
    garbage.set(segment.index(), garbageBytes);
    deletes.set(segment.index(), deleteBytes);
  }

  /** The segment was freed. */
  void freed(Segment segment) {
    garbage.set(segment.index(), 0);
    deletes.set(segment.index(), 0);
  }

  /** Returns the space of records that nothing leads to, other than deletes. */
  long garbageBytes(Segment segment) {
    return garbage.get(segment.index());
  }

  /** Returns the space of deletes, whether they are still needed or not. */
  long deleteBytes(Segment segment) {
    return deletes.get(segment.index());
  }

  /** Returns the space of the live records of a sealed segment. */
  long liveBytes(SegmentScan sealed) {
    Segment segment = sealed.segment();
    long used = sealed.tail() - PoolFormat.BODY_OFFSET;
    return used - garbageBytes(segment) - deleteBytes(segment);
  }

  /** Returns the space of all records that nothing leads to, other than deletes. */
  long garbageBytes() {
    return sum(garbage);
  }

  /** Returns the space of all deletes. */
  long deleteBytes() {
    return sum(deletes);
  }

  private static long sum(AtomicLongArray bytes) {
    long sum = 0;
    for (int index = 0; index < bytes.length(); index++) {
      sum += bytes.get(index);
    }
    return sum;
  }
}
