package io.lode.kv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lode.kv.index.HashIndex;
import io.lode.pool.Pool;
import io.lode.store.StoreException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a pool larger: when somebody asks, and by itself up to a limit. Safe for concurrent use.
 */
final class Growth {
  private static final Logger LOG = LoggerFactory.getLogger(Growth.class);

  /** By itself a pool grows by one part in this many of its size, */
  private static final int PART = 8;

  /** at least by so many segments. */
  private static final int LEAST_SEGMENTS = 4;

  private final Pool pool;
  private final KeyRecords records;
  private final long limitBytes;
  private final Lock lock = new ReentrantLock();

  @GuardedBy("lock")
  private boolean refused;

  @GuardedBy("lock")
  private boolean ended;

  /**
   * Makes what lets a pool grow.
   *
   * @param limitBytes up to how many bytes it does by itself, 0 if it does not
   */
  Growth(Pool pool, KeyRecords records, long limitBytes) {
    this.pool = pool;
    this.records = records;
    this.limitBytes = limitBytes;
  }

  /** Makes the pool larger; the exceptions are those of {@link KvStore#grow}. */
  void to(long sizeBytes) {
    lock.lock();
    try {
      if (ended) {
        throw new IllegalStateException(pool.medium().pool() + " is closed");
      }
      requireAddressable(sizeBytes);
      pool.grow(
          sizeBytes,
          segments -> {
            records.liveness().reserve(segments);
            records.oldVersions().reserve(segments);
          });
      LOG.info("{} has grown to {} bytes", pool.medium().pool(), sizeBytes);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for growing that goes on; there is none afterwards. */
  void end() {
    lock.lock();
    try {
      ended = true;
    } finally {
      lock.unlock();
    }
  }

  /** Returns up to how many bytes the pool grows by itself, 0 if it does not. */
  long limitBytes() {
    return limitBytes;
  }

  private boolean isAddressable(long sizeBytes) {
    return pool.addressLimit(sizeBytes) <= HashIndex.ADDRESS_LIMIT;
  }

  private void requireAddressable(long sizeBytes) {
    if (!isAddressable(sizeBytes)) {
      throw new IllegalArgumentException(
          pool.medium().pool() + ": at most 2^44 bytes are supported, not " + sizeBytes);
    }
  }

  /** Makes the pool larger by a step if the limit allows it; false if it stays as it is. */
  boolean byItself() {
    lock.lock();
    try {
      long now = pool.sizeBytes();
      long step = Math.max(now / PART, LEAST_SEGMENTS * pool.segmentBytes());
      long next = Math.min(limitBytes, now + step);
      if (ended
          || refused
          || !isAddressable(next)
          || pool.segmentCount(next) <= pool.segments().size()) {
        return false;
      }
      to(next);
      return true;
    } catch (StoreException | UnsupportedOperationException failure) {
      // Whoever needs the room is told that the pool is full. To try costs much, so it is not tried
      // again before the store is opened again.
      refused = true;
      LOG.warn("cannot grow by itself: {}", failure.getMessage());
      return false;
    } finally {
      lock.unlock();
    }
  }
}
