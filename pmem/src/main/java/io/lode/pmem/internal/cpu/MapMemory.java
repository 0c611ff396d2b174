package io.lode.pmem.internal.cpu;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The memory of a map, and the cell through which the routines find it: 8 bytes of native memory
 * that hold the map's address, or 0 once the map is closed.
 *
 * <p>Passing a segment of a shared arena costs two atomic operations per call, more than the rest
 * of the call. The cell belongs to an automatic arena: passing it costs none, and keeps it alive
 * while it is read.
 *
 * <p>No routine touches unmapped memory nevertheless. It reads the cell first, and does nothing if
 * the cell is 0. The owner stores 0 and then closes the memory's arena, which performs a handshake
 * with every thread before it unmaps. HotSpot runs critical calls in the Java thread state, in
 * which a thread responds only at safepoint polls, and there is none between the routine's first
 * instruction and its return. So a thread that saw the address has returned before the handshake
 * completes, and a thread that reads the cell afterwards sees 0. A JVM that turns critical calls
 * into ordinary ones does not guarantee this: there, and for memory that its owner may unmap, each
 * call holds the memory's own arena open.
 */
public final class MapMemory {
  private static final VarHandle ADDRESS = JAVA_LONG.varHandle();
  private static final boolean HANDSHAKES_WAIT =
      handshakesWaitForCriticalCalls(System.getProperty("java.vm.name", ""));

  /** A cache line, so that nothing is stored next to the cell that every call reads. */
  private static final long CELL_BYTES = 64;

  private final String place;
  private final MemorySegment segment;
  private final long address;
  private final boolean writable;
  private final MemorySegment cell;
  private final MemorySegment held;

  private MapMemory(String place, MemorySegment segment, boolean callsHoldIt) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("a map must be native memory, not an array: " + segment);
    }
    this.place = place;
    this.segment = segment;
    this.address = segment.address();
    this.writable = !segment.isReadOnly();
    this.cell = Arena.ofAuto().allocate(CELL_BYTES, CELL_BYTES);
    this.held = callsHoldIt ? segment : cell;
    ADDRESS.set(cell, 0L, address);
  }

  /**
   * Returns the memory of a shared arena, which its owner closes only after {@link #close}.
   *
   * @param place for messages
   * @param segment native memory
   */
  public static MapMemory owned(String place, MemorySegment segment) {
    return new MapMemory(place, segment, !HANDSHAKES_WAIT);
  }

  /**
   * Returns memory that its owner may release at any time: every call holds its arena open.
   *
   * @param place for messages
   * @param segment native memory
   * @throws IllegalArgumentException if it is an array
   */
  public static MapMemory borrowed(String place, MemorySegment segment) {
    return new MapMemory(place, segment, true);
  }

  /**
   * Only OpenJDK's HotSpot with its compilers qualifies; the Zero VM makes critical calls through
   * libffi.
   */
  static boolean handshakesWaitForCriticalCalls(String vmName) {
    return (vmName.startsWith("OpenJDK ") || vmName.startsWith("Java HotSpot"))
        && (vmName.endsWith(" Server VM") || vmName.endsWith(" Client VM"));
  }

  /** Returns the memory. */
  public MemorySegment segment() {
    return segment;
  }

  /** Makes every later call of a routine fail with {@link #closed}; the memory stays mapped. */
  public void close() {
    // Before the arena's close and its handshake, in the order that other threads observe too.
    ADDRESS.setRelease(cell, 0L, 0L);
  }

  /** Returns the exception for a closed map. */
  public IllegalStateException closed() {
    return new IllegalStateException("map of " + place + " is closed");
  }

  /** Returns the address of the memory, even after close. */
  long address() {
    return address;
  }

  long sizeBytes() {
    return segment.byteSize();
  }

  void requireWritable() {
    if (!writable) { // a store to a protected page would end the process
      throw new IllegalArgumentException("the map is read-only: " + segment);
    }
  }

  /** Returns the cell, which routines receive in place of the address. */
  MemorySegment cell() {
    return cell;
  }

  /**
   * Returns the segment that a call holds open beside the cell; the cell itself if there is none.
   */
  MemorySegment held() {
    return held;
  }
}
