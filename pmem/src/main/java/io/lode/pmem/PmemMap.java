package io.lode.pmem;

import java.lang.foreign.MemorySegment;

/**
 * A source mapped into memory, and the means to make what is stored there durable.
 *
 * <p><b>Durability.</b> A store into {@link #segment} is durable once its range has been
 * {@linkplain #flush flushed} and the same thread has then {@linkplain #drain drained}; {@link
 * #persist} does both. The cost, and the unit, depend on the map's {@link #granularity}.
 *
 * <p><b>Threads.</b> Every method may be called by any thread. A drain completes only the flushes
 * of its own thread: a thread cannot drain for another.
 *
 * <p><b>Lifetime.</b> A map does not need its {@link Source} once it exists. {@link #close} waits a
 * bounded time for accesses in progress; any later use throws {@link IllegalStateException} and
 * never touches memory.
 *
 * <p><b>Faults.</b> A page of a mapping may have no memory: a hole in a file on a full file system,
 * a truncated part of a file, a bad block, a page that may not be written. The library's maps then
 * behave as follows:
 *
 * <ul>
 *   <li>{@link #copy} and {@link #fill} on maps that are synced by the kernel ({@link
 *       #flushPrimitive} is {@code msync}) and on private and anonymous ones: {@link PmemException}
 *       with IO_FAIL, whatever the reason. The range may be partly written; no later code of the
 *       caller runs before the exception.
 *   <li>{@link #copy}, {@link #fill} and {@link #flush} on the others, which use native
 *       instructions: {@link MapConfig#map} has given every page memory, or failed, and for a range
 *       that touches a bad block known at that time they throw PmemException with IO_FAIL. <b>The
 *       process ends</b>, by SIGBUS, when a call meets a page that has lost its memory since then:
 *       this process or another truncated the file or punched a hole in it, its file system failed,
 *       or the page went bad. It also ends when the {@code source} of a copy is memory of another
 *       mapping that cannot be read: copy from such a mapping to the heap first.
 *   <li>A clone of a mapped file ({@code cp --reflink}, a snapshot) takes a page's block away too:
 *       the next store to it needs a new one. Where a file system can do that (xfs made with
 *       reflink, its default; ext4 cannot), copy and fill therefore make one system call before
 *       they store. It finds missing room, a hole and a truncated file, and they throw
 *       PmemException with -ENOSPC or IO_FAIL; nothing has been stored then. The process still ends
 *       if the clone is made, and the last room taken, between that call and the store.
 *   <li>The owner of memory given to {@link MapConfig#mapExisting} must keep it mapped and
 *       writable: stores to memory that was unmapped or protected meanwhile <b>end the process</b>
 *       on every map.
 *   <li>A map with protection {@link Protection#READ} or {@link Protection#NONE}, and a closed map:
 *       IllegalStateException, and memory is not touched.
 *   <li>Loads, stores and bulk copies of the JVM on {@link #segment}: {@link InternalError}, but
 *       compiled code throws it late, at the thread's next ordinary native call, and executes
 *       everything in between. End the {@code try} with such a call: {@link Thread#holdsLock} is
 *       one, and so is a flush of a map that is synced by the kernel. <b>The process ends</b> where
 *       the JVM accesses the segment by other means: CRC32C, CRC32 and Adler32 over a mapping,
 *       compare-and-set and other read-modify-writes, native code that is given the segment. Copy
 *       to the heap before computing a checksum.
 * </ul>
 *
 * <p>A failed sync or deep flush is a PmemException; it does not end the process.
 *
 * <p>The library has one implementation. Others may implement the interface to observe or simulate
 * what a structure does to its memory.
 */
public interface PmemMap extends AutoCloseable {
  /**
   * Returns the mapped memory. It is accessible until {@link #close}, and read-only if the map's
   * protection is {@link Protection#READ}.
   *
   * @return the whole map, 0 to {@link #size}
   */
  MemorySegment segment();

  /**
   * Returns the length of the map.
   *
   * @return bytes, the content's length: an unaligned end of file is not rounded up
   */
  default long size() {
    return segment().byteSize();
  }

  /**
   * Returns the unit in which stores to this map become durable.
   *
   * @return the granularity that the medium provides, or that was forced
   */
  Granularity granularity();

  /**
   * Tells whether the granularity was forced from outside ({@code PMEM2_FORCE_GRANULARITY}) rather
   * than found. Flush instructions then run for real, but the medium is not known to survive
   * anything: mark every figure and promise based on this map as emulated.
   *
   * @return true if forced
   */
  boolean isEmulated();

  /**
   * Returns the mechanism of {@link #flush}, as provenance for reports.
   *
   * @return for example {@code clwb}, {@code msync}, {@code none}
   */
  String flushPrimitive();

  /**
   * Asks the operating system to map the pages of a range, so that later stores need not wait for
   * it. Content does not change. Useful from another thread, before much is written to a range. A
   * page that cannot be mapped is not reported here. Does nothing on maps that are synced by the
   * kernel, nor, unless they say otherwise, in other implementations.
   *
   * @param offset first byte, from the start of the map
   * @param length bytes, 0 allowed; neither needs to be aligned
   * @throws IndexOutOfBoundsException if the range is not inside the map
   */
  default void prefault(long offset, long length) {}

  /**
   * Makes sure that stores to a range need no more room on the file system, as {@code
   * posix_fallocate(3)} does, and also of blocks that are shared with a clone of the file: they are
   * copied. Content does not change; pages of the range may become mapped. It holds until somebody
   * punches a hole into the file or clones it again.
   *
   * <p>Does nothing on maps that are not stored to by native instructions (see <i>Faults</i>), on
   * devdax devices, nor, unless they say otherwise, in other implementations.
   *
   * @param offset first byte, from the start of the map
   * @param length bytes, 0 allowed; neither needs to be aligned
   * @throws IndexOutOfBoundsException if the range is not inside the map
   * @throws IllegalStateException if the map is closed or its protection is not READ_WRITE
   * @throws PmemException -ENOSPC if there is no room; IO_FAIL if the range touches a known bad
   *     block or its pages cannot be had for another reason, such as a truncated file
   */
  default void ensureAllocated(long offset, long length) {}

  /**
   * Starts writing a range back to the medium. On {@link Granularity#PAGE} maps the range is
   * durable on return; on others, after this thread's next {@link #drain}.
   *
   * @param offset first byte, from the start of the map
   * @param length bytes, 0 allowed; neither needs to be aligned
   * @throws IndexOutOfBoundsException if the range is not inside the map
   * @throws PmemException a negative errno if the operating system could not sync the range: which
   *     part of it is durable is then unknown until the medium is read again; IO_FAIL if it touches
   *     a known bad block
   */
  void flush(long offset, long length);

  /** Waits until everything that this thread flushed is in the persistence domain. */
  void drain();

  /**
   * Makes a range durable: {@link #flush}, then {@link #drain}.
   *
   * @param offset first byte, from the start of the map
   * @param length bytes, 0 allowed
   * @throws IndexOutOfBoundsException if the range is not inside the map
   * @throws PmemException as {@link #flush}
   */
  default void persist(long offset, long length) {
    flush(offset, length);
    drain();
  }

  /**
   * Makes a range durable even if the flush that the platform performs on a power failure fails:
   * flushes it out of the CPU caches and out of the buffers of the memory controller and the device
   * (libpmem2's {@code pmem2_deep_flush}). It costs at least one system call and is meant for rare
   * moments, such as writing a header or a clean close.
   *
   * <p>On {@link Granularity#PAGE} maps it does nothing, because {@link #persist} goes all the way;
   * call that first. A file is synced by the kernel. A devdax device is flushed through its region,
   * which requires root if the region has such buffers at all. A map that does not reach the source
   * ({@link Sharing#PRIVATE}) has nothing to flush.
   *
   * <p>Maps of other implementations persist the range, unless they say otherwise.
   *
   * @param offset first byte, from the start of the map
   * @param length bytes, 0 allowed
   * @throws PmemException DEEP_FLUSH_RANGE if the range is not inside the map; NOSUPP for memory
   *     that is on no device; DAX_REGION_NOT_FOUND for a device on no region; IO_FAIL or a negative
   *     errno if the kernel or the medium failed: which part of the range is durable is then
   *     unknown
   */
  default void deepFlush(long offset, long length) {
    persist(offset, length);
  }

  /**
   * Copies bytes into the map and makes them durable as {@code flags} specify; with {@link
   * CopyFlags#NONE} they are durable on return. Overlapping ranges are copied as if through a
   * buffer. Whole aligned 8-byte words are stored atomically, except in {@link
   * CopyFlags#NON_TEMPORAL} copies to an ordinary file.
   *
   * @param offset first byte to write, from the start of the map
   * @param source the memory to copy from; heap or native, readable (see <i>Faults</i> above)
   * @param sourceOffset first byte to read
   * @param length bytes, 0 allowed
   * @param flags cache and durability options
   * @throws IndexOutOfBoundsException if a range is not inside its segment
   * @throws PmemException as {@link #flush}; -ENOSPC or IO_FAIL, before anything is stored, if a
   *     page has no block of its own and cannot get one
   */
  void copy(long offset, MemorySegment source, long sourceOffset, long length, CopyFlags flags);

  /**
   * Fills a range with one value and makes it durable as {@code flags} specify.
   *
   * @param offset first byte to write, from the start of the map
   * @param length bytes, 0 allowed
   * @param value the byte to store
   * @param flags cache and durability options
   * @throws IndexOutOfBoundsException if the range is not inside the map
   * @throws PmemException as {@link #copy}
   */
  void fill(long offset, long length, byte value, CopyFlags flags);

  /** Unmaps. Closing persists nothing; closing again does nothing. */
  @Override
  void close();
}
