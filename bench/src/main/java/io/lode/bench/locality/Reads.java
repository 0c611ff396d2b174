package io.lode.bench.locality;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Loads a word of every cache line of blocks: a line is what memory hands out. */
class Reads implements Kernel {
  private static final long LINE = Chase.LINE_BYTES;
  private static final long FOUR_LINES = 4 * LINE;

  private final MemorySegment memory;
  private final Walk walk;
  private final int blockBytes;
  private long sum;

  Reads(MemorySegment memory, Walk walk, int blockBytes) {
    this.memory = memory;
    this.walk = walk;
    this.blockBytes = blockBytes;
  }

  @Override
  public long run(long accesses) {
    for (long access = 0; access < accesses; access++) {
      sum += block(memory, walk.next(), blockBytes);
    }
    return accesses;
  }

  private static long block(MemorySegment memory, long begin, int bytes) {
    long first = 0;
    long second = 0;
    long third = 0;
    long fourth = 0;
    long at = begin;
    long end = begin + bytes;
    for (; at + FOUR_LINES <= end; at += FOUR_LINES) {
      first += memory.get(ValueLayout.JAVA_LONG, at);
      second += memory.get(ValueLayout.JAVA_LONG, at + LINE);
      third += memory.get(ValueLayout.JAVA_LONG, at + 2 * LINE);
      fourth += memory.get(ValueLayout.JAVA_LONG, at + 3 * LINE);
    }
    for (; at < end; at += LINE) {
      first += memory.get(ValueLayout.JAVA_LONG, at);
    }
    return first + second + third + fourth;
  }

  @Override
  public long sink() {
    return sum;
  }
}
