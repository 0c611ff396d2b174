package io.lode.bench.locality;

import io.lode.bench.run.BenchException;
import io.lode.bench.run.RandomCycle;
import io.lode.bench.run.RawMap;
import io.lode.pmem.CopyFlags;
import io.lode.pmem.PmemMap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The kinds of access that are measured. */
final class Kernels {
  private static final long LINE = RandomCycle.LINE_BYTES;
  private static final long FOUR_LINES = 4 * LINE;

  private Kernels() {}

  /** One kind of access by one thread, again and again. Used by one thread at a time. */
  interface Kernel {
    /** Makes so many accesses, 1 or more; returns how many, less only when there is no room. */
    long run(long accesses);

    /** Returns something that depends on all loads, so that none of them is left out. */
    default long sink() {
      return 0;
    }
  }

  /** Dependent loads along a {@link RandomCycle}. */
  static final class Chase implements Kernel {
    private final MemorySegment memory;
    private long offset;

    Chase(MemorySegment memory, long offset) {
      this.memory = memory;
      this.offset = offset;
    }

    @Override
    public long run(long accesses) {
      MemorySegment from = memory;
      long here = offset;
      for (long access = 0; access < accesses; access++) {
        here = from.get(ValueLayout.JAVA_LONG, here);
      }
      offset = here;
      return accesses;
    }

    @Override
    public long sink() {
      return offset;
    }
  }

  /**
   * Loads a word of every cache line of blocks, for memory hands out lines; pauses after each
   * block, which decides how busy the memory is.
   */
  static final class Reads implements Kernel {
    private final MemorySegment memory;
    private final Walk walk;
    private final int blockBytes;
    private final int pauseNanos;
    private long sum;

    Reads(MemorySegment memory, Walk walk, int blockBytes, int pauseNanos) {
      this.memory = memory;
      this.walk = walk;
      this.blockBytes = blockBytes;
      this.pauseNanos = pauseNanos;
    }

    @Override
    public long run(long accesses) {
      for (long access = 0; access < accesses; access++) {
        sum += block(memory, walk.next(), blockBytes);
        if (pauseNanos > 0) {
          pause();
        }
      }
      return accesses;
    }

    private void pause() {
      long until = System.nanoTime() + pauseNanos;
      while (System.nanoTime() - until < 0) {
        Thread.onSpinWait();
      }
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

  private static MemorySegment source(int blockBytes) {
    byte[] bytes = new byte[blockBytes];
    Arrays.fill(bytes, (byte) 0x5A);
    return MemorySegment.ofArray(bytes);
  }

  /** Copies blocks from the heap with the library's routines; the flags say whether flushed. */
  static Kernel copies(PmemMap map, Walk walk, int blockBytes, CopyFlags flags) {
    MemorySegment source = source(blockBytes);
    return accesses -> {
      for (long access = 0; access < accesses; access++) {
        map.copy(walk.next(), source, 0, blockBytes, flags);
      }
      return accesses;
    };
  }

  /** Copies blocks from the heap into a plain mapping, whose pages msync(2) writes back. */
  static Kernel syncs(RawMap map, Walk walk, int blockBytes) {
    MemorySegment source = source(blockBytes);
    MemorySegment state = RawMap.newState();
    return accesses -> {
      for (long access = 0; access < accesses; access++) {
        long offset = walk.next();
        MemorySegment.copy(source, 0, map.segment(), offset, blockBytes);
        int errno = map.sync(offset, blockBytes, state);
        if (errno != 0) {
          throw new BenchException(BenchException.SYSTEM, "msync: errno " + errno);
        }
      }
      return accesses;
    };
  }

  /** Maps memory and unmaps it, without touching it. */
  static Kernel maps(Target target, long bytes) {
    return accesses -> {
      for (long access = 0; access < accesses; access++) {
        target.fresh(bytes).close();
      }
      return accesses;
    };
  }
}
