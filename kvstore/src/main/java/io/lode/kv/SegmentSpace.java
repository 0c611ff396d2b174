package io.lode.kv;

import io.lode.journal.SegmentScan;
import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.pool.Segment;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongUnaryOperator;

/**
 * What recovery learns of the space in each segment: several threads add what they find live, each
 * to sums of its own. Safe for concurrent use but for {@link #tell}, which comes last.
 */
final class SegmentSpace {
  private final Pool pool;
  private final long[] deletes;

  /** By the id of the thread, which must not keep them after it has opened a store. */
  private final Map<Long, Sums> sums = new ConcurrentHashMap<>();

  private static final class Sums {
    private final long[] live;
    private final Queue<Long> large = new ConcurrentLinkedQueue<>();

    Sums(int segments) {
      live = new long[segments];
    }
  }

  SegmentSpace(Pool pool) {
    this.pool = pool;
    this.deletes = new long[pool.segments().size()];
  }

  /** Adds the versions that are left of a partition. */
  void addLive(Versions versions) {
    Sums own =
        sums.computeIfAbsent(Thread.currentThread().threadId(), thread -> new Sums(deletes.length));
    for (int version = 0; version < versions.count(); version++) {
      long place = versions.place(version);
      long address = Versions.addressIn(place);
      long space = Versions.spaceIn(place);
      own.live[pool.segmentAt(address).index()] += space;
      if (space == 0) {
        own.large.add(address);
      }
    }
  }

  /** Sets the space of a segment's deletes; one thread does for each segment. */
  void setDeletes(Segment segment, long bytes) {
    deletes[segment.index()] = bytes;
  }

  /**
   * Tells what is live, and what of the rest is not.
   *
   * @param spaceOfLarge finds the space of a record that is too long to be told in passing
   */
  void tell(List<SegmentScan> scans, Liveness liveness, LongUnaryOperator spaceOfLarge) {
    long[] live = new long[deletes.length];
    for (Sums part : sums.values()) {
      for (int segment = 0; segment < live.length; segment++) {
        live[segment] += part.live[segment];
      }
      for (long address : part.large) {
        live[pool.segmentAt(address).index()] += spaceOfLarge.applyAsLong(address);
      }
    }
    for (SegmentScan scan : scans) {
      int index = scan.segment().index();
      long used = scan.tail() - PoolFormat.BODY_OFFSET;
      long lost = scan.gaps().stream().mapToLong(SegmentScan.Gap::lengthBytes).sum();
      // A record that was found damaged may be shorter than its summary said.
      long garbage = Math.max(0, used - lost - live[index] - deletes[index]);
      liveness.recovered(scan.segment(), garbage, deletes[index]);
    }
  }
}
