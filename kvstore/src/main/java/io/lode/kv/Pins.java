package io.lode.kv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who still looks at records where they lie. What nothing led to when a pin was taken may be freed
 * under it; what was retired later may not. A store is not closed under a pin of its callers. Safe
 * for concurrent use.
 */
final class Pins {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String pool;
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** In the order in which they were taken. */
  @GuardedBy("lock")
  private final Set<Pin> open = new LinkedHashSet<>();

  /** Orders pins and what is retired. */
  @GuardedBy("lock")
  private long clock;

  /** How many pins were given up. */
  @GuardedBy("lock")
  private long ends;

  @GuardedBy("lock")
  private boolean ended;

  Pins(String pool) {
    this.pool = pool;
  }

  /** Keeps records where they are until it is closed. */
  final class Pin implements AutoCloseable {
    private final long time;
    private final @Nullable WeakReference<Object> reader;
    private final long startNanos = System.nanoTime();
    private volatile boolean closed;

    private Pin(long time, @Nullable WeakReference<Object> reader) {
      this.time = time;
      this.reader = reader;
    }

    private boolean isAbandoned() {
      return reader != null && reader.get() == null;
    }

    private boolean blocksClosing() {
      return reader == null;
    }

    boolean isClosed() {
      return closed;
    }

    /** Gives the pin up; closing again does nothing. */
    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        open.remove(this);
        ends++;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Takes a pin that keeps the store from being closed.
   *
   * @throws IllegalStateException if the store is closed
   */
  Pin take() {
    return take(null);
  }

  /**
   * Takes a pin that ends with its reader, if that does not close it: nobody has to close an
   * iterator.
   *
   * @throws IllegalStateException if the store is closed
   */
  Pin takeFor(Object reader) {
    return take(new WeakReference<>(reader));
  }

  private Pin take(@Nullable WeakReference<Object> reader) {
    lock.lock();
    try {
      if (ended) {
        throw new IllegalStateException(pool + " is closed");
      }
      var pin = new Pin(++clock, reader);
      open.add(pin);
      return pin;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the time at which something is retired that nothing leads to any more. */
  long retire() {
    lock.lock();
    try {
      return ++clock;
    } finally {
      lock.unlock();
    }
  }

  /** Whether nobody can still look at what was retired at a time. */
  boolean havePassed(long time) {
    lock.lock();
    try {
      forgetAbandoned();
      return open.isEmpty() || open.iterator().next().time > time;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void forgetAbandoned() {
    open.removeIf(Pin::isAbandoned);
  }

  /** Waits until a pin is given up, or the time is over, or the thread is interrupted. */
  void awaitChange(long nanos) {
    lock.lock();
    try {
      long before = ends;
      long left = nanos;
      forgetAbandoned();
      while (!open.isEmpty() && ends == before && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many pins there are. */
  int count() {
    lock.lock();
    try {
      forgetAbandoned();
      return open.size();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how long ago the oldest pin was taken; zero if there is none. */
  Duration oldestAge() {
    lock.lock();
    try {
      forgetAbandoned();
      return open.isEmpty()
          ? Duration.ZERO
          : Duration.ofNanos(System.nanoTime() - open.iterator().next().startNanos);
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
      while (open.stream().anyMatch(Pin::blocksClosing)) {
        if (left <= 0) {
          ended = false;
          throw new IllegalStateException(
              pool
                  + " still has "
                  + open.stream().filter(Pin::blocksClosing).count()
                  + " leases; close them, then close the store again");
        }
        left = changed.awaitNanos(left);
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
