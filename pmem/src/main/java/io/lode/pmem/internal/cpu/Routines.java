package io.lode.pmem.internal.cpu;

import io.lode.pmem.CopyFlags;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The persist instructions of this CPU; stateless, thread safe.
 *
 * <p>All memory of a map must be present: a store or flush that meets a hole, a truncated page, a
 * bad block or a protected page ends the process, so the caller populates and checks first. Memory
 * is not released while a call uses it ({@link MapMemory}), nor can a source's arena be closed.
 * Ranges of more than 64 KiB are processed in pieces, so that a call never delays a safepoint for
 * long; between two pieces a map or arena can be closed, and the call then ends with an
 * IllegalStateException.
 *
 * <p>Every method throws IndexOutOfBoundsException for a range that is negative or not inside its
 * map or segment, IllegalStateException if the map or a segment's arena is closed,
 * WrongThreadException if it is confined to another thread, and IllegalArgumentException if a map
 * that is to be written is read-only. Nothing has been written then. A length of 0 is allowed.
 */
public interface Routines {
  /**
   * The routines, or why there are none.
   *
   * @param routines null where native routines cannot run
   * @param reason what was chosen and why, or what is missing and how to fix it
   */
  record Lookup(@Nullable Routines routines, String reason) {}

  /**
   * Finds the routines for this CPU, once for the life of the process.
   *
   * <p>Honours libpmem2's variables: {@code PMEM_NO_CLWB=1} and {@code PMEM_NO_CLFLUSHOPT=1} skip
   * that instruction, {@code PMEM_NO_MOVNT=1} disables stores that bypass the caches, and {@code
   * PMEM_MOVNT_THRESHOLD} is the length in bytes from which a copy without flags uses them (256).
   *
   * @return the routines or a reason; never throws
   */
  static Lookup find() {
    return Startup.OUTCOME.loaded() == null
        ? new Lookup(null, Startup.OUTCOME.reason())
        : NativeRoutines.FOUND;
  }

  /**
   * Returns the instruction that writes a cache line back.
   *
   * @return clwb, clflushopt, clflush, dc cvap or dc cvac
   */
  String flushName();

  /**
   * Starts writing back every cache line of the range; durable after {@link #drain} in the same
   * thread.
   *
   * @param map the memory, which may be read-only
   * @param offset first byte in the map
   * @param length bytes
   */
  void flush(MapMemory map, long offset, long length);

  /** Waits for this thread's flushes and for its stores that bypass the caches (sfence, dsb). */
  void drain();

  /**
   * Makes a range durable: {@link #flush} and {@link #drain}.
   *
   * @param map the memory, which may be read-only
   * @param offset first byte in the map
   * @param length bytes
   */
  default void persist(MapMemory map, long offset, long length) {
    flush(map, offset, length);
    drain();
  }

  /**
   * Copies into a map, by libpmem2's rules: without flags, lengths below the threshold are stored
   * through the caches and written back, and longer ones bypass the caches; then it drains.
   *
   * <p>{@link CopyFlags#NO_FLUSH} stores through the caches and neither writes back nor drains.
   * With {@link CopyFlags#NO_DRAIN} the bytes are durable, and guaranteed to be visible to other
   * threads before later stores, only after {@link #drain}. If the range in the map is aligned to 8
   * bytes at both ends, no aligned 8-byte word is ever half old and half new.
   *
   * @param map the destination
   * @param offset first byte in the map
   * @param source heap or native; may overlap the destination
   * @param sourceOffset first byte in the source
   * @param length bytes
   * @param flags libpmem2's flags; contradictions are resolved as there: NO_FLUSH wins, then
   *     bypassing the caches, then storing through them
   * @param eadr true if the caches themselves are in the persistence domain: nothing is written
   *     back, and only {@link CopyFlags#NON_TEMPORAL} bypasses the caches
   */
  void copy(
      MapMemory map,
      long offset,
      MemorySegment source,
      long sourceOffset,
      long length,
      CopyFlags flags,
      boolean eadr);

  /**
   * Fills a range of a map with one byte, by the rules of {@link #copy}.
   *
   * @param map the destination
   * @param offset first byte in the map
   * @param length bytes
   * @param value the byte
   * @param flags libpmem2's flags
   * @param eadr true if the caches are in the persistence domain
   */
  void fill(MapMemory map, long offset, long length, byte value, CopyFlags flags, boolean eadr);
}
