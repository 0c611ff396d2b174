package io.lode.kv;

import io.lode.journal.SegmentScan;
import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.pool.Segment;
import java.util.Arrays;

/**
 * How much of each segment is still needed. A record is live as long as the index leads to it; a
 * delete is counted apart, because it is needed as long as an older record of its key may lie
 * somewhere. Only what is lost is counted, so that a put of a new key counts nothing.
 *
 * <p>The space of a record is what it takes up to where the next one starts. Safe for concurrent
 * use.
 */
final class Liveness {
  /** A power of two. Threads whose numbers agree modulo this share an array. */
  private static final int ARRAYS = 8;

  private final Pool pool;

  /**
   * Garbage by segment, in parts to be added up: two threads that replace records of the same
   * segments would wait for each other's cache lines.
   */
  private final SegmentCounters[] garbage = new SegmentCounters[ARRAYS];

  private final SegmentCounters deletes;

  Liveness(Pool pool) {
    this.pool = pool;
    Arrays.setAll(garbage, _ -> new SegmentCounters(pool.segments().size()));
    this.deletes = new SegmentCounters(pool.segments().size());
  }

  /** Makes room for the segments of a pool that grows. */
  void reserve(int segments) {
    for (SegmentCounters part : garbage) {
      part.reserve(segments);
    }
    deletes.reserve(segments);
  }

  /** Nothing leads to a record any more. */
  void replaced(long address, long spaceBytes) {
    garbage[(int) Thread.currentThread().threadId() & (ARRAYS - 1)].add(
        pool.segmentAt(address).index(), spaceBytes);
  }

  /** A delete was written. */
  void deleted(long address, long spaceBytes) {
    deletes.add(pool.segmentAt(address).index(), spaceBytes);
  }

  /** Sets what recovery has found out about a segment. */
  void recovered(Segment segment, long garbageBytes, long deleteBytes) {
    assert garbageBytes >= 0 && deleteBytes >= 0 : garbageBytes + ", " + deleteBytes;
    setGarbage(segment, garbageBytes);
    deletes.set(segment.index(), deleteBytes);
  }

  /** The segment was freed. */
  void freed(Segment segment) {
    setGarbage(segment, 0);
    deletes.set(segment.index(), 0);
  }

  private void setGarbage(Segment segment, long bytes) {
    for (SegmentCounters part : garbage) {
      part.set(segment.index(), 0);
    }
    garbage[0].set(segment.index(), bytes);
  }

  /** Returns the space of records that nothing leads to, other than deletes. */
  long garbageBytes(Segment segment) {
    long sum = 0;
    for (SegmentCounters part : garbage) {
      sum += part.get(segment.index());
    }
    return sum;
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
    return Arrays.stream(garbage).mapToLong(SegmentCounters::sum).sum();
  }

  /** Returns the space of all deletes. */
  long deleteBytes() {
    return deletes.sum();
  }
}
