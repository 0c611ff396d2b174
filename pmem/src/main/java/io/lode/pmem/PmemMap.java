package io.lode.pmem;

import java.lang.foreign.MemorySegment;

/**
 * A source mapped into memory, and the means to make what is stored there durable.
 *
 * <p><b>Durability.</b> A store into {@link #segment} is durable once its range was {@linkplain
 * #flush flushed} and the same thread {@linkplain #drain drained} after that; {@link #persist} does
 * both. What that costs, and in which unit, is the map's {@link #granularity}.
 *
 * <p><b>Threads.</b> Every method may be called by any thread. A drain completes the flushes of its
 * own thread only: never drain for another one.
 *
 * <p><b>Lifetime.</b> A map does not need its {@link Source} once it exists. {@link #close} waits a
 * bounded time for accesses in progress; any use after that throws {@link IllegalStateException}
 * and never touches memory.
 *
 * <p><b>Faults.</b> A page of a mapping may have no memory: a hole of a file system that is full, a
 * part of a file that somebody has cut off, a bad block, a page that may not be written. What the
 * library's maps do then:
 *
 * <ul>
 *   <li>{@link #copy} and {@link #fill} on maps that are synced by the kernel ({@link
 *       #flushPrimitive} is {@code msync}) and on private and anonymous ones: {@link PmemException}
 *       with IO_FAIL, whatever the page lacks. The range may be written in part; nothing of the
 *       caller's that follows is executed.
 *   <li>{@link #copy}, {@link #fill} and {@link #flush} on the others, which work by native
 *       instructions: {@link MapConfig#map} has given every page memory, or failed, and a range
 *       that touches a bad block known at that time is a PmemException with IO_FAIL. <b>The process
 *       ends</b>, by SIGBUS, when a call meets a page that has lost its memory since: the file was
 *       truncated or a hole was punched in it, by this process or another, its file system failed,
 *       or the page went bad. It ends, too, when {@code source} of a copy is memory of another
 *       mapping that cannot be read: copy from such a mapping to the heap first.
 *   <li>Memory given to {@link MapConfig#mapExisting} is its owner's to keep: stores to what was
 *       unmapped or protected meanwhile <b>end the process</b> on every map.
 *   <li>A map with protection {@link Protection#READ} or {@link Protection#NONE} and a closed one:
 *       IllegalStateException, and memory is not touched.
 *   <li>Loads, stores and bulk copies of the JVM on {@link #segment}: {@link InternalError}, but
 *       compiled code throws it late, at the next ordinary native call of the thread, and executes
 *       what lies between. End the {@code try} with such a call: {@link Thread#yield} is one, and
 *       so is a flush of a map that is synced by the kernel. <b>The process ends</b> where the JVM
 *       works on the segment by other means: CRC32C, CRC32 and Adler32 over a mapping,
 *       compare-and-set and other read-modify-writes, native code that is given the segment. Copy
 *       to the heap before checksumming.
 * </ul>
 *
 * <p>A sync or deep flush that fails is a PmemException; the process does not end for it.
 *
 * <p>The library has one implementation. Others may implement the interface to watch or to simulate
 * what a structure does to its memory.
 */
public interface PmemMap extends AutoCloseable {
  /**
   * Returns the mapped memory; it lives until {@link #close} and is read-only when the map's
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
   * @return the granularity that the medium gives, or that was forced
   */
  Granularity granularity();

  /**
   * Tells whether the granularity was forced from outside ({@code PMEM2_FORCE_GRANULARITY}) rather
   * than found. Flush instructions then run for real, but what they persist to is not known to
   * survive anything: every figure and promise above this map is to be marked as emulated.
   *
   * @return true if forced
   */
  boolean isEmulated();

  /**
   * Names what {@link #flush} does, as provenance for reports.
   *
   * @return for example {@code clwb}, {@code msync}, {@code none}
   */
  String flushPrimitive();

  /**
   * Lets the operating system map the pages of a range, so that stores that come later do not wait
   * for that. It changes no content and is worth a call before much is written to a range, from
   * another thread. A page that cannot be mapped is not reported here. Maps that are synced by the
   * kernel, and those of other implementations unless they say otherwise, do nothing.
   *
   * @param offset first byte, from the start of the map
   * @param length bytes, 0 allowed; neither needs to be aligned
   * @throws IndexOutOfBoundsException if the range is not inside the map
   */
  default void prefault(long offset, long length) {}

  /**
   * Starts to write a range back to the medium. On {@link Granularity#PAGE} maps the range is
   * durable on return; on others it is after the next {@link #drain} of this thread.
   *
   * @param offset first byte, from the start of the map
   * @param length bytes, 0 allowed; neither needs to be aligned
   * @throws IndexOutOfBoundsException if the range is not inside the map
   * @throws PmemException a negative errno if the operating system could not sync the range: what
   *     of it is durable is then unknown, and stays so until the medium is read again; IO_FAIL if
   *     it touches a known bad block
   */
  void flush(long offset, long length);

  /** Waits until all that this thread flushed is in the persistence domain. */
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
   * Makes a range durable even if what flushes on a power failure fails then: out of the CPU's
   * caches, and out of the buffers of the memory controller and the device (libpmem2's {@code
   * pmem2_deep_flush}). It costs a system call or more: meant for the rare moment, a header or a
   * clean close.
   *
   * <p>On {@link Granularity#PAGE} maps it does nothing, for {@link #persist} has gone all the way;
   * call that first. A file is synced by the kernel; for a devdax device its region is asked, which
   * only root may do where the region has such buffers at all. A map that does not reach the source
   * ({@link Sharing#PRIVATE}) has nothing to flush.
   *
   * <p>Maps of other implementations persist the range, unless they say otherwise.
   *
   * @param offset first byte, from the start of the map
   * @param length bytes, 0 allowed
   * @throws PmemException DEEP_FLUSH_RANGE if the range is not inside the map; NOSUPP for memory
   *     that is on no device; DAX_REGION_NOT_FOUND for a device on no region; IO_FAIL or a negative
   *     errno if the kernel or the medium could not: what of the range is durable is then unknown
   */
  default void deepFlush(long offset, long length) {
    persist(offset, length);
  }

  /**
   * Copies bytes into the map and makes them durable as {@code flags} say; with {@link
   * CopyFlags#NONE} they are durable on return. Overlapping ranges are copied as if through a
   * buffer. Whole aligned 8-byte words are stored at once, but for {@link CopyFlags#NON_TEMPORAL}
   * copies to an ordinary file.
   *
   * @param offset first byte to write, from the start of the map
   * @param source where to copy from; heap or native, readable (see <i>Faults</i> above)
   * @param sourceOffset first byte to read
   * @param length bytes, 0 allowed
   * @param flags how
   * @throws IndexOutOfBoundsException if a range is not inside its segment
   * @throws PmemException as {@link #flush}
   */
  void copy(long offset, MemorySegment source, long sourceOffset, long length, CopyFlags flags);

  /**
   * Fills a range with one value and makes it durable as {@code flags} say.
   *
   * @param offset first byte to write, from the start of the map
   * @param length bytes, 0 allowed
   * @param value the byte to store
   * @param flags how
   * @throws IndexOutOfBoundsException if the range is not inside the map
   * @throws PmemException as {@link #flush}
   */
  void fill(long offset, long length, byte value, CopyFlags flags);

  /** Unmaps. Nothing is persisted by closing. Closing again does nothing. */
  @Override
  void close();
}
