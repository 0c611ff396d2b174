package io.lode.kv;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Sizes and counts of an open store.
 *
 * @param entries how many keys have a value
 * @param nextSequence the version that the next write gets
 * @param space used and free space in the pool
 * @param index the index in memory
 * @param device writes to the device
 * @param pins open leases, snapshots and iterators, oldest first
 */
public record KvStats(
    long entries, long nextSequence, Space space, Index index, Device device, List<Pin> pins) {

  /**
   * The space of a store: what its segments have for records. Of the capacity, what is neither live
   * nor garbage is free, or lost to how records are aligned and segments are filled.
   *
   * @param capacityBytes bytes that all segments have for records
   * @param liveBytes bytes of records that can still be read
   * @param garbageBytes bytes of records that a later one has replaced, and of deletes; they become
   *     free again when their segments are cleaned, which nobody needs to ask for
   * @param heldBytes bytes that leases, snapshots and iterators keep from being freed: in segments
   *     that were cleaned, and garbage in those that hold a version which a snapshot sees
   * @param usedBytes bytes of all records, live or not, padding included
   * @param writtenBytes bytes of records that were written since the store was opened, moved ones
   *     among them
   * @param movedBytes bytes of records that cleaning has moved since the store was opened
   * @param roomBytes bytes that can be written before the pool is full if nothing is replaced or
   *     deleted any more: free segments but those in reserve, and garbage
   * @param untilFull when there is no room any more, if the live records go on to grow as they did
   *     since the store was opened; empty if they did not grow
   * @param maxRecordBytes the longest record that fits a segment: 28 bytes, the key and the value
   * @param segments number of segments
   * @param freeSegments number of free ones, those in reserve for moves and deletes among them
   * @param sizeBytes the size of the pool, as {@link KvStore#grow} takes it
   * @param availableBytes the size of its file, device or map now: the pool can grow so far at once
   * @param maxSizeBytes up to where the pool grows by itself, 0 if it does not
   */
  public record Space(
      long capacityBytes,
      long liveBytes,
      long garbageBytes,
      long heldBytes,
      long usedBytes,
      long writtenBytes,
      long movedBytes,
      long roomBytes,
      Optional<Duration> untilFull,
      long maxRecordBytes,
      int segments,
      int freeSegments,
      long sizeBytes,
      long availableBytes,
      long maxSizeBytes) {}

  /**
   * The index in memory.
   *
   * @param bytes its size, on the heap or off it
   */
  public record Index(long bytes) {}

  /**
   * Writes to the device.
   *
   * @param remoteFlushBytes how much was flushed since the store was opened by threads that may run
   *     far from the device: 0 if writes are pinned, and where it is not known which CPUs are near
   */
  public record Device(long remoteFlushBytes) {}

  /**
   * Something that holds back space which could be used again without it.
   *
   * @param kind what it is
   * @param age how long it has been open
   * @param heldBytes bytes that it holds back, alone or with others
   */
  public record Pin(Kind kind, Duration age, long heldBytes) {
    /** What holds space back. */
    public enum Kind {
      /** A {@link Lease}: all that is cleaned while it is open. */
      LEASE,

      /** A {@link Snapshot}, or an iterator: segments with what it sees and has been replaced. */
      SNAPSHOT
    }
  }

  /**
   * A segment of a store's pool, as {@link KvStore#segments} saw it.
   *
   * @param index its number, from 0, in the order of the medium
   * @param state what it is used for now
   * @param capacityBytes bytes that it has for records
   * @param usedBytes bytes of its records, live or not, padding included; 0 if it is free
   * @param liveBytes bytes of its records that can still be read
   * @param age how many changes were made since it was taken into use; 0 if it is free
   */
  public record Segment(
      int index, State state, long capacityBytes, long usedBytes, long liveBytes, long age) {
    /** What a segment is used for. */
    public enum State {
      /** It holds nothing. */
      FREE,

      /** Records are written to it. */
      OPEN,

      /** It is full, and will be cleaned when that is worth it. */
      FULL,

      /** It was cleaned; a lease or a snapshot may still look at what it held. */
      HELD,

      /** Something in it is damaged or its summary is lost; it is kept as it is. */
      DAMAGED
    }
  }
}
