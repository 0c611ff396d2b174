package io.lode.bench.locality;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Dependent loads: each cache line names the next in one cycle through all of them, at random, so
 * that no prefetcher can guess it and no two loads overlap.
 */
final class Chase implements Kernel {
  static final long LINE_BYTES = 64;

  private final MemorySegment memory;
  private long offset;

  /** Begins somewhere on the cycle. */
  Chase(MemorySegment memory, long offset) {
    this.memory = memory;
    this.offset = offset;
  }

  /** Links the lines of some memory (Sattolo's shuffle). */
  static void link(MemorySegment memory, long seed) {
    int lines = Math.toIntExact(memory.byteSize() / LINE_BYTES);
    var order = new int[lines];
    for (int line = 0; line < lines; line++) {
      order[line] = line;
    }
    var random = new SplittableRandom(seed);
    for (int line = lines - 1; line > 0; line--) {
      int other = random.nextInt(line);
      int held = order[line];
      order[line] = order[other];
      order[other] = held;
    }
    for (int line = 0; line < lines; line++) {
      memory.set(ValueLayout.JAVA_LONG, line * LINE_BYTES, order[line] * LINE_BYTES);
    }
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
