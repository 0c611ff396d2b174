package io.lode.journal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lode.pool.PoolFormat;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The segments of a journal that are full and have a summary, and those that are about to get one.
 * Safe for concurrent use.
 */
final class SealedSegments {
  private final ConcurrentNavigableMap<Integer, SegmentScan> byIndex =
      new ConcurrentSkipListMap<>();
  private final AtomicLong freedBytes = new AtomicLong();
  private final Lock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();

  /** How many full segments have no summary yet. */
  @GuardedBy("lock")
  private int expected;

  /** One more segment is going to be sealed. */
  void expect() {
    lock.lock();
    try {
      expected++;
    } finally {
      lock.unlock();
    }
  }

  /** A segment that was expected has been sealed, or never will be. */
  void settle() {
    lock.lock();
    try {
      expected--;
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether segments are expected. */
  boolean areExpected() {
    lock.lock();
    try {
      return expected > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until none is expected; false if the time is over before, or the thread interrupted. */
  boolean await(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (expected > 0 && left > 0) {
        left = settled.awaitNanos(left);
      }
      return expected == 0;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

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
