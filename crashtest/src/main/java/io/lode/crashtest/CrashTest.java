package io.lode.crashtest;

import io.lode.crashtest.trace.Tampering;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tries every crash of a structure on persistent memory.
 *
 * <pre>{@code
 * Report report = CrashTest.of(StackSubject.class).run();
 * System.out.println(report.summary());
 * assertThat(report.violations()).isEmpty();
 * }</pre>
 *
 * <p>Unless {@link #sequences} or {@link #random} say otherwise, that runs all programs of up to 2
 * operations, and then 100 random programs of 32, crashed in up to 64 states at each point. What
 * begins only after more operations, when a large buffer is full for example, is not found by
 * these: the summary names the places in the code that no program reached.
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
  /** Long enough to fill a small structure, empty it and fill it again. */
  private static final int LONG_PROGRAM = 32;

  private static final long LONG_PROGRAMS = 100;

  /**
   * Enough for what is likely to break: nothing, everything, and all but one of what is in doubt.
   */
  private static final long LONG_PROGRAM_IMAGES = 64;

  private final Subjects subjects;
  private PersistencyModel model = PersistencyModel.ADR;
  private long seed = 42;
  private int sequenceLength = 2;
  private long randomPrograms;
  private int randomLength;
  private boolean depthIsGiven;
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
   * Adds packages to those under test, including their subpackages: those of the structure, if it
   * is not in the subject's package.
   *
   * @param names packages whose classes access persistent memory; "" is the unnamed package
   * @return this
   * @throws IllegalStateException in diff mode
   * @throws IllegalArgumentException if a name is that of a class, or of a package of the JDK or of
   *     those that observe; a package that does not exist is only found by {@link #run}
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
    Objects.requireNonNull(value, "model");
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
   * Runs all sequences of operations up to a length; the default is 2, and long random programs
   * after them, which are left out then.
   *
   * @param longest the length of the longest sequences, 0 for none
   * @return this
   */
  public CrashTest sequences(int longest) {
    require(longest >= 0, "sequences of up to %,d operations: need 0 or more", longest);
    depthIsGiven = true;
    sequenceLength = longest;
    return this;
  }

  /**
   * Runs random programs after the sequences, in place of those that run by default.
   *
   * @param count the number of programs
   * @param length the number of operations in each
   * @return this
   */
  public CrashTest random(long count, int length) {
    require(count >= 0, "%,d random programs: need 0 or more", count);
    require(length > 0 || count == 0, "random programs of %,d operations: need 1 or more", length);
    depthIsGiven = true;
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
    require(images > 0, "a limit of %,d images at a crash point: need 1 or more", images);
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
    require(images > 0, "following every %,d images: need 1 or more", images);
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
    require(images > 0, "crashing a recovery every %,d images: need 1 or more", images);
    require(
        imagesEach > 0, "%,d images at a crash point of a recovery: need 1 or more", imagesEach);
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
    require(count > 0, "%,d threads: need 1 or more", count);
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
    require(value > 0, "a time limit of %,d: need 1 or more", value);
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
    require(!planted.isEmpty(), "no faults to plant: %,d", planted.size());
    require(imagesEach >= 0, "%,d images for each fault: need 0 or more", imagesEach);
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
    require(randomRuns >= 0, "%,d random schedules: need 0 or more", randomRuns);
    require(imagesEach > 0, "%,d images at a crash point: need 1 or more", imagesEach);
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
    require(programs >= 0, "%,d programs with failing persists: need 0 or more", programs);
    require(length > 0 || programs == 0, "programs of %,d operations: need 1 or more", length);
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
    require(length >= 0, "a program of %,d operations to damage: need 0 or more", length);
    require(everyBit > 0, "flipping every %,d bits: need 1 or more", everyBit);
    damageLength = length;
    damageBitStep = everyBit;
    return this;
  }

  /**
   * Finds the faults that can be planted at the call sites reached by programs with every
   * operation.
   *
   * @return the mutants, by name
   * @throws IllegalArgumentException as {@link #run} does
   * @throws IllegalStateException if the structure cannot be tested at all
   */
  public List<Mutant> mutants() {
    Subjects.Loaded loaded = subjects.load();
    Violation wrong = loaded.rehearse(settings(), new Totals());
    if (wrong != null) {
      throw new IllegalStateException(wrong.toString());
    }
    return CallSiteMutants.find(loaded, settings());
  }

  /**
   * Runs everything that was requested.
   *
   * @return a report of what was tried and found
   * @throws IllegalArgumentException if the subject cannot be created, has no operations or a model
   *     that cannot be compared, or if a package under test does not exist
   * @throws IllegalStateException if nothing was requested
   */
  public Report run() {
    boolean isAsked =
        sequenceLength > 0
            || randomPrograms > 0
            || damageLength > 0
            || faultPrograms > 0
            || scheduleImages > 0;
    if (!isAsked && mutants.isEmpty()) {
      throw new IllegalStateException(
          "nothing was asked for: sequences(0), and no random programs, damage or schedules");
    }
    long start = System.nanoTime();
    Settings settings = settings();
    Run run = new Run(subjects.load(), settings, threads);
    boolean isReady = run.rehearse();
    if (isReady && mutants.isEmpty()) {
      run.sequences(sequenceLength);
      if (depthIsGiven) {
        run.random(randomPrograms, randomLength, limit);
      } else {
        run.random(LONG_PROGRAMS, LONG_PROGRAM, Math.min(limit, LONG_PROGRAM_IMAGES));
      }
      tryWhatWasAskedFor(run);
    }
    List<MutantResult> results = new ArrayList<>();
    for (Mutant mutant : isReady ? mutants : List.<Mutant>of()) {
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
   * Reproduces one crash. If the structure has changed since and its program no longer has that
   * crash, all crashes of the program are tried.
   *
   * @param text the replay line of a violation of this subject
   * @return the violation, or an empty list if it no longer occurs
   * @throws IllegalArgumentException if the line is not one, saying what is wrong with it
   */
  public List<Violation> replay(String text) {
    return Run.replay(subjects.load(), settings(), text);
  }

  private static void require(boolean condition, String otherwise, long value) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise.formatted(value));
    }
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
