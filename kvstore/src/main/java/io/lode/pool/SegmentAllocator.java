package io.lode.pool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the free segments of a pool and takes segments back. The last free ones are kept in
 * reserve: moving records must always find a segment, or nothing would become free any more, and a
 * full pool must take deletes.
 *
 * <p>Its lock comes after a journal's appender in the order of locks; it guards which segments are
 * free, which their headers say. Safe for concurrent use.
 */
public final class SegmentAllocator {
  /** From how many segments on a pool keeps segments in reserve for moves and for deletes. */
  private static final int LEAST_FOR_MOVES = 3;

  private static final int LEAST_FOR_DELETES = 4;
  private static final int LEAST_FOR_TWO_MOVES = 16;

  private final Supplier<List<Segment>> segments;
  private final Lock lock = new ReentrantLock();

  private final AtomicLong allocations = new AtomicLong();

  SegmentAllocator(Supplier<List<Segment>> segments) {
    this.segments = segments;
  }

  /** Does something while no segment is allocated or freed. */
  void whileNothingChanges(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Allocates a free segment; its header is durable on return.
   *
   * @param device the device to allocate on
   * @param use what for: writers leave the reserves alone, deletes the one for moves
   * @param birth the journal's sequence now, above 0
   * @param follows the segment that its writer has filled before, null if none
   * @return the segment, null if none is free for this use
   * @throws io.lode.store.StoreException.Poisoned if somebody else has made itself the owner
   * @throws io.lode.store.StoreException.Full if the segment needs room that the file system does
   *     not have; nothing was changed
   */
  public @Nullable Segment allocate(
      Device device, SegmentUse use, long birth, SegmentHeader.@Nullable Predecessor follows) {
    lock.lock();
    try {
      device.requireOwner();
      Segment segment = freeCount() > reservedFrom(use) ? firstFree(device) : null;
      SegmentHeader free = segment == null ? null : segment.header();
      if (segment != null && free != null) {
        assert free.isFree() && birth > 0 : free + " born at " + birth;
        segment.ensureAllocated();
        allocations.incrementAndGet();
        segment.writeHeader(
            new SegmentHeader(
                free.generation() + 1,
                birth,
                device.header().epoch(),
                use,
                follows,
                free.movedTo(),
                0));
        assert !segment.isFree() : segment.header();
      }
      return segment;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes a segment free again, durably. Whatever is still needed of it is durable elsewhere.
   *
   * @param segment allocated, and written by nobody
   * @param written how far a segment reaches that is written to, null if there is none: what made
   *     this one's records needless is likely to be there
   * @param movedTo how far the segment reaches that records were moved to last, null if none were
   *     ever: until this one is freed again its header tells a lost end there from a torn tail
   * @throws io.lode.store.StoreException.Poisoned if somebody else has made itself the owner
   */
  public void free(
      Segment segment,
      SegmentHeader.@Nullable Predecessor written,
      SegmentHeader.@Nullable Predecessor movedTo) {
    lock.lock();
    try {
      segment.device().requireOwner();
      SegmentHeader used = segment.header();
      if (used == null || used.isFree()) {
        throw new IllegalStateException("segment " + segment.index() + " is not allocated");
      }
      segment.writeHeader(used.freed(written, movedTo));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns how many segments were allocated since the pool was opened. A reader compares it before
   * and after: what it has read meanwhile was not written anew if the number is the same.
   *
   * @return a number that only rises, before the first byte of a segment changes
   */
  public long allocations() {
    return allocations.get();
  }

  /**
   * Returns how many segments are free, those in reserve among them.
   *
   * @return the count
   */
  public int freeCount() {
    int count = 0;
    for (Segment segment : segments.get()) {
      if (segment.isFree() && segment.isHealthy()) {
        count++;
      }
    }
    return count;
  }

  /**
   * Returns how many free segments are not for a use.
   *
   * @param use what a segment is needed for
   * @return the count, 0 in the smallest pools
   */
  public int reservedFrom(SegmentUse use) {
    return switch (use) {
      case MOVES -> 0;
      case DELETES -> reservedForMoves();
      case WRITES -> reservedForMoves() + (segments.get().size() >= LEAST_FOR_DELETES ? 1 : 0);
    };
  }

  private int reservedForMoves() {
    int count = segments.get().size();
    return count >= LEAST_FOR_TWO_MOVES ? 2 : count >= LEAST_FOR_MOVES ? 1 : 0;
  }

  /**
   * Has the operating system map the segment that will be allocated next, if one is free.
   *
   * @param device the device to allocate on
   */
  public void prefaultNext(Device device) {
    Segment next;
    lock.lock();
    try {
      next = firstFree(device);
    } finally {
      lock.unlock();
    }
    if (next != null) {
      next.prefault(0);
    }
  }

  @GuardedBy("lock")
  private @Nullable Segment firstFree(Device device) {
    for (Segment segment : device.segments()) {
      if (segment.isFree() && segment.isHealthy()) {
        return segment;
      }
    }
    return null;
  }
}
