package io.lode.kv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
 * The changes behind a store's {@link DeferredWrites}, in their order: accepted, but neither
 * durable nor visible until they are written, a batch at a time. Safe for concurrent use.
 */
final class DeferredChanges {
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

  /** The keys of all runs. */
  @GuardedBy("lock")
  private final Set<Key> keys = new HashSet<>();

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

  /** Writes all changes if one of them is of this key. */
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

  /**
   * Writes all changes if one of them is of this key, which is read; those that failed are kept.
   */
  void tryToWriteIfOf(byte[] key) {
    if (!isEmpty) {
      try {
        writeIfOf(key);
      } catch (StoreException _) {
        // A store that takes no writes can still be read. Syncing says why, and so does closing.
      }
    }
  }

  /** Writes all changes; those that failed are kept, without an error. */
  void tryToSync() {
    try {
      sync();
    } catch (StoreException _) {
      // As above.
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
      assert bytes == 0 : bytes + " bytes of no change";
    } finally {
      keys.clear();
      runs.forEach(run -> keys.addAll(run.changes.keySet()));
      isEmpty = runs.isEmpty();
    }
  }
}
