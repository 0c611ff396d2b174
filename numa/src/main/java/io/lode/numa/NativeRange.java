package io.lode.numa;

import io.lode.numa.internal.Mappings;
import java.lang.foreign.MemorySegment;

/** The checks on a segment before its address goes to the kernel. */
final class NativeRange {
  private NativeRange() {}

  /** Returns the address of an open native segment. */
  static long address(MemorySegment segment, String operation) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException(
          operation + ": the segment is on the Java heap, which moves; use native memory");
    }
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException(operation + ": the segment's arena is closed");
    }
    if (!segment.isAccessibleBy(Thread.currentThread())) {
      throw new WrongThreadException(operation + ": the segment is confined to another thread");
    }
    return segment.address();
  }

  /** Returns the address of a byte in an open native segment. */
  static long address(MemorySegment segment, long offset, String operation) {
    if (offset < 0 || offset >= segment.byteSize()) {
      throw new IndexOutOfBoundsException(
          operation + ": not within the segment's " + segment.byteSize() + " bytes");
    }
    return address(segment, operation) + offset;
  }

  /** Returns the address of an open native segment that starts on a page. */
  static long pageAligned(MemorySegment segment, String operation) {
    long address = address(segment, operation);
    if (address % Mappings.pageSizeBytes() != 0) {
      throw new IllegalArgumentException(
          operation
              + ": the segment starts "
              + address % Mappings.pageSizeBytes()
              + " bytes into a page; it must start on a page of "
              + Mappings.pageSizeBytes()
              + " bytes");
    }
    return address;
  }
}
