package io.lode.journal;

import io.lode.pool.PoolFormat;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** The segments of a journal that are full and have a summary. Safe for concurrent use. */
final class SealedSegments {
  private final ConcurrentNavigableMap<Integer, SegmentScan> byIndex =
      new ConcurrentSkipListMap<>();
  private final AtomicLong freedBytes = new AtomicLong();

  void add(SegmentScan sealed) {
    byIndex.put(sealed.segment().index(), sealed);
  }

  /** Removes a segment that is going to be freed. */
  void remove(SegmentScan sealed) {
    if (!byIndex.remove(sealed.segment().index(), sealed)) {
      throw new IllegalStateException("segment " + sealed.segment().index() + " is not sealed");
    }
    freedBytes.addAndGet(sealed.tail() - PoolFormat.BODY_OFFSET);
  }

  List<SegmentScan> all() {
    return List.copyOf(byIndex.values());
  }

  /** Returns how much the freed segments held. */
  long freedBytes() {
    return freedBytes.get();
  }
}
