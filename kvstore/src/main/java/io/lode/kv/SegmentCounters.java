package io.lode.kv;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A number for each segment of a pool, which may grow. Safe for concurrent use but for {@link
 * #reserve}, which one thread at a time calls before the others see the new segments.
 */
final class SegmentCounters {
  private static final int PIECE_BITS = 10;
  private static final int PIECE = 1 << PIECE_BITS;

  /** Each for as many segments; replaced by a longer array with the same pieces. */
  private volatile AtomicLongArray[] pieces = {};

  SegmentCounters(int segments) {
    reserve(segments);
  }

  /** Makes room for segments; what was counted stays. */
  void reserve(int segments) {
    AtomicLongArray[] before = pieces;
    int count = (segments + PIECE - 1) >> PIECE_BITS;
    if (count > before.length) {
      var more = new AtomicLongArray[count];
      for (int index = 0; index < count; index++) {
        more[index] = index < before.length ? before[index] : new AtomicLongArray(PIECE);
      }
      pieces = more;
    }
  }

  void add(int segment, long number) {
    pieces[segment >> PIECE_BITS].getAndAdd(segment & (PIECE - 1), number);
  }

  void set(int segment, long number) {
    pieces[segment >> PIECE_BITS].set(segment & (PIECE - 1), number);
  }

  long get(int segment) {
    return pieces[segment >> PIECE_BITS].get(segment & (PIECE - 1));
  }

  /** Returns the sum for all segments. */
  long sum() {
    long sum = 0;
    for (AtomicLongArray piece : pieces) {
      for (int index = 0; index < PIECE; index++) {
        sum += piece.get(index);
      }
    }
    return sum;
  }
}
