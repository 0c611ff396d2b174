package io.lode.kv;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Counts the leases of a store, which is not closed under them. */
final class Leases {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String pool;
  private final Lock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();
  private int count;
  private boolean ended;

  Leases(String pool) {
    this.pool = pool;
  }

  void add() {
    lock.lock();
    try {
      if (ended) {
        throw new IllegalStateException(pool + " is closed");
      }
      count++;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a lease, once. */
  void remove(Lease lease) {
    lock.lock();
    try {
      if (lease.markClosed() && --count == 0) {
        none.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets no lease begin from now on and waits for those that there are.
   *
   * @throws IllegalStateException if one is still open after 10 s
   */
  void end() {
    lock.lock();
    try {
      ended = true;
      long left = PATIENCE_NANOS;
      while (count > 0) {
        if (left <= 0) {
          ended = false;
          throw new IllegalStateException(
              pool + " still has " + count + " leases; close them, then close the store again");
        }
        left = none.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      ended = false;
      Thread.currentThread().interrupt();
      throw new IllegalStateException(pool + ": interrupted while leases are open");
    } finally {
      lock.unlock();
    }
  }
}
