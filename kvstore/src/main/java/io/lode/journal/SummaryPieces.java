package io.lode.journal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Pieces of summaries, used again once a segment is sealed, so that no writer waits for a garbage
 * collection or for new pages of the heap. Safe for concurrent use.
 */
final class SummaryPieces {
  /** Entries of a piece: 48 KiB. */
  static final int ENTRIES = 1 << 11;

  private static final int WORDS = ENTRIES * Summary.WORDS;

  /** 12 MiB: enough for a few segments of small records. */
  private static final int MOST_KEPT = 256;

  private final Lock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Deque<long[]> kept = new ArrayDeque<>();

  long[] take() {
    lock.lock();
    try {
      return kept.isEmpty() ? new long[WORDS] : kept.pop();
    } finally {
      lock.unlock();
    }
  }

  /** Takes a piece back that is no longer used. */
  void give(long[] piece) {
    lock.lock();
    try {
      if (piece.length == WORDS && kept.size() < MOST_KEPT) {
        kept.push(piece);
      }
    } finally {
      lock.unlock();
    }
  }
}
