package io.lode.pool;

import static io.lode.pool.PoolFormat.*;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.Granularity;
import io.lode.pmem.PmemException;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Prefetch;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One segment of a device. Three words say where something is: a <i>position</i> counts from the
 * start of its segment, an <i>offset</i> from the start of the device, and an <i>address</i> names
 * a place in the whole pool. All three are bytes.
 *
 * <p><b>Threads.</b> Any number of threads may read; the journal decides which thread writes where.
 */
public final class Segment {
  private final Device device;
  private final PmemMap map;
  private final MemorySegment memory;
  private final int index;

  /** Where the segment starts on its device, and in its map. */
  private final long base;

  private final long start;
  private final long lengthBytes;
  private final int addressShift;
  private final SegmentHeaders headers;
  private final boolean isStoredNatively;
  private volatile @Nullable SegmentHeader header;

  private Segment(Device device, PmemMap map, long mapOffset, int index) {
    DeviceHeader of = device.header();
    this.device = device;
    this.map = map;
    this.index = index;
    this.lengthBytes = of.segmentBytes();
    this.base = SEGMENTS_OFFSET + index * lengthBytes;
    this.start = base - mapOffset;
    this.memory = map.segment().asSlice(start, lengthBytes);
    this.addressShift = addressShift(lengthBytes);
    this.headers = new SegmentHeaders(map, start, of.seed(), of.deviceIndex(), index);
    this.isStoredNatively =
        map.granularity() != Granularity.PAGE && !map.flushPrimitive().equals("msync");
  }

  /**
   * Reads the header of a segment.
   *
   * @param map in which the segment is
   * @param mapOffset where the map starts on the device
   */
  static Segment read(Device device, PmemMap map, long mapOffset, int index) {
    var segment = new Segment(device, map, mapOffset, index);
    segment.header = segment.headers.read();
    return segment;
  }

  /** How far an address is shifted to name its segment: no division on the way to a record. */
  static int addressShift(long segmentBytes) {
    return Long.SIZE - Long.numberOfLeadingZeros(segmentBytes - 1);
  }

  /**
   * Returns the segment's number on its device, which is its number in the pool while that has one
   * device.
   *
   * @return from 0
   */
  public int index() {
    return index;
  }

  /**
   * Returns a number that no other segment of the pool has, whatever devices join it.
   *
   * @return the device's index in the upper half, the segment's in the lower
   */
  public long number() {
    return (long) headers.deviceIndex() << Integer.SIZE | index;
  }

  /**
   * Returns the device that the segment is on.
   *
   * @return the device
   */
  public Device device() {
    return device;
  }

  /**
   * Returns the segment's size.
   *
   * @return bytes, headers included
   */
  public long lengthBytes() {
    return lengthBytes;
  }

  /**
   * Returns the address of a place in the segment, by which {@link Pool#segmentAt} finds it again.
   *
   * @param position bytes from the start of the segment
   * @return above 0 for a place in the body
   */
  public long address(long position) {
    return (long) index << addressShift | position;
  }

  /**
   * Returns the position of an address in this segment.
   *
   * @param address what {@link #address} returned
   * @return bytes from the start of the segment
   */
  public long position(long address) {
    return address & (1L << addressShift) - 1;
  }

  /**
   * Tells whether an address is in this segment.
   *
   * @param address any address
   * @return true if it names a place of the segment
   */
  public boolean isOf(long address) {
    return address >>> addressShift == index && position(address) < lengthBytes;
  }

  /**
   * Returns where a place is on the device: for reports.
   *
   * @param position bytes from the start of the segment
   * @return bytes from the start of the device
   */
  public long offset(long position) {
    return base + position;
  }

  /**
   * Returns the header as it is now.
   *
   * @return the header, null if both copies are damaged
   */
  public @Nullable SegmentHeader header() {
    return header;
  }

  /**
   * Tells whether the segment may be allocated.
   *
   * @return true if its header is there and says that it holds nothing
   */
  public boolean isFree() {
    SegmentHeader now = header;
    return now != null && now.isFree();
  }

  /**
   * Tells whether all of the segment can be written.
   *
   * @return false if there is a bad block in it
   */
  public boolean isHealthy() {
    return !device.isBad(base, lengthBytes);
  }

  /**
   * Tells whether one of the two copies of the header is damaged, and the other one is whole.
   *
   * @return false also if both are damaged
   */
  public boolean hasDamagedHeaderCopy() {
    return headers.damagedCopies() == 1;
  }

  /**
   * Says in the header, durably, where the records end. Nothing is written to the segment any more
   * before it is freed.
   *
   * @param tail from the start of the segment
   */
  public void seal(long tail) {
    SegmentHeader now = header;
    if (now == null || now.isFree()) {
      throw new IllegalStateException("segment " + index + " is not allocated");
    }
    writeHeader(now.sealed(tail));
  }

  /** Whether the header stands on the device as it is known here. */
  boolean isAsKnown() {
    SegmentHeader now = header;
    return now != null && now.equals(headers.read());
  }

  /** Replaces the header, durably. */
  void writeHeader(SegmentHeader replacement) {
    headers.write(replacement);
    header = replacement;
  }

  /**
   * Makes a segment of a new part of the device free, durably. Bytes of an earlier life, when the
   * device was larger once, do not come back: their generation is over.
   */
  void format() {
    SegmentHeader earlier = header;
    // A file that somebody has made longer may have holes here.
    map.ensureAllocated(start, BODY_OFFSET);
    writeHeader(SegmentHeader.free(earlier == null ? 0 : earlier.generation() + 1));
  }

  /** Makes both copies of the header equal, unless they are lost or in bad blocks. */
  void repairHeader() {
    SegmentHeader now = header;
    if (now != null && !device.isBad(base, BODY_OFFSET) && !headers.agree()) {
      headers.write(now);
    }
  }

  /**
   * Returns the memory of the segment, in which positions name places.
   *
   * @return a part of the device's map
   */
  public MemorySegment memory() {
    return memory;
  }

  /**
   * Copies bytes to the body.
   *
   * @param position where to, from the start of the segment
   * @param source heap memory
   * @param length bytes
   * @param flags whether they are durable on return
   * @throws io.lode.store.StoreException.Full if the file's blocks were taken away or shared since
   *     the segment was allocated, and there is no room for others; nothing was written
   */
  public void copy(long position, MemorySegment source, long length, CopyFlags flags) {
    assert position >= BODY_OFFSET && position + length <= lengthBytes : position + "+" + length;
    try {
      map.copy(start + position, source, 0, length, flags);
    } catch (PmemException failure) {
      throw refusal(failure);
    }
  }

  private RuntimeException refusal(PmemException failure) {
    // Native stores are preceded by this check; a write of the kernel may have stored a part.
    return isStoredNatively && PoolErrors.isNoRoom(failure)
        ? PoolErrors.translated(device.medium().pool(), failure)
        : failure;
  }

  /**
   * Makes sure that nothing of the segment needs room when it is written.
   *
   * @throws io.lode.store.StoreException.Full if the file system has none
   */
  void ensureAllocated() {
    try {
      map.ensureAllocated(start, lengthBytes);
    } catch (PmemException failure) {
      throw PoolErrors.translated(device.medium().pool(), failure);
    }
  }

  /**
   * Makes a range of the body durable.
   *
   * @param position its first byte, from the start of the segment
   * @param length bytes
   */
  public void persist(long position, long length) {
    assert position >= BODY_OFFSET && position + length <= lengthBytes : position + "+" + length;
    map.persist(start + position, length);
  }

  /**
   * Makes a range durable, except the lines in bad blocks.
   *
   * @param position its first byte, from the start of the segment
   * @param length bytes
   */
  public void persistSkippingBadBlocks(long position, long length) {
    if (!device.isBad(base + position, length)) {
      map.persist(start + position, length);
      return;
    }
    for (long at = position; at < position + length; at += LINE_BYTES) {
      long part = Math.min(LINE_BYTES, position + length - at);
      if (!device.isBad(base + at, part)) {
        map.flush(start + at, part);
      }
    }
    map.drain();
  }

  /**
   * Copies a range out that is expected to be readable.
   *
   * @param position its first byte, from the start of the segment
   * @param target heap memory, filled from its start
   * @param length bytes
   * @return false if some of it cannot be read; the target then holds nothing of meaning
   */
  public boolean read(long position, MemorySegment target, long length) {
    return GuardedRead.copy(map, start + position, target, 0, length);
  }

  /**
   * Copies the body out, page by page where some of it cannot be read: that is zero in the target.
   *
   * @param target heap memory, filled from {@link PoolFormat#BODY_OFFSET} to the segment's length
   * @return how many bytes could not be read
   */
  public long readBody(MemorySegment target) {
    return GuardedRead.copySkippingBadPages(
        map, start + BODY_OFFSET, target, BODY_OFFSET, lengthBytes - BODY_OFFSET);
  }

  /**
   * Prefetches cache lines.
   *
   * @param position its first byte, from the start of the segment
   * @param lines how many cache lines
   */
  public void prefetch(long position, int lines) {
    Prefetch.lines(memory, position, lines);
  }

  /**
   * Has the operating system map the unwritten rest of the segment, so that its writer does not
   * wait for page faults.
   *
   * @param position the end of the written part
   */
  public void prefault(long position) {
    map.prefault(start + position, lengthBytes - position);
  }
}
