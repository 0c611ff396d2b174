package io.lode.crashtest;

import io.lode.crashtest.trace.Tampering;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Tries every crash of a structure on persistent memory.
 *
 * <pre>{@code
 * Report report = CrashTest.of(StackSubject.class).sequences(3).run();
 * assertThat(report.violations()).isEmpty();
 * }</pre>
 *
 * <p>The structure runs unchanged on a {@link io.lode.pmem.PmemMap}. Its classes are loaded a
 * second time and rewritten on the way, so that each access is seen. Not seen are accesses through
 * a ByteBuffer view (the linter says so), through method references to methods of MemorySegment,
 * and by classes outside the packages under test.
 *
 * <p>Set what should differ from the defaults, then {@link #run}. Not for concurrent use; it uses
 * several threads itself.
 */
public final class CrashTest {
  private final Source source;
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

  private CrashTest(Source source) {
    this.source = source;
  }

  /**
   * Tests a structure with all its accesses seen.
   *
   * @param subject a class with a constructor that takes nothing; its package is under test
   * @return the test, to be run
   */
  public static CrashTest of(Class<? extends Subject<?, ?>> subject) {
    return new CrashTest(Source.rewritten(subject));
  }

  /**
   * Tests a structure whose classes cannot be loaded anew. Stores are found by comparing the memory
   * at each flush and fence: what is stored twice in between is seen once, and nothing is known of
   * the order within a line. The report says "diff mode: not exhaustive".
   *
   * @param subject makes one subject for each thread
   * @return the test, to be run
   */
  public static CrashTest diffMode(Supplier<? extends Subject<?, ?>> subject) {
    return new CrashTest(Source.compared(subject));
  }

  /**
   * Adds packages to those under test; those below them are included.
   *
   * @param names packages whose classes access persistent memory
   * @return this
   * @throws IllegalStateException in diff mode
   */
  public CrashTest packages(String... names) {
    source.addPackages(List.of(names));
    return this;
  }

  /**
   * Sets what a crash can leave behind; ADR if not set.
   *
   * @param value the model
   * @return this
   */
  public CrashTest model(PersistencyModel value) {
    model = value;
    return this;
  }

  /**
   * Sets where random choices start; the same seed gives the same run.
   *
   * @param value any number
   * @return this
   */
  public CrashTest seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Runs all sequences of operations up to a length; 2 if not set.
   *
   * @param longest operations in the longest, 0 for none
   * @return this
   */
  public CrashTest sequences(int longest) {
    sequenceLength = longest;
    return this;
  }

  /**
   * Runs random programs after the sequences; none if not set.
   *
   * @param count how many
   * @param length operations in each
   * @return this
   */
  public CrashTest random(long count, int length) {
    randomPrograms = count;
    randomLength = length;
    return this;
  }

  /**
   * Sets how many images are tried at one crash point; 4096 if not set. Where there are more states
   * the report says so, and says how many.
   *
   * @param images the most
   * @return this
   */
  public CrashTest limit(long images) {
    limit = images;
    return this;
  }

  /**
   * Sets after every how many images the recovered structure loses power again and is then used
   * with every operation; 16 if not set. The first two images of each crash point always are.
   *
   * @param images 1 for all
   * @return this
   */
  public CrashTest followEvery(long images) {
    followEvery = images;
    return this;
  }

  /**
   * Sets after every how many images the recovery is crashed in turn; 1000 if not set.
   *
   * @param images 1 for all
   * @param imagesEach the most images at one crash point of a recovery; 64 if not set
   * @return this
   */
  public CrashTest nestEvery(long images, long imagesEach) {
    nestEvery = images;
    nestedLimit = imagesEach;
    return this;
  }

  /**
   * Sets how many threads work; one a processor if not set.
   *
   * @param count 1 or more
   * @return this
   */
  public CrashTest threads(int count) {
    threads = count;
    return this;
  }

  /**
   * Ends the run when a time is over, whatever is left; what was cut short is reported.
   *
   * @param value how much
   * @param unit of what
   * @return this
   */
  public CrashTest timeLimit(long value, TimeUnit unit) {
    timeLimitNanos = unit.toNanos(value);
    return this;
  }

  /**
   * Plants faults, one at a time: by the sequences, the damage and the persist faults that were
   * asked for each must be noticed. Nothing is tried without a planted fault then.
   *
   * @param planted what to plant; {@link #mutants} finds those at call sites
   * @param imagesEach how many images of random programs are tried in vain after the sequences, 0
   *     for none
   * @return this
   */
  public CrashTest plant(List<Mutant> planted, long imagesEach) {
    mutants = List.copyOf(planted);
    mutantImages = imagesEach;
    return this;
  }

  /**
   * Changes methods of the code under test for the whole run, for example to cut checksums short
   * and see what else holds.
   *
   * @param changes {@link Mutant}s of methods
   * @return this
   */
  public CrashTest altered(Mutant... changes) {
    for (Mutant change : changes) {
      source.alter(change.mutation());
    }
    return this;
  }

  /**
   * Tries only crashes that leave all or nothing of what is in doubt at a point. That shows what
   * still holds where nothing is torn, for example with checksums too short to notice tearing.
   *
   * @return this
   */
  public CrashTest wholeStores() {
    wholeStores = true;
    return this;
  }

  /**
   * Lets operations run at the same time, after the run: each pair by all schedules with up to two
   * switches where none is needed, then random ones of two writers and a reader. Threads switch at
   * accesses to the map and at locks of {@code java.util.concurrent.locks}. At every fence and
   * return the power goes. What is there must be what the operations leave in some order that
   * agrees with when they ran, and with what was read meanwhile.
   *
   * @param randomRuns how many random schedules
   * @param imagesEach the most images at one crash point
   * @return this
   */
  public CrashTest interleave(long randomRuns, long imagesEach) {
    randomSchedules = randomRuns;
    scheduleImages = imagesEach;
    return this;
  }

  /**
   * Lets each persist of random programs fail, after the run: reported once and from then on, and
   * not reported, once and from then on. What an operation that returned has done must be there,
   * also when the power goes; where a device lies that cannot be, but must not go unnoticed.
   *
   * @param programs how many
   * @param length operations in each
   * @return this
   */
  public CrashTest persistFaults(long programs, int length) {
    faultPrograms = programs;
    faultLength = length;
    return this;
  }

  /**
   * Harms what a random program leaves behind, after the run: bits flipped, one and two at a time;
   * lines and pages zeroed, all ones, as they were before, with another's content, swapped; pages
   * and single reads that fail. Nothing of it may lead to a wrong answer without a word.
   *
   * @param length operations in the program
   * @param everyBit 1 to flip each bit, 8 to flip one of each byte in turn, and so on
   * @return this
   */
  public CrashTest damage(int length, long everyBit) {
    damageLength = length;
    damageBitStep = everyBit;
    return this;
  }

  /**
   * Finds the faults that can be planted at call sites that programs with every operation reach.
   *
   * @return the mutants, by name
   */
  public List<Mutant> mutants() {
    return CallSiteMutants.find(source.open(UnaryOperator.identity()), settings());
  }

  /**
   * Runs everything that was asked for.
   *
   * @return what was tried and found
   */
  public Report run() {
    long start = System.nanoTime();
    Settings settings = settings();
    Run run = new Run(source.open(UnaryOperator.identity()), settings, threads);
    if (mutants.isEmpty()) {
      run.sequences(sequenceLength);
      run.random(randomPrograms, randomLength);
      tryWhatWasAskedFor(run);
    }
    List<MutantResult> results = new ArrayList<>();
    for (Mutant mutant : mutants) {
      results.add(
          new MutantRun(source, mutant, settings, mutantImages, threads)
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
   * Makes one crash again, and tells what it does.
   *
   * @param text the replay line of a violation
   * @return the violation, or an empty list if there is none any more
   */
  public List<Violation> replay(String text) {
    return Run.replay(source.open(UnaryOperator.identity()), settings(), text);
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
