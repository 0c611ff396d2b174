package io.lode.pool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the free segments of a pool. Its lock comes after a journal's appender in the order of
 * locks; it guards which segments are free, which their headers say. Safe for concurrent use.
 */
public final class SegmentAllocator {
  private final Lock lock = new ReentrantLock();

  SegmentAllocator() {}

  /**
   * Allocates a free segment; its header is durable on return.
   *
   * @param device the device to allocate on
   * @param birth the journal's sequence now, above 0
   * @param follows the segment that its writer has filled before, null if none
   * @return the segment, null if none is free
   * @throws io.lode.store.StoreException.Poisoned if somebody else has made itself the owner
   * @throws io.lode.store.StoreException.Full if the segment needs room that the file system does
   *     not have; nothing was changed
   */
  public @Nullable Segment allocate(
      Device device, long birth, SegmentHeader.@Nullable Predecessor follows) {
    lock.lock();
    try {
      device.requireOwner();
      Segment segment = firstFree(device);
      SegmentHeader free = segment == null ? null : segment.header();
      if (segment != null && free != null) {
        assert free.isFree() && birth > 0 : free + " born at " + birth;
        segment.ensureAllocated();
        segment.writeHeader(
            new SegmentHeader(free.generation() + 1, birth, device.header().epoch(), follows));
        assert !segment.isFree() : segment.header();
      }
      return segment;
    } finally {
      lock.unlock();
    }
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
