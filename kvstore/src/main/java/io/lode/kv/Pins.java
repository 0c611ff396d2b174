package io.lode.kv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who still looks at records where they lie. What nothing led to when a pin was taken may be freed
 * under it; what was retired later may not, but for the pin of a snapshot, which finds what it sees
 * also in other places. A store is not closed under the pin of a lease. Safe for concurrent use.
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

  /** What a pin is of. */
  enum Kind {
    /** It looks at what it has found in place, for as long as its user likes. */
    LEASE,

    /** It copies records that it has just found. */
    READ,

    /** It keeps {@link OldVersions}. */
    SNAPSHOT
  }

  /** Keeps records where they are until it is closed. */
  final class Pin implements AutoCloseable {
    private final long time;
    private final Kind kind;
    private final @Nullable WeakReference<Object> reader;
    private final long startNanos = System.nanoTime();
    private volatile boolean closed;

    private Pin(long time, Kind kind, @Nullable WeakReference<Object> reader) {
      this.time = time;
      this.kind = kind;
      this.reader = reader;
    }

    boolean isAbandoned() {
      return reader != null && reader.get() == null;
    }

    private boolean blocksClosing() {
      return kind != Kind.SNAPSHOT;
    }

    Kind kind() {
      return kind;
    }

    Duration age() {
      return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** Whether what was retired at a time may be freed under it. */
    boolean allows(long retired) {
      return kind == Kind.SNAPSHOT || time > retired;
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
  Pin take(Kind kind) {
    return take(kind, null);
  }

  /**
   * Takes the pin of a snapshot; it ends with it, if that does not close it.
   *
   * @throws IllegalStateException if the store is closed
   */
  Pin takeFor(Object snapshot) {
    return take(Kind.SNAPSHOT, new WeakReference<>(snapshot));
  }

  private Pin take(Kind kind, @Nullable WeakReference<Object> reader) {
    lock.lock();
    try {
      if (ended) {
        throw new IllegalStateException(pool + " is closed");
      }
      var pin = new Pin(++clock, kind, reader);
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
      return open.stream().allMatch(pin -> pin.allows(time));
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

  /** Returns the pins of leases and snapshots, oldest first. */
  List<Pin> ofUsers() {
    lock.lock();
    try {
      forgetAbandoned();
      return open.stream().filter(pin -> pin.kind != Kind.READ).toList();
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
