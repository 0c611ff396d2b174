package io.lode.crashtest;

import io.lode.crashtest.trace.Tampering;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tries every crash of a structure on persistent memory.
 *
 * <pre>{@code
 * Report report = CrashTest.of(StackSubject.class).sequences(3).run();
 * assertThat(report.violations()).isEmpty();
 * }</pre>
 *
 * <p>The structure runs unchanged on a {@link io.lode.pmem.PmemMap}. Its classes are loaded a
 * second time and rewritten while loading, so that each access is observed. Accesses through a
 * ByteBuffer view (which the linter reports), through method references to methods of
 * MemorySegment, and by classes outside the packages under test are not observed.
 *
 * <p>Set what should differ from the defaults, then {@link #run}. Not for concurrent use; it runs
 * several threads itself.
 */
public final class CrashTest {
  private final Subjects subjects;
  private PersistencyModel model = PersistencyModel.ADR;
  private long seed = 42;
  private int sequenceLength = 2;
  private long randomPrograms;
  private int randomLength;
  private long limit = 4096;
  private long followEvery = 16;
  private long nestEvery = 1000;
  private long nestedLimit = 64;
  private int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
  private long timeLimitNanos = TimeUnit.DAYS.toNanos(365);
  private long mutantImages = 200_000;
  private List<Mutant> mutants = List.of();
  private boolean wholeStores;
  private int damageLength;
  private long randomSchedules;
  private long scheduleImages;
  private long faultPrograms;
  private int faultLength;
  private long damageBitStep = 1;

  private CrashTest(Subjects subjects) {
    this.subjects = subjects;
  }

  /**
   * Tests a structure and observes all its accesses.
   *
   * @param subject a class with a no-argument constructor; its package is under test
   * @return the test
   */
  public static CrashTest of(Class<? extends Subject<?, ?>> subject) {
    return new CrashTest(Subjects.rewritten(subject));
  }

  /**
   * Tests a structure whose classes cannot be loaded again. Stores are found by comparing the
   * memory at each flush and fence: two stores to the same place in between are seen as one, and
   * their order within a line is unknown. The report says "diff mode: not exhaustive".
   *
   * @param subject creates one subject per thread
   * @return the test
   */
  public static CrashTest diffMode(Supplier<? extends Subject<?, ?>> subject) {
    return new CrashTest(Subjects.compared(subject));
  }

  /**
   * Adds packages to those under test, including their subpackages.
   *
   * @param names packages whose classes access persistent memory
   * @return this
   * @throws IllegalStateException in diff mode
   */
  public CrashTest packages(String... names) {
    subjects.addPackages(List.of(names));
    return this;
  }

  /**
   * Sets what a crash can leave behind; the default is ADR.
   *
   * @param value the model
   * @return this
   */
  public CrashTest model(PersistencyModel value) {
    model = value;
    return this;
  }

  /**
   * Sets the seed of random choices; the same seed gives the same run.
   *
   * @param value any number
   * @return this
   */
  public CrashTest seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Runs all sequences of operations up to a length; the default is 2.
   *
   * @param longest the length of the longest sequences, 0 for none
   * @return this
   */
  public CrashTest sequences(int longest) {
    sequenceLength = longest;
    return this;
  }

  /**
   * Runs random programs after the sequences; the default is none.
   *
   * @param count the number of programs
   * @param length the number of operations in each
   * @return this
   */
  public CrashTest random(long count, int length) {
    randomPrograms = count;
    randomLength = length;
    return this;
  }

  /**
   * Sets how many images are tried at one crash point; the default is 4096. Where there are more
   * states, the report says so, and how many.
   *
   * @param images the maximum
   * @return this
   */
  public CrashTest limit(long images) {
    limit = images;
    return this;
  }

  /**
   * Sets the interval, in images, at which the recovered structure loses power again and is then
   * used with every operation; the default is 16. The first two images of each crash point always
   * are.
   *
   * @param images the interval, 1 for every image
   * @return this
   */
  public CrashTest followEvery(long images) {
    followEvery = images;
    return this;
  }

  /**
   * Sets the interval, in images, at which the recovery itself is crashed; the default is 1000.
   *
   * @param images the interval, 1 for every image
   * @param imagesEach the maximum number of images at one crash point of a recovery; the default is
   *     64
   * @return this
   */
  public CrashTest nestEvery(long images, long imagesEach) {
    nestEvery = images;
    nestedLimit = imagesEach;
    return this;
  }

  /**
   * Sets the number of worker threads; the default is one per processor.
   *
   * @param count 1 or more
   * @return this
   */
  public CrashTest threads(int count) {
    threads = count;
    return this;
  }

  /**
   * Ends the run after a time, whatever is left; the report says what was cut short.
   *
   * @param value the amount of time
   * @param unit the unit of the amount
   * @return this
   */
  public CrashTest timeLimit(long value, TimeUnit unit) {
    timeLimitNanos = unit.toNanos(value);
    return this;
  }

  /**
   * Plants faults, one at a time: the requested sequences, damage and persist faults must detect
   * each of them. Nothing is then tried without a planted fault.
   *
   * @param planted the faults; {@link #mutants} finds those at call sites
   * @param imagesEach how many images of random programs are tried after the sequences before
   *     giving up, 0 for none
   * @return this
   */
  public CrashTest plant(List<Mutant> planted, long imagesEach) {
    mutants = List.copyOf(planted);
    mutantImages = imagesEach;
    return this;
  }

  /**
   * Changes methods of the code under test for the whole run, for example to shorten checksums and
   * see what else holds.
   *
   * @param changes {@link Mutant}s of methods
   * @return this
   */
  public CrashTest altered(Mutant... changes) {
    for (Mutant change : changes) {
      subjects.alter(change.mutation());
    }
    return this;
  }

  /**
   * Tries only crashes that leave all or nothing of what is in doubt at a point. This shows what
   * holds when nothing is torn, for example with checksums that are too short to detect tearing.
   *
   * @return this
   */
  public CrashTest wholeStores() {
    wholeStores = true;
    return this;
  }

  /**
   * Runs operations concurrently, after the run: each pair under all schedules with up to two
   * preemptive switches, then random schedules of two writers and a reader. Threads switch at
   * accesses to the map and at locks of {@code java.util.concurrent.locks}. Power is lost at every
   * fence and return. The resulting content must be explained by some order of the operations that
   * agrees with when they ran and with what was read meanwhile.
   *
   * @param randomRuns the number of random schedules
   * @param imagesEach the maximum number of images at one crash point
   * @return this
   */
  public CrashTest interleave(long randomRuns, long imagesEach) {
    randomSchedules = randomRuns;
    scheduleImages = imagesEach;
    return this;
  }

  /**
   * Makes each persist of random programs fail, after the run: with and without an error, once and
   * from then on. The effect of an operation that returned must be present, even after a power
   * loss; if the device lies, it may be lost, but not unnoticed.
   *
   * @param programs the number of programs
   * @param length the number of operations in each
   * @return this
   */
  public CrashTest persistFaults(long programs, int length) {
    faultPrograms = programs;
    faultLength = length;
    return this;
  }

  /**
   * Damages what a random program leaves behind, after the run: flips bits, one and two at a time;
   * makes lines and pages all zeros, all ones, stale, copies of others, or swapped; makes pages and
   * single reads fail. None of this may lead to a silent wrong answer.
   *
   * @param length the number of operations in the program
   * @param everyBit 1 to flip each bit, 8 to flip one of each byte in turn, and so on
   * @return this
   */
  public CrashTest damage(int length, long everyBit) {
    damageLength = length;
    damageBitStep = everyBit;
    return this;
  }

  /**
   * Finds the faults that can be planted at the call sites reached by programs with every
   * operation.
   *
   * @return the mutants, by name
   */
  public List<Mutant> mutants() {
    return CallSiteMutants.find(subjects.load(), settings());
  }

  /**
   * Runs everything that was requested.
   *
   * @return a report of what was tried and found
   */
  public Report run() {
    long start = System.nanoTime();
    Settings settings = settings();
    Run run = new Run(subjects.load(), settings, threads);
    if (mutants.isEmpty()) {
      run.sequences(sequenceLength);
      run.random(randomPrograms, randomLength);
      tryWhatWasAskedFor(run);
    }
    List<MutantResult> results = new ArrayList<>();
    for (Mutant mutant : mutants) {
      results.add(
          new MutantRun(subjects, mutant, settings, mutantImages, threads)
              .run(sequenceLength, this::tryWhatWasAskedFor));
    }
    return run.report(results, System.nanoTime() - start);
  }

  private void tryWhatWasAskedFor(Run run) {
    run.damage(damageLength, damageBitStep);
    run.persistFaults(faultPrograms, faultLength);
    run.interleave(randomSchedules, scheduleImages);
  }

  /**
   * Reproduces one crash.
   *
   * @param text the replay line of a violation
   * @return the violation, or an empty list if it no longer occurs
   */
  public List<Violation> replay(String text) {
    return Run.replay(subjects.load(), settings(), text);
  }

  private Settings settings() {
    return new Settings(
        model,
        seed,
        limit,
        followEvery,
        nestEvery,
        nestedLimit,
        wholeStores,
        false,
        Tampering.NONE,
        System.nanoTime() + timeLimitNanos);
  }
}
