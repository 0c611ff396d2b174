package io.lode.pmem.internal.cpu;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The memory of a map, and the cell through which the routines find it: 8 bytes of native memory
 * that hold the map's address, or 0 once the map is closed.
 *
 * <p>A segment of a shared arena as an argument costs two atomic operations a call, which is more
 * than the rest of the call. The cell is of an automatic arena: passing it costs none, and keeps it
 * alive while it is read.
 *
 * <p>Still no routine touches memory that was unmapped. It reads the cell first, and does nothing
 * if that is 0. The owner stores 0 and then closes the memory's arena, which makes a handshake with
 * every thread before it unmaps. HotSpot runs critical calls in the state of Java code, where a
 * thread answers at safepoint polls only, and there is none from the routine's first instruction to
 * its return. So whoever saw the address has returned before the handshake is complete, and whoever
 * reads the cell after it sees 0. A JVM that makes ordinary calls of critical ones gives no such
 * promise: there, as for memory that somebody else may unmap, each call holds the memory's own
 * arena open.
 */
public final class MapMemory {
  private static final VarHandle ADDRESS = JAVA_LONG.varHandle();
  private static final boolean HANDSHAKES_WAIT =
      handshakesWaitForCriticalCalls(System.getProperty("java.vm.name", ""));

  /** A cache line, so that nobody stores beside what every call reads. */
  private static final long CELL_BYTES = 64;

  private final String place;
  private final MemorySegment segment;
  private final long address;
  private final boolean writable;
  private final MemorySegment cell;
  private final MemorySegment held;

  private MapMemory(String place, MemorySegment segment, boolean callsHoldIt) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("a map is native memory, this is an array: " + segment);
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
   * Takes memory of a shared arena that its owner closes, and only after {@link #close}.
   *
   * @param place for messages
   * @param segment native memory
   */
  public static MapMemory owned(String place, MemorySegment segment) {
    return new MapMemory(place, segment, !HANDSHAKES_WAIT);
  }

  /**
   * Takes memory that somebody else may release at any time: every call holds its arena open.
   *
   * @param place for messages
   * @param segment native memory
   * @throws IllegalArgumentException if it is an array
   */
  public static MapMemory borrowed(String place, MemorySegment segment) {
    return new MapMemory(place, segment, true);
  }

  /** OpenJDK's HotSpot with its compilers; the Zero VM makes critical calls through libffi. */
  static boolean handshakesWaitForCriticalCalls(String vmName) {
    return (vmName.startsWith("OpenJDK ") || vmName.startsWith("Java HotSpot"))
        && (vmName.endsWith(" Server VM") || vmName.endsWith(" Client VM"));
  }

  /** Returns the memory. */
  public MemorySegment segment() {
    return segment;
  }

  /** Lets every later call of a routine end with {@link #closed}; the memory stays. */
  public void close() {
    // Before the arena's close and its handshake, also in the order that other threads see.
    ADDRESS.setRelease(cell, 0L, 0L);
  }

  /** Says that the map is closed. */
  public IllegalStateException closed() {
    return new IllegalStateException("map of " + place + " is closed");
  }

  /** Returns where the memory begins, or began. */
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

  /** Returns what routines get in place of the address. */
  MemorySegment cell() {
    return cell;
  }

  /** Returns what a call holds open beside the cell; the cell itself if nothing. */
  MemorySegment held() {
    return held;
  }
}
