package io.lode.pmem.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * A range of bytes of a file.
 *
 * @param offset its first byte
 * @param end the byte after its last, above the offset
 */
record FileRange(long offset, long end) {
  long lengthBytes() {
    return end - offset;
  }

  /**
   * Returns the parts of this range that are in none of the others.
   *
   * @param others by offset, without overlaps
   */
  List<FileRange> minus(List<FileRange> others) {
    List<FileRange> rest = new ArrayList<>();
    long from = offset;
    for (FileRange other : others) {
      if (other.offset > from && from < end) {
        rest.add(new FileRange(from, Math.min(other.offset, end)));
      }
      from = Math.max(from, other.end);
    }
    if (from < end) {
      rest.add(new FileRange(from, end));
    }
    return rest;
  }
}
