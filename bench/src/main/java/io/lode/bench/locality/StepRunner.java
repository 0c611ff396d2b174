package io.lode.bench.locality;

import io.lode.bench.locality.Kernels.Kernel;
import io.lode.bench.run.RandomCycle;
import io.lode.bench.run.RawMap;
import io.lode.pmem.CopyFlags;
import io.lode.pmem.PmemMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Measures the steps of one source from the CPUs of one node. */
final class StepRunner {
  private static final int EINVAL = 22;
  private static final String NO_ROUTINES =
      "flush instructions cannot be run on this CPU or system";
  private static final long MILLI_NANOS = 1_000_000;

  private final Target target;
  private final PlacedCrew crew;
  private final Effort effort;
  private final long round;

  StepRunner(Target target, PlacedCrew crew, Effort effort, long round) {
    this.target = target;
    this.crew = crew;
    this.effort = effort;
    this.round = round;
  }

  /** Measures one step. */
  Figure measure(Step step) throws InterruptedException {
    return switch (step.measure()) {
      case READ_LATENCY -> latency(rates(step, this::chase));
      case READ_SEQUENTIAL -> bandwidth(step, rates(step, thread -> reads(step, thread, false)));
      case READ_RANDOM -> bandwidth(step, rates(step, thread -> reads(step, thread, true)));
      case WRITE_SEQUENTIAL -> writes(step, false);
      case WRITE_RANDOM -> writes(step, true);
      case PERSIST_STORE -> persists(step, CopyFlags.NO_FLUSH);
      case PERSIST_FLUSH -> persists(step, CopyFlags.TEMPORAL);
      case PERSIST_STREAM -> persists(step, CopyFlags.NON_TEMPORAL);
      case PERSIST_MSYNC -> syncs(step);
      case MAP -> latency(rates(step, _ -> Kernels.maps(target, step.sizeBytes())));
      case FIRST_TOUCH -> crew.on(0, () -> Touching.measure(target, step.sizeBytes()));
      case LOADED_LATENCY -> loaded(step);
      case PUT -> puts(step);
      case GET -> latency(rates(step, target.store()::gets));
    };
  }

  private List<Rate> rates(Step step, IntFunction<Kernel> kernel) throws InterruptedException {
    return rates(IntStream.range(0, step.threads()).mapToObj(kernel).toList());
  }

  private List<Rate> rates(List<Kernel> kernels) throws InterruptedException {
    return crew.run(kernels, effort.warmUpMillis() * MILLI_NANOS, effort.millis() * MILLI_NANOS);
  }

  /** Returns nanoseconds per access, the mean of all threads. */
  private static Figure latency(List<Rate> rates) {
    return Figure.of(rates.stream().mapToDouble(Rate::nanosPerAccess).average().orElseThrow());
  }

  private static Figure bandwidth(Step step, List<Rate> rates) {
    return Figure.of(gigabytes(step, rates));
  }

  /** Returns GB per second of all threads together: bytes per nanosecond. */
  private static double gigabytes(Step step, List<Rate> rates) {
    return rates.stream()
        .mapToDouble(rate -> (double) step.sizeBytes() / rate.nanosPerAccess())
        .sum();
  }

  private Kernel chase(int thread) {
    long lines = target.facts().areaBytes() / RandomCycle.LINE_BYTES;
    long line = Math.floorMod(((round * 31 + thread) * 0x9E3779B97F4A7C15L) >>> 3, lines);
    return new Kernels.Chase(target.readArea(), line * RandomCycle.LINE_BYTES);
  }

  private Walk walk(Step step, int thread, long offset, boolean isRandom) {
    long part = (target.facts().areaBytes() / step.threads()) & -RandomCycle.LINE_BYTES;
    long seed = round * 1000 + step.sizeBytes() + thread + 1;
    return new Walk(offset + thread * part, part, step.sizeBytes(), isRandom, seed);
  }

  private Kernel reads(Step step, int thread, boolean isRandom) {
    Walk walk = walk(step, thread, 0, isRandom);
    return new Kernels.Reads(target.readArea(), walk, step.sizeBytes(), 0);
  }

  private Kernel copies(PmemMap map, Step step, int thread, boolean isRandom, CopyFlags flags) {
    Walk walk = walk(step, thread, target.writeOffset(), isRandom);
    return Kernels.copies(map, walk, step.sizeBytes(), flags);
  }

  private Figure writes(Step step, boolean isRandom) throws InterruptedException {
    return bandwidth(
        step, rates(step, thread -> copies(target.map(), step, thread, isRandom, CopyFlags.NONE)));
  }

  private Figure persists(Step step, CopyFlags flags) throws InterruptedException {
    PmemMap lines = target.lines();
    return lines == null
        ? Figure.unavailable(NO_ROUTINES)
        : latency(rates(step, thread -> copies(lines, step, thread, false, flags)));
  }

  private Figure syncs(Step step) throws InterruptedException {
    RawMap raw = target.raw();
    if (raw == null) {
      return Figure.unavailable("memory has no file to sync");
    }
    int errno = crew.on(0, () -> raw.sync(target.writeOffset(), 1, RawMap.newState()));
    if (errno != 0) {
      return Figure.unavailable(
          errno == EINVAL
              ? "msync fails with EINVAL: the driver has no sync"
              : "msync fails with errno " + errno);
    }
    IntFunction<Walk> walks = thread -> walk(step, thread, target.writeOffset(), false);
    return latency(
        rates(step, thread -> Kernels.syncs(raw, walks.apply(thread), step.sizeBytes())));
  }

  private Figure loaded(Step step) throws InterruptedException {
    if (step.threads() < 2) {
      return Figure.unavailable("needs two CPUs on a node");
    }
    List<Kernel> kernels = new ArrayList<>();
    kernels.add(chase(0));
    var load = Step.of(Measure.READ_SEQUENTIAL, 4096, step.threads());
    for (int thread = 1; step.pauseNanos() != Step.IDLE && thread < step.threads(); thread++) {
      Walk walk = walk(load, thread, 0, false);
      kernels.add(new Kernels.Reads(target.readArea(), walk, load.sizeBytes(), step.pauseNanos()));
    }
    List<Rate> rates = rates(kernels);
    double beside = gigabytes(load, rates.subList(1, rates.size()));
    return new Figure(rates.getFirst().nanosPerAccess(), beside, null, null, null);
  }

  private Figure puts(Step step) throws InterruptedException {
    try (StoreArea store =
        crew.on(0, () -> new StoreArea(target.writeArea(), target.map().granularity()))) {
      return latency(rates(step, thread -> store.puts(thread, step.threads())));
    }
  }
}
