package io.lode.pool;

import static io.lode.pool.PoolFormat.*;

import io.lode.pmem.PmemMap;
import io.lode.store.Medium;
import io.lode.store.StoreException;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A device cut into segments. A pool is first only read; {@link #own} makes the caller its owner,
 * who alone may allocate segments and write to them, until {@link #release}.
 *
 * <p><b>Threads.</b> Any number of threads may {@link #allocate} and use the accessors while the
 * pool is owned; the rest is one thread's.
 */
public final class Pool {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Medium medium;
  private final PmemMap map;
  private final DeviceState device;
  private final boolean isDoubtful;
  private final boolean wasClean;
  private final @Nullable SegmentHeader[] segments;
  private final Lock allocation = new ReentrantLock();
  private final List<OpenEnd> promisedEnds;
  private final long promisedSequence;
  private DeviceHeader header;

  private Pool(Medium medium, PmemMap map, DeviceState device, DeviceHeaders.Found found) {
    this.medium = medium;
    this.map = map;
    this.device = device;
    this.isDoubtful = !device.isAsVerified(found.header());
    this.header = found.header();
    this.wasClean = found.copiesAgree() && header.isClean();
    this.promisedEnds = wasClean ? header.openEnds() : List.of();
    this.promisedSequence = wasClean ? header.lastSequence() : 0;
    this.segments = new SegmentHeader[(int) header.segmentCount()];
    for (int index = 0; index < segments.length; index++) {
      segments[index] = SegmentHeader.read(map, segmentOffset(index), header.seed(), index);
    }
  }

  /**
   * Makes a pool of a whole map. A crash on the way leaves what is not a pool.
   *
   * @param medium what the map is
   * @param map where
   * @param segmentBytes size of a segment
   * @param overwrite whether whatever is there may be lost
   * @throws StoreException.Foreign if the map does not start with zeros and must not be overwritten
   * @throws StoreException.Io if the headers could not be persisted
   * @throws IllegalArgumentException if the segment size is not allowed or not one fits
   */
  public static void format(Medium medium, PmemMap map, long segmentBytes, boolean overwrite) {
    long count = fittingSegments(map.size(), segmentBytes);
    if (!isSegmentSize(segmentBytes) || count < 1 || count > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "segments of "
              + segmentBytes
              + " bytes in a pool of "
              + map.size()
              + ": need a multiple of "
              + COPY_STRIDE_BYTES
              + " from "
              + MIN_SEGMENT_BYTES
              + " to "
              + MAX_SEGMENT_BYTES
              + ", and room for one");
    }
    if (!DeviceHeaders.isBlank(map)) {
      if (!overwrite) {
        throw new StoreException.Foreign(
            medium.pool(), "holds data already; nothing was changed. Say so if it may be lost");
      }
      PoolErrors.write(medium.pool(), () -> DeviceHeaders.erase(map));
    }
    PoolErrors.write(medium.pool(), () -> writeEmpty(map, segmentBytes, count));
  }

  private static void writeEmpty(PmemMap map, long segmentBytes, long count) {
    long seed = RANDOM.nextLong();
    SegmentHeader free = SegmentHeader.free(0);
    for (int index = 0; index < count; index++) {
      free.write(map, SEGMENTS_OFFSET + index * segmentBytes, seed, index);
    }
    var id = new UUID(RANDOM.nextLong(), RANDOM.nextLong());
    DeviceHeaders.write(
        map,
        new DeviceHeader(
            FLAG_CLEAN,
            0,
            0,
            id,
            seed,
            0,
            1,
            map.size(),
            segmentBytes,
            count,
            1,
            0,
            0,
            -1,
            0,
            0,
            List.of()));
  }

  /**
   * Reads the headers of a pool; writes nothing.
   *
   * @param medium what the map is
   * @param map where
   * @param device what is known of the device
   * @return the pool
   * @throws StoreException if it is foreign, newer, damaged or only a part of a pool
   */
  public static Pool read(Medium medium, PmemMap map, DeviceState device) {
    return new Pool(medium, map, device, DeviceHeaders.read(medium.pool(), map));
  }

  /**
   * Makes the caller the owner: a new epoch, not clean, durable on return. Copies of headers that
   * differ are made equal. If {@link #isDoubtful} everything was verified before.
   *
   * @throws StoreException.Io if the headers could not be persisted
   */
  public void own() {
    PoolErrors.write(medium.pool(), this::writeOwned);
  }

  private void writeOwned() {
    header = header.opened(RANDOM.nextLong(), device);
    DeviceHeaders.write(map, header);
    if (isDoubtful) {
      // Beyond what failed the last time.
      map.deepFlush(0, SEGMENTS_OFFSET);
    }
    for (int index = 0; index < segments.length; index++) {
      SegmentHeader segment = segments[index];
      long offset = segmentOffset(index);
      if (segment != null
          && !device.isBad(offset, BODY_OFFSET)
          && !SegmentHeader.copiesAgree(map, offset, seed(), index)) {
        segment.write(map, offset, seed(), index);
      }
    }
  }

  /**
   * Gives up ownership and marks the pool clean. Everything written must be durable.
   *
   * @param lastSequence the highest sequence in the pool
   * @param openEnds how far the records reach in segments without a summary, at most {@link
   *     PoolFormat#MAX_OPEN_SEGMENTS}, by which the next owner knows that they are still there
   * @throws StoreException.Io if the headers could not be persisted
   */
  public void release(long lastSequence, List<OpenEnd> openEnds) {
    header = header.closed(lastSequence, openEnds);
    PoolErrors.write(medium.pool(), () -> DeviceHeaders.write(map, header));
  }

  /**
   * Runs code that writes to the map.
   *
   * @param writes what is to be written
   * @throws StoreException if the medium refused, or a page cannot be written
   */
  public void write(Runnable writes) {
    PoolErrors.write(medium.pool(), writes);
  }

  /**
   * Allocates a free segment; its header is durable on return.
   *
   * @param birth the store's sequence now, above 0
   * @param follows what its writer has filled before, null if nothing
   * @return its index, or -1 if none is free
   * @throws StoreException.Poisoned if somebody else has made itself the owner
   */
  public int allocate(long birth, SegmentHeader.@Nullable Predecessor follows) {
    allocation.lock();
    try {
      requireOwner();
      int index = firstFree();
      SegmentHeader free = index < 0 ? null : segments[index];
      if (free != null) {
        var allocated = new SegmentHeader(free.generation() + 1, birth, header.epoch(), follows);
        allocated.write(map, segmentOffset(index), seed(), index);
        segments[index] = allocated;
      }
      return index;
    } finally {
      allocation.unlock();
    }
  }

  /**
   * Lets the operating system map what is not written yet of a segment, so that its writer does not
   * wait for that.
   *
   * @param end how far the segment is written
   */
  public void prefaultAfter(OpenEnd end) {
    map.prefault(segmentOffset(end.segment()) + end.tail(), segmentBytes() - end.tail());
  }

  /** Lets the operating system map the segment that is allocated next, if any is free. */
  public void prefaultNext() {
    int index;
    allocation.lock();
    try {
      index = firstFree();
    } finally {
      allocation.unlock();
    }
    if (index >= 0) {
      map.prefault(segmentOffset(index), segmentBytes());
    }
  }

  private int firstFree() {
    for (int index = 0; index < segments.length; index++) {
      SegmentHeader segment = segments[index];
      if (segment != null && segment.isFree() && isHealthy(index)) {
        return index;
      }
    }
    return -1;
  }

  /**
   * Tells whether all of a segment can be written.
   *
   * @param index which, from 0
   * @return false if there is a bad block in it
   */
  public boolean isHealthy(int index) {
    return !device.isBad(segmentOffset(index), segmentBytes());
  }

  /**
   * Makes a range durable, but for what lies in bad blocks.
   *
   * @param offset first byte, from the start of the map
   * @param length bytes
   */
  public void persistSkippingBadBlocks(long offset, long length) {
    if (!device.isBad(offset, length)) {
      map.persist(offset, length);
      return;
    }
    for (long at = offset; at < offset + length; at += LINE_BYTES) {
      long part = Math.min(LINE_BYTES, offset + length - at);
      if (!device.isBad(at, part)) {
        map.flush(at, part);
      }
    }
    map.drain();
  }

  private void requireOwner() {
    if (DeviceHeaders.currentNonce(map) != header.nonce()) {
      throw new StoreException.Poisoned(
          medium.pool(),
          "somebody else opened this pool while it was open here; close one of the two",
          null);
    }
  }

  /**
   * Returns the header of a segment.
   *
   * @param index which, from 0
   * @return its header, or null if both copies are damaged
   */
  public @Nullable SegmentHeader segment(int index) {
    return segments[index];
  }

  /**
   * Returns how many segments the pool has.
   *
   * @return the count, at least 1
   */
  public int segmentCount() {
    return segments.length;
  }

  /**
   * Returns the size of every segment.
   *
   * @return bytes, headers included
   */
  public long segmentBytes() {
    return header.segmentBytes();
  }

  /**
   * Returns where a segment starts.
   *
   * @param index which, from 0
   * @return bytes from the start of the map
   */
  public long segmentOffset(int index) {
    return SEGMENTS_OFFSET + index * header.segmentBytes();
  }

  /**
   * Tells whether the owner before the present one closed the pool with nothing in flight.
   *
   * @return true if both copies of the header said so when they were read
   */
  public boolean wasClean() {
    return wasClean;
  }

  /**
   * Tells whether the device has lost power without keeping its promise, or is another one, since
   * everything on it was verified.
   *
   * @return true if what was acknowledged may be missing
   */
  public boolean isDoubtful() {
    return isDoubtful;
  }

  /**
   * Returns how far the records of some segments must reach.
   *
   * @return what the last owner left, nothing if it did not close the pool
   */
  public List<OpenEnd> promisedEnds() {
    return promisedEnds;
  }

  /**
   * Returns the highest sequence that there was when the pool was last closed.
   *
   * @return a sequence, 0 if it is not known
   */
  public long promisedSequence() {
    return promisedSequence;
  }

  /**
   * Returns the pool's random salt.
   *
   * @return any number
   */
  public long seed() {
    return header.seed();
  }

  /**
   * Returns the pool's name for ever.
   *
   * @return a random UUID
   */
  public UUID id() {
    return header.poolId();
  }

  /**
   * Returns the present owner's number.
   *
   * @return counts the openings for writing
   */
  public long epoch() {
    return header.epoch();
  }

  /**
   * Returns the mapped device.
   *
   * @return the map
   */
  public PmemMap map() {
    return map;
  }

  /**
   * Returns what the pool lies on.
   *
   * @return the medium
   */
  public Medium medium() {
    return medium;
  }
}
