package io.lode.kv;

import io.lode.kv.index.HashIndex;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock for each stripe of the index. Whoever changes a key holds the lock of its stripe from the
 * moment its version is decided until the index shows it: so versions, fences and what readers see
 * come in one order for each key.
 */
final class Stripes {
  /** The mask of all stripes. */
  static final long ALL = -1L;

  private final ReentrantLock[] locks = new ReentrantLock[HashIndex.STRIPES];

  Stripes() {
    Arrays.setAll(locks, _ -> new ReentrantLock());
  }

  /** Returns the bit of the stripe of a hash. */
  static long maskOf(long hash) {
    return 1L << HashIndex.stripeOf(hash);
  }

  /**
   * Takes the locks of a mask in their order, so that two who want several never wait in a ring.
   */
  void lock(long mask) {
    for (long left = mask; left != 0; left &= left - 1) {
      locks[Long.numberOfTrailingZeros(left)].lock();
    }
  }

  void unlock(long mask) {
    for (long left = mask; left != 0; left &= left - 1) {
      locks[Long.numberOfTrailingZeros(left)].unlock();
    }
  }
}
