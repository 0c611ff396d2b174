package io.lode.kv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who still looks at records where they lie. A store is not closed under a pin. Safe for concurrent
 * use.
 */
final class Pins {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String pool;
  private final Lock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();

  @GuardedBy("lock")
  private int count;

  @GuardedBy("lock")
  private boolean ended;

  Pins(String pool) {
    this.pool = pool;
  }

  /** Keeps records where they are until it is closed. */
  final class Pin implements AutoCloseable {
    private volatile boolean closed;

    private Pin() {}

    boolean isClosed() {
      return closed;
    }

    /** Gives the pin up; closing again does nothing. */
    @Override
    public void close() {
      lock.lock();
      try {
        if (!closed) {
          closed = true;
          if (--count == 0) {
            none.signalAll();
          }
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Takes a pin.
   *
   * @throws IllegalStateException if the store is closed
   */
  Pin take() {
    lock.lock();
    try {
      if (ended) {
        throw new IllegalStateException(pool + " is closed");
      }
      count++;
      return new Pin();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses pins from now on and waits for those that there are.
   *
   * @throws IllegalStateException if one is still open after 10 s, or the thread is interrupted;
   *     pins can be taken again then
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
