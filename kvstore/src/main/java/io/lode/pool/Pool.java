package io.lode.pool;

import io.lode.store.Medium;
import io.lode.store.StoreException;
import java.util.List;
import java.util.UUID;
import java.util.function.IntConsumer;

/**
 * The devices of a store and the segments on them, found by address. A pool is first only read;
 * {@link #own} makes the caller its owner, who alone may allocate segments and write to them, until
 * {@link #release}.
 *
 * <p>It owns its device and closes it.
 *
 * <p><b>Threads.</b> Any number of threads may use the accessors and the {@link #allocator} while
 * the pool is owned; the rest is one thread's.
 */
public final class Pool implements AutoCloseable {
  private final Device device;

  /**
   * By the upper bits of an address. Longer when the pool has grown, before any address leads
   * there: whoever has got one sees the table that it needs.
   */
  private Segment[] table;

  private final int addressShift;
  private final SegmentAllocator allocator;

  private Pool(Device device) {
    this.device = device;
    this.table = device.segments().toArray(Segment[]::new);
    this.allocator = new SegmentAllocator(device::segments);
    this.addressShift = Segment.addressShift(segmentBytes());
  }

  /**
   * Makes a pool of a device, which it owns from now on.
   *
   * @param device the only one
   * @return the pool
   */
  public static Pool of(Device device) {
    return new Pool(device);
  }

  /**
   * Makes the caller the owner: a new epoch, not clean, durable on return.
   *
   * @throws StoreException.Io if the headers could not be persisted
   */
  public void own() {
    guarded(device::own);
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
    assert openEnds.size() <= PoolFormat.MAX_OPEN_SEGMENTS : openEnds;
    guarded(() -> device.release(lastSequence, openEnds));
  }

  /**
   * Runs code that writes to the pool, and translates the errors of the medium.
   *
   * @param writes the code
   * @throws StoreException if the medium refused, or a page cannot be written
   */
  public void guarded(Runnable writes) {
    PoolErrors.write(medium().pool(), writes);
  }

  /**
   * Finds the segment of an address.
   *
   * @param address what {@link Segment#address} returned
   * @return its segment
   */
  public Segment segmentAt(long address) {
    assert address >= 0 && address < addressLimit() : address;
    return table[(int) (address >>> addressShift)];
  }

  /**
   * Returns the end of all addresses.
   *
   * @return above every address of the pool
   */
  public long addressLimit() {
    return (long) table.length << addressShift;
  }

  /**
   * Returns where the addresses of a pool of another size would end.
   *
   * @param sizeBytes its size
   * @return above every address
   */
  public long addressLimit(long sizeBytes) {
    return segmentCount(sizeBytes) << addressShift;
  }

  /**
   * Returns how many segments a pool of another size would have.
   *
   * @param sizeBytes its size
   * @return the count
   */
  public long segmentCount(long sizeBytes) {
    return PoolFormat.fittingSegments(sizeBytes, segmentBytes());
  }

  /**
   * Returns the size of the pool.
   *
   * @return bytes of its device that it uses
   */
  public long sizeBytes() {
    return device.header().sizeBytes();
  }

  /**
   * Returns the segments of the pool.
   *
   * @return in the order of their addresses
   */
  public List<Segment> segments() {
    return device.segments();
  }

  /**
   * Makes the pool larger, durably, while others read and write. A crash leaves it as it was or
   * larger. One thread at a time does.
   *
   * @param sizeBytes the size of its file, which becomes longer if it is not, or of its device
   * @param prepare is told the number of segments before one of the new ones is allocated
   * @throws StoreException.Full if the file system has no room; nothing has changed
   * @throws StoreException if the new part cannot be mapped or written, or somebody else has made
   *     itself the owner
   * @throws IllegalArgumentException if there is no room for one segment more, or addresses would
   *     reach the limit
   * @throws UnsupportedOperationException if the pool is in a map that the caller passed in, and
   *     that is not as large
   */
  public void grow(long sizeBytes, IntConsumer prepare) {
    Device.Extension extension = device.extend(sizeBytes);
    List<Segment> all = extension.segments();
    prepare.accept(all.size());
    allocator.whileNothingChanges(() -> {
      table = all.toArray(Segment[]::new);
      guarded(() -> device.add(extension));
    });
  }

  /**
   * Returns the device.
   *
   * @return the only one
   */
  public Device device() {
    return device;
  }

  /**
   * Returns the allocator of free segments.
   *
   * @return the allocator, always the same
   */
  public SegmentAllocator allocator() {
    return allocator;
  }

  /**
   * Returns how many segments were allocated since the pool was opened, see {@link
   * SegmentAllocator#allocations}.
   *
   * @return a number that only rises
   */
  public long allocations() {
    return allocator.allocations();
  }

  /**
   * Returns the size of every segment.
   *
   * @return bytes, headers included
   */
  public long segmentBytes() {
    return device.header().segmentBytes();
  }

  /**
   * Returns the pool's random salt.
   *
   * @return any number
   */
  public long seed() {
    return device.header().seed();
  }

  /**
   * Returns the pool's id, which never changes.
   *
   * @return a random UUID
   */
  public UUID id() {
    return device.header().poolId();
  }

  /**
   * Returns the present owner's number.
   *
   * @return counts the openings for writing
   */
  public long epoch() {
    return device.header().epoch();
  }

  /**
   * Returns the pool's medium.
   *
   * @return the medium of its device
   */
  public Medium medium() {
    return device.medium();
  }

  /** Closes the device. */
  @Override
  public void close() {
    device.close();
  }
}
