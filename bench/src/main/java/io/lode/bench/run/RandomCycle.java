package io.lode.bench.run;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Memory in which each cache line names the next in one random cycle through all of them: no
 * prefetcher guesses it, and no two loads overlap.
 */
public final class RandomCycle {
  /** The length of a cache line. */
  public static final long LINE_BYTES = 64;

  private RandomCycle() {}

  /** Links the lines (Sattolo's shuffle). */
  public static void link(MemorySegment memory, long seed) {
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
}
