package io.lode.bench.locality;

import io.lode.bench.run.Figures;

/**
 * One figure of a measure.
 *
 * @param measure what is measured
 * @param sizeBytes the size of an access, 0 where the measure has no sizes
 * @param threads how many threads do it at a time
 * @param pauseNanos loaded latency: how long each of the others pauses after a block; -1 when they
 *     are idle, and for all other measures
 */
record Step(Measure measure, int sizeBytes, int threads, int pauseNanos) {
  static final int IDLE = -1;

  static Step of(Measure measure, int sizeBytes, int threads) {
    return new Step(measure, sizeBytes, threads, IDLE);
  }

  /** Says in a few words how it is measured. */
  String detail() {
    if (measure == Measure.LOADED_LATENCY) {
      return pauseNanos == IDLE
          ? "others idle"
          : pauseNanos == 0 ? "full load" : "pauses of " + Figures.nanos(pauseNanos);
    }
    String size = sizeBytes == 0 ? "" : Figures.bytes(sizeBytes) + ", ";
    return size + threads + (threads == 1 ? " thread" : " threads");
  }
}
