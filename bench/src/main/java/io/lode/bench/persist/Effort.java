package io.lode.bench.persist;

import java.util.List;

/**
 * How much is measured.
 *
 * @param lengths bytes made durable in a call
 * @param rounds how often everything is measured, each time in new processes
 * @param warmUpMillis how long each process runs before it is measured
 * @param millis how long a measurement takes
 * @param iterations measurements in each process
 */
record Effort(List<Integer> lengths, int rounds, int warmUpMillis, int millis, int iterations) {
  private static final int KIB = 1024;

  static final Effort FULL =
      new Effort(
          List.of(64, 128, 256, 512, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, KIB * KIB),
          3,
          400,
          100,
          5);

  static final Effort QUICK = new Effort(List.of(64, 256, 4 * KIB), 1, 500, 50, 5);
}
