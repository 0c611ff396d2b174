package io.lode.kv;

import io.lode.kv.index.HashIndex;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock for each stripe of the index. A thread that changes a key holds the lock of its stripe
 * from before the change has a version until the index shows it, so versions, fences and visibility
 * have one order for each key.
 */
final class Stripes {
  /** The mask of all stripes. */
  static final long ALL = -1L;

  /** Attempts before a thread sleeps, some 20 ns each: a write to persistent memory takes less. */
  private static final int ATTEMPTS = 50;

  private final ReentrantLock[] locks = new ReentrantLock[HashIndex.STRIPES];

  Stripes() {
    Arrays.setAll(locks, _ -> new ReentrantLock());
  }

  /** Returns the bit of the stripe of a hash. */
  static long maskOf(long hash) {
    return 1L << HashIndex.stripeOf(hash);
  }

  /** Takes the locks of a mask in their order, so that threads never deadlock. */
  void lock(long mask) {
    for (long left = mask; left != 0; left &= left - 1) {
      lock(locks[Long.numberOfTrailingZeros(left)]);
    }
  }

  /** Spins first: to sleep and be woken takes as long as twenty writes. */
  private static void lock(ReentrantLock lock) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (lock.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    lock.lock();
  }

  /** Whether this thread has the locks of a mask, and perhaps others: for assertions. */
  boolean areHeld(long mask) {
    for (long left = mask; left != 0; left &= left - 1) {
      if (!locks[Long.numberOfTrailingZeros(left)].isHeldByCurrentThread()) {
        return false;
      }
    }
    return true;
  }

  void unlock(long mask) {
    for (long left = mask; left != 0; left &= left - 1) {
      locks[Long.numberOfTrailingZeros(left)].unlock();
    }
  }
}
