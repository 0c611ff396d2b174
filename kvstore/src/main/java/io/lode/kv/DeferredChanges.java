package io.lode.kv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The changes behind a store's {@link DeferredWrites}, in their order: accepted, but neither
 * durable nor visible until they are written, a batch at a time. Safe for concurrent use.
 */
final class DeferredChanges {
  /** Above this they are written without being asked for. */
  private static final long MOST_BYTES = 1 << 20;

  /** Written at once: fits a segment of any pool together with a small record. */
  private static final long GROUP_BYTES = 4 << 10;

  private final OpenState state;
  private final Consumer<Change> requireFits;
  private final Predicate<WriteBatch> writer;
  private final Lock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<Key, Change> changes = new LinkedHashMap<>();

  @GuardedBy("lock")
  private long bytes;

  @GuardedBy("lock")
  private boolean ended;

  /** Written under the lock, read without it. */
  private volatile boolean isEmpty = true;

  /**
   * Creates an empty collection for a store.
   *
   * @param requireFits refuses a change that can never be written
   * @param writer makes a batch durable and visible
   */
  DeferredChanges(OpenState state, Consumer<Change> requireFits, Predicate<WriteBatch> writer) {
    this.state = state;
    this.requireFits = requireFits;
    this.writer = writer;
  }

  /** The bytes of a key, compared by their values. */
  @SuppressWarnings("ArrayRecordComponent") // compared by its contents, below
  private record Key(byte[] bytes) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  /**
   * Accepts a change, with copies of its key and value.
   *
   * @throws IllegalArgumentException if it can never be written
   * @throws IllegalStateException if the store is closed
   */
  void add(Change change) {
    requireFits.accept(change);
    lock.lock();
    try {
      requireOpen();
      Change own = change.copied();
      var key = new Key(own.key());
      // Behind those that came before: what is lost in a crash is the end of the order.
      Change replaced = changes.remove(key);
      changes.put(key, own);
      bytes += own.bytes() - (replaced == null ? 0 : replaced.bytes());
      isEmpty = false;
      if (bytes > MOST_BYTES) {
        write();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes all changes if one of them is of this key. */
  void writeIfOf(byte[] key) {
    if (isEmpty) {
      return;
    }
    lock.lock();
    try {
      if (changes.containsKey(new Key(key))) {
        write();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes all changes if a batch changes or requires one of their keys. */
  void writeIfOfAny(WriteBatch batch) {
    if (!isEmpty) {
      batch.changes().forEach(change -> writeIfOf(change.key()));
      batch.requirements().forEach(requirement -> writeIfOf(requirement.key()));
    }
  }

  /** Writes all changes; those that failed are kept. */
  void sync() {
    if (isEmpty) {
      return;
    }
    lock.lock();
    try {
      write();
    } finally {
      lock.unlock();
    }
  }

  /** Writes all changes and accepts no more; those that failed are lost. */
  void end() {
    lock.lock();
    try {
      ended = true;
      write();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void requireOpen() {
    state.requireOpen();
    if (ended) {
      throw new IllegalStateException("the store is being closed");
    }
  }

  @GuardedBy("lock")
  private void write() {
    while (!changes.isEmpty()) {
      WriteBatch batch = firstChanges();
      if (!writer.test(batch)) {
        throw new IllegalStateException("a batch without requirements was not written");
      }
      for (Change written : batch.changes()) {
        changes.remove(new Key(written.key()));
        bytes -= written.bytes();
      }
    }
    assert bytes == 0 : bytes + " bytes of no change";
    isEmpty = true;
  }

  @GuardedBy("lock")
  private WriteBatch firstChanges() {
    var batch = new WriteBatch();
    for (Change change : changes.values()) {
      if (batch.size() > 0 && batch.bytes() + change.value().length > GROUP_BYTES) {
        break;
      }
      batch.add(change);
    }
    return batch;
  }
}
