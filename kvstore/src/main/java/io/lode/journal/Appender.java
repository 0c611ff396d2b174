package io.lode.journal;

import io.lode.pool.Device;
import io.lode.pool.OpenEnd;
import io.lode.pool.Pool;
import io.lode.pool.Segment;
import io.lode.pool.SegmentHeader;
import io.lode.pool.SegmentUse;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One open end of a journal: groups are appended to its segment, and to the next one when that is
 * full. One group is in flight at a time, from {@link #tryBegin} to {@link #end}.
 */
final class Appender {
  private final Journal journal;
  private final Pool pool;
  private final Device device;
  private final SegmentUse use;

  /**
   * Guards all that follows. Not by {@code @GuardedBy}: the journal takes it, by {@link #tryBegin},
   * and a group gives it back, which Error Prone cannot follow; so the methods assert it.
   */
  private final ReentrantLock lock = new ReentrantLock();

  private final Group group;
  private @Nullable SegmentWriter current;
  private long appendedBytes;
  private SegmentHeader.@Nullable Predecessor filled;

  Appender(Journal journal, Pool pool, SegmentUse use) {
    this.journal = journal;
    this.use = use;
    this.pool = pool;
    this.device = pool.device();
    this.group =
        new Group(
            journal, this, new GroupEncoder(), JournalFormat.recordSpace(pool.segmentBytes()));
  }

  /** Takes the appender if nobody has it. */
  boolean tryBegin() {
    return lock.tryLock();
  }

  /** Takes the appender, waiting until no other thread has it. */
  void begin() {
    lock.lock();
  }

  /** Whether some thread is appending. */
  boolean isBusy() {
    return lock.isLocked();
  }

  /** Gives the appender back. */
  void end() {
    lock.unlock();
  }

  /** Returns what its segments are written with. */
  SegmentUse use() {
    return use;
  }

  /** Returns the group of the thread that has the appender, always the same object. */
  Group group() {
    assert lock.isHeldByCurrentThread();
    return group;
  }

  /** Continues in a segment that was recovered. */
  void resume(SegmentWriter writer) {
    current = writer;
  }

  /** Whether a group fits the open segment; otherwise another segment is needed. */
  boolean hasRoom(GroupEncoder group) {
    assert lock.isHeldByCurrentThread();
    return current != null && current.hasRoom(group);
  }

  /**
   * Appends a group; it is durable on return.
   *
   * @param sequence the group's, above all that this appender wrote
   * @return the address of its first record; -1 if the pool has no room for it, and nothing was
   *     written
   */
  long append(GroupEncoder group, long sequence) {
    assert lock.isHeldByCurrentThread();
    SegmentWriter writer = hasRoom(group) ? current : roll(sequence);
    if (writer == null) {
      return -1;
    }
    long address = writer.append(group, sequence, pool.epoch());
    appendedBytes += group.groupLength();
    return address;
  }

  /** Returns how many bytes were appended since the journal was resumed. */
  long appendedBytes() {
    lock.lock();
    try {
      return appendedBytes;
    } finally {
      lock.unlock();
    }
  }

  /** Opens another segment, and has the full one sealed; null if none is free. */
  private @Nullable SegmentWriter roll(long birth) {
    assert lock.isHeldByCurrentThread();
    SegmentWriter full = current;
    if (full != null) {
      filled = full.asPredecessor();
    }
    Segment segment = pool.allocator().allocate(device, use, birth, filled);
    if (segment == null) {
      return null;
    }
    current = SegmentWriter.fresh(segment, pool.seed(), journal.summaryPieces());
    if (full != null) {
      journal.seal(full);
    }
    journal.segmentTaken();
    return current;
  }

  /**
   * Seals the open segment if it is old, so that it can be freed; the next group opens another one.
   *
   * @param birth a sequence: a segment that was taken later is left open
   */
  void retire(long birth) {
    lock.lock();
    try {
      SegmentWriter old = current;
      if (old != null && old.birth() <= birth) {
        filled = old.asPredecessor();
        current = null;
        journal.sealNow(old);
      }
    } finally {
      lock.unlock();
    }
  }

  /** How far the open segment reaches, or the last one; null if there never was one. */
  SegmentHeader.@Nullable Predecessor reaches() {
    lock.lock();
    try {
      return current == null ? filled : current.asPredecessor();
    } finally {
      lock.unlock();
    }
  }

  /** Where the records of the open segment end, null if there is none. */
  @Nullable OpenEnd openEnd() {
    lock.lock();
    try {
      return current == null ? null : current.end();
    } finally {
      lock.unlock();
    }
  }
}
