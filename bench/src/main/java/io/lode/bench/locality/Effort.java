package io.lode.bench.locality;

import java.util.ArrayList;
import java.util.List;

/**
 * How much is measured.
 *
 * @param rounds how often everything is measured, cell after cell in each round
 * @param warmUpMillis how long each figure runs before it counts
 * @param millis how long it counts
 * @param areaBytes how large the memory of a kind of access is; a source gives three of them
 * @param touchBytes how much is mapped and touched for the first time
 * @param sizes of accesses in bytes, ascending
 * @param threads numbers of threads, ascending; empty for powers of two up to a node's CPUs
 * @param pausesNanos pauses of the threads that load the memory
 */
record Effort(
    int rounds,
    int warmUpMillis,
    int millis,
    long areaBytes,
    long touchBytes,
    List<Integer> sizes,
    List<Integer> threads,
    List<Integer> pausesNanos) {
  private static final int KIB = 1024;
  private static final long MIB = 1 << 20;

  /** How much more than the caches an area holds. */
  private static final long CACHES = 4;

  private static final long LEAST_AREA_BYTES = 128 * MIB;
  private static final long MOST_AREA_BYTES = 1024 * MIB;

  static Effort full(long cacheBytes) {
    return new Effort(
        5,
        30,
        100,
        areaBytes(cacheBytes),
        64 * MIB,
        List.of(64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, KIB * KIB),
        List.of(),
        List.of(Step.IDLE, 16_000, 4_000, 2_000, 1_000, 500, 250, 0));
  }

  static Effort quick(long cacheBytes) {
    return new Effort(
        3,
        10,
        30,
        areaBytes(cacheBytes),
        32 * MIB,
        List.of(64, 256, 4 * KIB, KIB * KIB),
        List.of(1, Integer.MAX_VALUE),
        List.of(Step.IDLE, 2_000, 500, 0));
  }

  /** As little as it takes to have every loop compiled, whatever is measured afterwards. */
  Effort warmUp() {
    int longer = Math.min(100, 10 * warmUpMillis);
    return new Effort(1, longer, 1, areaBytes, touchBytes, sizes, threads, pausesNanos);
  }

  private static long areaBytes(long cacheBytes) {
    return Math.clamp(cacheBytes * CACHES, LEAST_AREA_BYTES, MOST_AREA_BYTES);
  }

  /** The numbers of threads on a node with so many CPUs: 1 and all of them are among them. */
  List<Integer> threadsOn(int cpus) {
    List<Integer> counts = new ArrayList<>();
    if (threads.isEmpty()) {
      for (int count = 1; count < cpus; count *= 2) {
        counts.add(count);
      }
      counts.add(cpus);
      return counts;
    }
    threads.stream().map(count -> Math.min(count, cpus)).distinct().forEach(counts::add);
    return counts;
  }

  /** What is measured of a source from a node with so many CPUs, in order. */
  List<Step> steps(List<Measure> measures, int cpus) {
    List<Step> steps = new ArrayList<>();
    for (Measure measure : measures) {
      if (measure == Measure.LOADED_LATENCY) {
        pausesNanos.forEach(pause -> steps.add(new Step(measure, 0, cpus, pause)));
      } else if (measure == Measure.MAP || measure == Measure.FIRST_TOUCH) {
        steps.add(Step.of(measure, Math.toIntExact(touchBytes), 1));
      } else if (measure.isBySize()) {
        for (int count : threadsOn(cpus)) {
          sizes.forEach(size -> steps.add(Step.of(measure, size, count)));
        }
      } else {
        threadsOn(cpus).forEach(count -> steps.add(Step.of(measure, 0, count)));
      }
    }
    return steps;
  }

  /** The figure that stands for a measure: what a matrix shows. */
  Step headline(Measure measure, int cpus) {
    int all = threadsOn(cpus).getLast();
    return switch (measure) {
      case READ_SEQUENTIAL, WRITE_SEQUENTIAL -> Step.of(measure, sizes.getLast(), all);
      case READ_RANDOM, WRITE_RANDOM -> Step.of(measure, recordSize(), all);
      case PERSIST_STORE, PERSIST_FLUSH, PERSIST_STREAM, PERSIST_MSYNC ->
          Step.of(measure, recordSize(), threadsOn(cpus).getFirst());
      case MAP, FIRST_TOUCH -> Step.of(measure, Math.toIntExact(touchBytes), 1);
      case LOADED_LATENCY -> new Step(measure, 0, cpus, pausesNanos.getLast());
      case READ_LATENCY, PUT, GET -> Step.of(measure, 0, threadsOn(cpus).getFirst());
    };
  }

  /** The size that is nearest to a record of a few hundred bytes. */
  private int recordSize() {
    int best = sizes.getFirst();
    for (int size : sizes) {
      best = size <= 256 ? size : best;
    }
    return best;
  }
}
