package io.lode.log;

import io.lode.pool.OpenEnd;
import io.lode.pool.Pool;
import io.lode.pool.SegmentHeader;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One open end of a log: groups are appended to its segment, and to the next one when that is full.
 *
 * <p><b>Threads.</b> Whoever appends holds {@link #lock}, also while it uses {@link #encoder}.
 */
public final class Lane {
  private final Log log;
  private final Pool pool;
  private final ReentrantLock lock = new ReentrantLock();
  private final GroupEncoder encoder;
  private @Nullable SegmentWriter current;
  private long appendedBytes;
  private SegmentHeader.@Nullable Predecessor filled;

  Lane(Log log, Pool pool) {
    this.log = log;
    this.pool = pool;
    this.encoder = new GroupEncoder(pool.seed());
  }

  /**
   * Returns what keeps others out of this lane.
   *
   * @return the lock, the last one that a thread takes
   */
  public ReentrantLock lock() {
    return lock;
  }

  /**
   * Returns what groups for this lane can be built with.
   *
   * @return the encoder, always the same
   */
  public GroupEncoder encoder() {
    return encoder;
  }

  /** Goes on with a segment that was recovered. */
  void resume(SegmentWriter writer) {
    current = writer;
  }

  /**
   * Tells whether a group would go to the segment that is open.
   *
   * @param group the group
   * @return false if another segment is needed for it
   */
  public boolean hasRoom(GroupEncoder group) {
    return current != null && current.hasRoom(group.groupLength(), group.count());
  }

  /**
   * Appends a group; it is durable on return.
   *
   * @param sequence the version of its first record, above all that this lane wrote
   * @return where it starts on the device; -1 if the pool has no room for it, and nothing was
   *     written
   */
  long append(GroupEncoder group, long sequence) {
    SegmentWriter writer = hasRoom(group) ? current : roll(sequence);
    if (writer == null) {
      return -1;
    }
    long offset = writer.append(group, sequence);
    appendedBytes += group.groupLength();
    return offset;
  }

  /** How much was appended since the log was started. */
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
    SegmentWriter full = current;
    if (full != null) {
      filled = full.asPredecessor();
    }
    int index = pool.allocate(birth, filled);
    SegmentHeader header = index < 0 ? null : pool.segment(index);
    if (header == null) {
      return null;
    }
    current = SegmentWriter.fresh(pool, index, header, log.summaryPieces());
    if (full != null) {
      log.seal(full);
    }
    log.prefaultNext();
    return current;
  }

  @Nullable OpenEnd end() {
    return current == null ? null : current.end();
  }
}
