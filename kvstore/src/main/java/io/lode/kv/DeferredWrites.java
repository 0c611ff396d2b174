package io.lode.kv;

import io.lode.pool.GuardedBy;
import io.lode.store.StoreException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Changes that are <b>not durable</b> until {@link #sync}: a crash may lose the last of them, but
 * never one without those that came after it. They are written in batches: on sync, above 1 MiB of
 * pending changes, and before any read or write of one of their keys, so that a reader never sees a
 * change that is not durable. If they cannot be written, readers find what was there before.
 *
 * <p>One for each store, until that is closed, which syncs. Safe for concurrent use. Keys and
 * values are copied.
 */
public final class DeferredWrites {
  // The changes wait in runs, each of which is written as one group: whole or not at all. A change
  // replaces an earlier one of its key within its run only. Were it to take the place of one in an
  // earlier run, or that one left out, a crash between the two could show it without what came
  // before it, or what came before it without the one that it replaced.

  /** Above this they are written without being asked for. */
  private static final long MOST_BYTES = 1 << 20;

  /** Written at once: fits a segment of any pool together with a small record. */
  private static final long RUN_BYTES = 4 << 10;

  private final OpenState state;
  private final Consumer<Change> requireFits;
  private final Predicate<WriteBatch> writer;
  private final Lock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Deque<Run> runs = new ArrayDeque<>();

  /** Those of all runs. */
  @GuardedBy("lock")
  private final Set<Key> keys = new HashSet<>();

  @GuardedBy("lock")
  private long bytes;

  @GuardedBy("lock")
  private boolean ended;

  private volatile boolean isEmpty = true;

  /**
   * Defers changes of a store.
   *
   * @param requireFits refuses a change that can never be written
   * @param writer makes a batch durable and visible
   */
  DeferredWrites(OpenState state, Consumer<Change> requireFits, Predicate<WriteBatch> writer) {
    this.state = state;
    this.requireFits = requireFits;
    this.writer = writer;
  }

  /** Changes that become durable together. */
  private static final class Run {
    private final Map<Key, Change> changes = new LinkedHashMap<>();
    private long bytes;

    /** Adds a change if it fits, in the place of an earlier one of its key. */
    boolean add(Key key, Change change) {
      Change replaced = changes.get(key);
      long after = bytes + change.bytes() - (replaced == null ? 0 : replaced.bytes());
      if (!changes.isEmpty() && after > RUN_BYTES) {
        return false;
      }
      changes.put(key, change);
      bytes = after;
      return true;
    }
  }

  /** The bytes of a key, to be compared. */
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

  boolean isEmpty() {
    return isEmpty;
  }

  /**
   * Sets the value of a key.
   *
   * @param key as {@link KvStore#put}
   * @param value as {@link KvStore#put}
   * @throws IllegalArgumentException as {@link KvStore#put}
   * @throws StoreException as {@link #sync}, if many are waiting
   * @throws IllegalStateException if the store is closed
   */
  public void put(byte[] key, byte[] value) {
    add(Change.put(key, value));
  }

  /**
   * Removes a key, if it has a value then.
   *
   * @param key the key
   * @throws IllegalArgumentException if its length is not allowed
   * @throws StoreException as {@link #sync}, if many are waiting
   * @throws IllegalStateException if the store is closed
   */
  public void delete(byte[] key) {
    add(Change.delete(key));
  }

  private void add(Change change) {
    requireFits.accept(change);
    lock.lock();
    try {
      requireOpen();
      Change own = change.copied();
      var key = new Key(own.key());
      Run last = runs.peekLast();
      bytes -= last == null ? 0 : last.bytes;
      if (last == null || !last.add(key, own)) {
        bytes += last == null ? 0 : last.bytes;
        last = new Run();
        last.add(key, own);
        runs.addLast(last);
      }
      bytes += last.bytes;
      keys.add(key);
      isEmpty = false;
      if (bytes > MOST_BYTES) {
        write();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes all changes if one is of a key. */
  void writeIfOf(byte[] key) {
    if (isEmpty) {
      return;
    }
    lock.lock();
    try {
      if (keys.contains(new Key(key))) {
        write();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes all changes if one is of a key that is to be read, unless that fails: they are kept. */
  void tryToWriteIfOf(byte[] key) {
    if (!isEmpty) {
      try {
        writeIfOf(key);
      } catch (StoreException _) {
        // A store that takes no writes can still be read. Syncing says why, and so does closing.
      }
    }
  }

  /** Writes all changes unless that fails: they are kept. */
  void tryToSync() {
    try {
      sync();
    } catch (StoreException _) {
      // As above.
    }
  }

  /** Writes all changes if a batch is about one of their keys. */
  void writeIfOfAny(WriteBatch batch) {
    if (!isEmpty) {
      batch.changes().forEach(change -> writeIfOf(change.key()));
      batch.requirements().forEach(requirement -> writeIfOf(requirement.key()));
    }
  }

  /**
   * Makes all changes durable, also those of other threads.
   *
   * @throws StoreException as {@link KvStore#put}; what is not durable is kept, to be tried again
   * @throws IllegalStateException if the store is closed
   */
  public void sync() {
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

  @GuardedBy("lock")
  private void requireOpen() {
    state.requireOpen();
    if (ended) {
      throw new IllegalStateException("the store is being closed");
    }
  }

  /**
   * Writes all changes and takes no more.
   *
   * @throws StoreException as {@link #sync}; what is not durable is lost then
   */
  void end() {
    lock.lock();
    try {
      ended = true;
      write();
    } finally {
      lock.unlock();
    }
  }

  /** Writes in the order of the changes; what failed stays. */
  @GuardedBy("lock")
  private void write() {
    try {
      for (Run run = runs.peekFirst(); run != null; run = runs.peekFirst()) {
        var batch = new WriteBatch();
        run.changes.values().forEach(batch::add);
        if (!writer.test(batch)) {
          throw new IllegalStateException("a batch without requirements was not written");
        }
        bytes -= run.bytes;
        runs.removeFirst();
      }
    } finally {
      keys.clear();
      runs.forEach(run -> keys.addAll(run.changes.keySet()));
      isEmpty = runs.isEmpty();
    }
  }
}
