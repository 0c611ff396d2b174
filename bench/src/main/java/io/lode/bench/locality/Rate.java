package io.lode.bench.locality;

import io.lode.bench.locality.Kernels.Kernel;
import java.util.Arrays;

/**
 * The work of one thread in a measurement. Work is timed in batches, and a batch counts unless the
 * thread was plainly taken off its CPU in it: then it measures the neighbours, not the memory.
 *
 * @param accesses how many counted
 * @param nanos in which time
 * @param lostNanos the time of batches that do not count
 * @param sink of its kernel
 */
record Rate(long accesses, long nanos, long lostNanos, long sink) {
  /** The clock is read once in so much work, which costs a few hundredths of it. */
  private static final long BATCH_NANOS = 20_000;

  /** A slow access still gets that many batches a measurement. */
  private static final int LEAST_BATCHES = 8;

  private static final int MOST_BATCHES = 1 << 16;

  /** Schedulers take a CPU away for a millisecond and more; no memory stalls that long. */
  private static final long TAKEN_AWAY_NANOS = 1_000_000;

  private static final long TAKEN_AWAY_TIMES = 8;

  double nanosPerAccess() {
    return (double) nanos / accesses;
  }

  /** Warms a kernel up until a moment, then measures it. */
  static Rate of(Kernel kernel, long begin, long nanos) {
    long batch = warmUp(kernel, begin, nanos);
    long[] times = new long[MOST_BATCHES];
    int batches = 0;
    long from = System.nanoTime();
    long before = from;
    while (before - from < nanos && batches < MOST_BATCHES) {
      if (kernel.run(batch) < batch) {
        break;
      }
      long now = System.nanoTime();
      times[batches++] = now - before;
      before = now;
    }
    return counted(Arrays.copyOf(times, batches), batch, kernel.sink());
  }

  /** Finds out how many accesses fill a batch. */
  private static long warmUp(Kernel kernel, long begin, long nanos) {
    long wanted = Math.min(BATCH_NANOS, nanos / LEAST_BATCHES);
    long batch = 1;
    long before = System.nanoTime();
    do {
      if (kernel.run(batch) < batch) {
        break;
      }
      long now = System.nanoTime();
      if (now - before < wanted) {
        batch *= 2;
      } else if (now - before > 2 * wanted && batch > 1) {
        batch /= 2;
      }
      before = now;
    } while (before - begin < 0);
    return batch;
  }

  static Rate counted(long[] times, long batch, long sink) {
    if (times.length == 0) {
      throw new IllegalStateException("there was no room for a single batch of " + batch);
    }
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    long limit = Math.max(TAKEN_AWAY_NANOS, TAKEN_AWAY_TIMES * sorted[sorted.length / 2]);
    long counted = 0;
    long nanos = 0;
    long lost = 0;
    for (long time : times) {
      if (time <= limit) {
        counted++;
        nanos += time;
      } else {
        lost += time;
      }
    }
    return new Rate(counted * batch, nanos, lost, sink);
  }
}
