package io.lode.kv.index;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Buckets that continue full ones. Those given back are taken again first. */
final class OverflowBuckets {
  private final BucketArray buckets;
  private final Lock lock = new ReentrantLock();

  @GuardedBy("lock")
  private int count;

  @GuardedBy("lock")
  private int[] free = new int[16];

  @GuardedBy("lock")
  private int freeCount;

  OverflowBuckets(BucketArray buckets) {
    this.buckets = buckets;
  }

  MemorySegment chunk(int number) {
    return buckets.chunk(number);
  }

  long offset(int number) {
    return buckets.offset(number);
  }

  /** Takes a bucket without entries. */
  int take() {
    lock.lock();
    try {
      if (freeCount > 0) {
        return free[--freeCount];
      }
      buckets.reserve(count);
      return count++;
    } finally {
      lock.unlock();
    }
  }

  /** Gives back a bucket that has no entries any more. */
  void give(int number) {
    lock.lock();
    try {
      if (freeCount == free.length) {
        free = Arrays.copyOf(free, 2 * freeCount);
      }
      free[freeCount++] = number;
    } finally {
      lock.unlock();
    }
  }

  int usedCount() {
    lock.lock();
    try {
      return count - freeCount;
    } finally {
      lock.unlock();
    }
  }
}
