package io.lode.crashtest;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/** Runs programs on all threads and gathers their results. */
final class Run {
  /**
   * Distance between the seeds of random programs: any odd number with many bits set but the golden
   * ratio's, which is the step of SplittableRandom itself, so that each program would be the one
   * before it without its first operation.
   */
  private static final long SEED_STEP = 0xD1342543DE82EF95L;

  private static final int ENOUGH_VIOLATIONS = 5;

  private final Subjects.Loaded loaded;
  private final Settings settings;
  private final int threads;
  private final Totals totals = new Totals();
  private final List<String> scope = new ArrayList<>();

  Run(Subjects.Loaded loaded, Settings settings, int threads) {
    this.loaded = loaded;
    this.settings = settings;
    this.threads = threads;
  }

  Totals totals() {
    return totals;
  }

  /**
   * Finds what is wrong with the subject itself before anything is tried.
   *
   * @return whether the subject can be tested
   * @throws IllegalArgumentException if it is no proper description of a structure, or if a package
   *     under test does not exist
   */
  boolean rehearse() {
    Violation wrong = loaded.rehearse(settings, totals);
    if (wrong != null) {
      totals.add(wrong);
    }
    return wrong == null;
  }

  /**
   * A program, and the first step at which it is crashed.
   *
   * @param operations indexes of operations
   * @param firstExplored the step
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Program(int[] operations, int firstExplored) {}

  /**
   * Runs all sequences. Each is crashed only in its last operation, because every prefix is a
   * sequence itself.
   */
  void sequences(int longest) {
    int alphabet = loaded.supplier().get().operations().size();
    long count = 1;
    long power = 1;
    try {
      for (int length = 1; length <= longest; length++) {
        power = Math.multiplyExact(power, alphabet);
        count = Math.addExact(count, power);
      }
    } catch (ArithmeticException _) {
      throw new IllegalArgumentException(
          "all programs of up to %,d of %,d operations are more than can be counted: use random"
              .formatted(longest, alphabet));
    }
    if (longest > 0) {
      scope.add(
          "all %,d programs of up to %,d operation%s"
              .formatted(count, longest, longest == 1 ? "" : "s"));
      forAll(settings, count, index -> sequence(index, alphabet));
    }
  }

  private static Program sequence(long index, int alphabet) {
    long rest = index;
    long power = 1;
    int length = 0;
    while (rest >= power) {
      rest -= power;
      power *= alphabet;
      length++;
    }
    int[] operations = new int[length];
    for (int i = 0; i < length; i++) {
      operations[i] = (int) (rest % alphabet);
      rest /= alphabet;
    }
    return new Program(operations, length);
  }

  /**
   * Runs random programs.
   *
   * @param count the number of programs
   * @param length the number of operations in each
   * @param limit the maximum number of images at one crash point
   */
  void random(long count, int length, long limit) {
    int alphabet = loaded.supplier().get().operations().size();
    if (count > 0) {
      // Whoever asks for all numbers of programs asks for as many as there is time for.
      String many = count == Long.MAX_VALUE ? "endlessly many" : "%,d".formatted(count);
      scope.add("%s random programs of %,d operations".formatted(many, length));
    }
    forAll(
        settings.withLimit(limit),
        count,
        index -> new Program(randomProgram(settings.seed(), index, length, alphabet), 1));
  }

  /** Returns one of the random programs of a seed, as indexes of operations. */
  static int[] randomProgram(long seed, long index, int length, int alphabet) {
    return new SplittableRandom(seed + index * SEED_STEP).ints(length, 0, alphabet).toArray();
  }

  private void forAll(Settings with, long count, LongFunction<Program> programs) {
    AtomicLong next = new AtomicLong();
    onAllThreads(() -> work(loaded.supplier().get(), with, next, count, programs));
  }

  private void onAllThreads(Runnable work) {
    if (threads == 1) {
      work.run();
      return;
    }
    try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(workers.submit(work));
      }
      for (Future<?> worker : running) {
        worker.get();
      }
    } catch (ExecutionException failure) {
      throw new IllegalStateException("a worker failed: " + failure.getCause(), failure.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  private <T, M> void work(
      Subject<T, M> subject,
      Settings with,
      AtomicLong next,
      long count,
      LongFunction<Program> programs) {
    Harness<T, M> harness = new Harness<>(subject, loaded, with);
    var violations = new ViolationFinder<>(harness, totals);
    while (!isEnough()) {
      long index = next.getAndIncrement();
      if (index >= count) {
        return;
      }
      totals.programs.increment();
      violations.run(programs.apply(index));
    }
  }

  /** Damages what a random program leaves behind, with and without an orderly close. */
  void damage(int length, long bitStep) {
    if (length > 0) {
      AtomicLong next = new AtomicLong();
      onAllThreads(() -> damage(loaded.supplier().get(), length, bitStep, next));
    }
  }

  private <T, M> void damage(Subject<T, M> subject, int length, long bitStep, AtomicLong next) {
    Harness<T, M> harness = new Harness<>(subject, loaded, settings);
    int alphabet = harness.operations().size();
    int[] program = new SplittableRandom(settings.seed()).ints(length, 0, alphabet).toArray();
    DamagePlan<T, M> plan = new DamagePlan<>(harness, program);
    for (long part = next.getAndIncrement();
        part < DamagePlan.PARTS;
        part = next.getAndIncrement()) {
      DamageRun<T, M> damage = plan.run((int) part, bitStep, this::isEnough);
      totals.damaged(damage.outcomes(), damage.silent());
    }
  }

  private boolean isEnough() {
    return settings.isOver()
        || totals.violationCount.sum() >= (settings.firstOnly() ? 1 : ENOUGH_VIOLATIONS);
  }

  /** Makes each persist of random programs fail. */
  void persistFaults(long count, int length) {
    if (count > 0) {
      AtomicLong next = new AtomicLong();
      onAllThreads(() -> persistFaults(loaded.supplier().get(), next, count, length));
    }
  }

  private <T, M> void persistFaults(
      Subject<T, M> subject, AtomicLong next, long count, int length) {
    Harness<T, M> harness = new Harness<>(subject, loaded, settings);
    PersistFaults<T, M> faults = new PersistFaults<>(harness, this::isEnough);
    for (long index = next.getAndIncrement();
        index < count && !isEnough();
        index = next.getAndIncrement()) {
      faults.run(randomProgram(settings.seed(), index, length, harness.operations().size()));
    }
    totals.damaged(faults.outcomes(), faults.wrong());
    faults.close();
  }

  /** Runs pairs of operations under all short schedules, then random schedules. */
  void interleave(long randomRuns, long imagesEach) {
    if (imagesEach > 0) {
      AtomicLong next = new AtomicLong();
      onAllThreads(() -> interleave(loaded.supplier().get(), next, randomRuns, imagesEach));
    }
  }

  private <T, M> void interleave(
      Subject<T, M> subject, AtomicLong next, long randomRuns, long imagesEach) {
    Harness<T, M> harness = new Harness<>(subject, loaded, settings);
    var operations =
        IntStream.range(0, harness.operations().size())
            .filter(index -> !harness.operations().get(index).reopens())
            .boxed()
            .toList();
    var threadRun = new ThreadRun<>(harness, loaded.tracer(), totals, imagesEach);
    var plan = new ThreadPlan(threadRun, operations, this::isEnough);
    int pairs = plan.pairs();
    for (long index = next.getAndIncrement();
        index < pairs + randomRuns && !isEnough();
        index = next.getAndIncrement()) {
      if (index < pairs) {
        plan.pair((int) index);
      } else {
        plan.random(settings.seed() + index * SEED_STEP);
      }
    }
    threadRun.close();
  }

  Report report(List<MutantResult> mutants, long nanos) {
    boolean cut =
        settings.isOver() || totals.cutShortPoints.sum() > 0 || totals.violationCount.sum() > 0;
    return new Report(
        settings.model(),
        settings.seed(),
        totals.points.sum() > 0
            && !loaded.comparing()
            && !cut
            && totals.sampledPoints.sum() == 0
            && !totals.hasGaps(),
        loaded.comparing(),
        String.join(" and ", scope),
        loaded.tracer().unreached(),
        totals.stores.sum() > 0,
        totals.programs.sum(),
        totals.points.sum(),
        totals.sampledPoints.sum(),
        totals.cutShortPoints.sum(),
        totals.mostStates.get(),
        totals.images.sum(),
        totals.nestedImages.sum(),
        totals.opens.sum(),
        totals.schedules.sum(),
        totals.violationCount.sum(),
        totals.violations(),
        totals.findings(),
        totals.costs(),
        mutants.size(),
        mutants.stream().filter(MutantResult::caught).count(),
        mutants,
        totals.outcomes(),
        0,
        0,
        nanos);
  }

  static List<Violation> replay(Subjects.Loaded loaded, Settings settings, String text) {
    Subject<?, ?> subject = loaded.supplier().get();
    ReplayLine line = ReplayLine.parse(text, subject);
    Settings then = settings.with(line.model(), line.seed());
    return replay(loaded, then, subject, line.operations(), line.crash());
  }

  private static <T, M> List<Violation> replay(
      Subjects.Loaded loaded,
      Settings settings,
      Subject<T, M> subject,
      int[] operations,
      Crash crash) {
    Totals totals = new Totals();
    Harness<T, M> harness = new Harness<>(subject, loaded, settings);
    new ViolationFinder<>(harness, totals).replay(operations, crash);
    return totals.violations();
  }
}
