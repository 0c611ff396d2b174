package io.lode.journal;

import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The segments of a journal that are full and have a summary. Safe for concurrent use. */
final class SealedSegments {
  private final AtomicReferenceArray<SegmentScan> byIndex;
  private final AtomicLong freedBytes = new AtomicLong();

  SealedSegments(Pool pool) {
    byIndex = new AtomicReferenceArray<>(pool.segments().size());
  }

  void add(SegmentScan sealed) {
    byIndex.set(sealed.segment().index(), sealed);
  }

  /** Removes a segment that is going to be freed. */
  void remove(SegmentScan sealed) {
    if (!byIndex.compareAndSet(sealed.segment().index(), sealed, null)) {
      throw new IllegalStateException("segment " + sealed.segment().index() + " is not sealed");
    }
    freedBytes.addAndGet(sealed.tail() - PoolFormat.BODY_OFFSET);
  }

  List<SegmentScan> all() {
    List<SegmentScan> all = new ArrayList<>();
    for (int index = 0; index < byIndex.length(); index++) {
      SegmentScan sealed = byIndex.get(index);
      if (sealed != null) {
        all.add(sealed);
      }
    }
    return all;
  }

  /** Returns how much the freed segments held. */
  long freedBytes() {
    return freedBytes.get();
  }
}
