package io.lode.pmem.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * Fills with Java's stores. The JDK's own fill needs a slice, which is allocated whenever escape
 * analysis fails, and it does not guarantee whole words.
 */
final class PlainFill {
  private static final int WORD = Long.BYTES;

  private PlainFill() {}

  /** Fills a range of native memory; whole aligned words of 8 bytes are stored atomically. */
  static void range(MemorySegment map, long offset, long length, byte value) {
    long end = offset + length;
    long at = offset;
    long toWord = -(map.address() + offset) & (WORD - 1);
    for (long head = Math.min(end, offset + toWord); at < head; at++) {
      map.set(JAVA_BYTE, at, value);
    }
    long word = (value & 0xffL) * 0x0101010101010101L;
    for (; at <= end - WORD; at += WORD) {
      map.set(JAVA_LONG, at, word);
    }
    for (; at < end; at++) {
      map.set(JAVA_BYTE, at, value);
    }
  }
}
