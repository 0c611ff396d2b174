package io.lode.kv;

import io.lode.crashtest.CrashTest;
import io.lode.crashtest.FileCrashTest;
import io.lode.crashtest.Mutant;
import io.lode.crashtest.PersistencyModel;
import io.lode.crashtest.Report;
import io.lode.crashtest.Subject;
import io.lode.crashtest.Violation;
import io.lode.journal.JournalSubject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tries the crashes of the store for as long as it is given: {@code ./check crash}. Options: {@code
 * --minutes N}, {@code --seed N}, {@code --json}, {@code --results FILE}, {@code --list-mutants},
 * {@code --mutant NAME}, {@code --replay LINE}. The exit status is 0 only if nothing is wrong; with
 * {@code --mutant} the fault is planted, and it is 1 if that is noticed.
 */
public final class CrashCheck {
  private static final int PROGRAM_LENGTH = 12;
  private static final int SCHEDULE_IMAGES = 24;

  /** Enough for every state of the small subject. */
  private static final long SMALL_LIMIT = 1 << 16;

  private static final List<Class<? extends Subject<?, ?>>> SUBJECTS =
      List.of(
          KvSubject.class,
          KvRollSubject.class,
          KvMediumSubject.class,
          KvForgedSubject.class,
          KvReusedSubject.class,
          KvBatchSubject.class,
          KvLanesSubject.class,
          JournalSubject.class);

  private final CrashFigures figures = new CrashFigures();
  private final CheckOptions options;
  private final long startNanos = System.nanoTime();
  private final long totalNanos;
  private final long seed;

  private CrashCheck(CheckOptions options) {
    this.options = options;
    this.totalNanos = (long) (options.number("--minutes", 3) * TimeUnit.MINUTES.toNanos(1));
    this.seed = options.whole("--seed", System.nanoTime());
  }

  /**
   * Runs.
   *
   * @param arguments the options
   */
  public static void main(String[] arguments) {
    try {
      System.exit(new CrashCheck(new CheckOptions(arguments)).run() ? 0 : 1);
    } catch (IllegalArgumentException mistake) {
      System.err.println("check crash: " + mistake.getMessage());
      System.exit(2);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private boolean run() throws IOException {
    if (options.has("--list-mutants")) {
      KvMutants.all().forEach(mutants -> mutants.planted().forEach(System.out::println));
      System.out.println(PoolFileCrashTest.NO_FOLDER_SYNC);
      return true;
    }
    String replayed = options.text("--replay", "");
    if (!replayed.isEmpty()) {
      return replay(replayed);
    }
    String mutant = options.text("--mutant", "");
    if (!mutant.isEmpty()) {
      return plant(mutant);
    }
    everything();
    if (options.has("--json")) {
      System.out.println(figures.json(seed, System.nanoTime() - startNanos));
    }
    String results = options.text("--results", "");
    if (!results.isEmpty()) {
      Files.writeString(Path.of(results), figures.results());
    }
    say(figures.line(seed, System.nanoTime() - startNanos));
    return figures.isSound();
  }

  private void everything() throws IOException {
    say("seed " + seed);
    models();
    KvMutants.all().forEach(this::plantAll);
    files();
    fuzz();
    kills();
    threads();
    damage();
    say("random programs for the rest of the time");
    // However slow the machine, some; on a quiet one this is most of the time.
    long nanos = Math.max(totalNanos / 48, timeLeft() / 3);
    report("random, space used again", randomly(of(KvCleanSubject.class).limit(100), nanos));
    report("random", randomly(of(KvSubject.class).limit(SMALL_LIMIT), nanos));
    report("random, segments sealed", randomly(of(KvRollSubject.class).limit(1000), nanos));
  }

  private void models() {
    report("every sequence of 3", of(KvSubject.class).sequences(3).limit(SMALL_LIMIT));
    for (PersistencyModel model : PersistencyModel.values()) {
      report(
          "every sequence of 2, " + model,
          of(KvSubject.class).model(model).sequences(2).limit(SMALL_LIMIT).nestEvery(50, 64));
      report(
          "every sequence of 3 with segments sealed, " + model,
          of(KvRollSubject.class).model(model).sequences(3).limit(256));
      report(
          "every sequence of 2 on a full pool, " + model,
          of(KvCleanSubject.class).model(model).sequences(2).limit(256).nestEvery(50, 16));
    }
    report("every sequence of 3 on a full pool", of(KvCleanSubject.class).sequences(3).limit(32));
    report(
        "every sequence of 3 on a pool that grows", of(KvGrowSubject.class).sequences(3).limit(64));
    report(
        "batches, every sequence of 3",
        of(KvBatchSubject.class).sequences(3).limit(isLong() ? 20_000 : 6000));
    report("groups of several records", of(JournalSubject.class).sequences(3));
    report("records in values", of(KvForgedSubject.class).sequences(3).limit(1000));
    report("over an earlier pool", of(KvReusedSubject.class).sequences(2).limit(20_000));
    report("one hash for all keys", of(KvSubject.class, KvMutants.COLLIDING).sequences(3));
    for (Class<? extends Subject<?, ?>> subject : SUBJECTS) {
      report(
          "checksums of 8 bits, nothing torn, " + subject.getSimpleName(),
          of(subject, KvMutants.SHORT_CHECKSUMS).wholeStores().sequences(2));
    }
  }

  private void threads() {
    long nanos = totalNanos / 12;
    report("threads", interleaved(KvSubject.class, nanos));
    report("threads with a segment each", interleaved(KvLanesSubject.class, nanos / 2));
    report("threads with batches", interleaved(KvBatchSubject.class, nanos / 2));
    report("threads on a full pool", interleaved(KvCleanSubject.class, nanos / 2));
  }

  private CrashTest interleaved(Class<? extends Subject<?, ?>> subject, long nanos) {
    return of(subject)
        .sequences(0)
        .interleave(isLong() ? 20_000 : 1500, SCHEDULE_IMAGES)
        .timeLimit(nanos, TimeUnit.NANOSECONDS);
  }

  private void damage() {
    report("every bit of 64 KiB", of(KvMediumSubject.class).sequences(0).damage(PROGRAM_LENGTH, 1));
    report("damage", of(KvSubject.class).sequences(0).damage(PROGRAM_LENGTH, isLong() ? 1 : 13));
    report(
        "damage, segments sealed",
        of(KvRollSubject.class).sequences(0).damage(PROGRAM_LENGTH, isLong() ? 1 : 29));
    report("persists that fail", of(KvSubject.class).sequences(0).persistFaults(40, 12));
    report(
        "persists that fail, segments sealed",
        of(KvRollSubject.class).sequences(0).persistFaults(20, 12));
    report(
        "damage on a full pool",
        of(KvCleanSubject.class).sequences(0).damage(PROGRAM_LENGTH, isLong() ? 11 : 101));
    report(
        "persists that fail on a full pool",
        of(KvCleanSubject.class).sequences(0).persistFaults(20, 12));
  }

  private void plantAll(KvMutants mutants) {
    report("planted: " + mutants.title(), mutants.planting(mutants.planted()));
  }

  private void files() throws IOException {
    FileCrashTest.Result result = inFolder(PoolFileCrashTest.TEST::run);
    figures.files("a pool's file", result);
    say("a pool's file: " + result);
    boolean caught = isFolderSyncMissed();
    figures.mutant(PoolFileCrashTest.NO_FOLDER_SYNC.name(), caught);
    say("planted: " + PoolFileCrashTest.NO_FOLDER_SYNC + (caught ? " noticed" : " NOT NOTICED"));
  }

  private static boolean isFolderSyncMissed() throws IOException {
    FileCrashTest planted = PoolFileCrashTest.TEST.planted(PoolFileCrashTest.NO_FOLDER_SYNC);
    return !inFolder(planted::run).wrong().isEmpty();
  }

  /** What is run in a folder. */
  @FunctionalInterface
  private interface InFolder {
    FileCrashTest.Result run(Path folder) throws IOException;
  }

  private static FileCrashTest.Result inFolder(InFolder test) throws IOException {
    Path folder = Files.createTempDirectory("lode-files");
    try {
      return test.run(folder);
    } finally {
      Files.delete(folder);
    }
  }

  private void fuzz() throws IOException {
    var fuzz = new PoolFuzz(seed);
    long count = fuzz.run(share(24));
    figures.fuzz("tampered pools", count, fuzz.wrong());
    say("tampered pools: " + count + " opened and read, " + fuzz.text());
    fuzz.wrong().forEach(CrashCheck::say);
  }

  private void kills() throws IOException {
    var sweep = new KillSweep();
    long count = sweep.run(Path.of("target").toAbsolutePath(), share(16), seed);
    figures.kills("killed processes", count, sweep.wrong());
    say("killed processes: " + count + ", " + sweep.wrong().size() + " wrong");
    sweep.wrong().forEach(CrashCheck::say);
    var disturb = new DisturbSweep();
    count = disturb.run(share(16), seed);
    figures.kills("pools cut and punched in use", count, disturb.wrong());
    say(
        "pools cut and punched in use: "
            + count
            + ", "
            + disturb.wrong().size()
            + " wrong; died of a signal on emulated persistent memory: "
            + disturb.onEmulated());
    disturb.wrong().forEach(CrashCheck::say);
  }

  private static CrashTest randomly(CrashTest test, long nanos) {
    return test.sequences(0)
        .random(Long.MAX_VALUE, PROGRAM_LENGTH)
        .timeLimit(nanos, TimeUnit.NANOSECONDS);
  }

  private boolean isLong() {
    return totalNanos >= TimeUnit.MINUTES.toNanos(8);
  }

  private long timeLeft() {
    return Math.max(1, startNanos + totalNanos - System.nanoTime());
  }

  /** When a part that has one of so many shares of all time has to end. */
  private long share(int shares) {
    return System.nanoTime() + totalNanos / shares;
  }

  private void report(String what, CrashTest test) {
    Report report = test.run();
    say(what + ": " + report.summary());
    figures.add(what, report);
  }

  private CrashTest of(Class<? extends Subject<?, ?>> subject, Mutant... altered) {
    return KvMutants.test(subject, List.of(altered)).seed(seed);
  }

  private static void say(String text) {
    System.err.println(text);
  }

  private boolean plant(String name) throws IOException {
    if (name.equals(PoolFileCrashTest.NO_FOLDER_SYNC.name())) {
      return !isFolderSyncMissed();
    }
    for (KvMutants mutants : KvMutants.all()) {
      List<Mutant> wanted =
          mutants.planted().stream().filter(mutant -> mutant.name().equals(name)).toList();
      if (!wanted.isEmpty()) {
        Report report = mutants.planting(wanted).run();
        System.out.println(report.mutantResults().getFirst());
        return report.mutantsCaught() == 0;
      }
    }
    throw new IllegalArgumentException("no mutant " + name + "; see --list-mutants");
  }

  private boolean replay(String line) {
    List<Violation> violations = new ArrayList<>();
    for (Class<? extends Subject<?, ?>> subject : SUBJECTS) {
      if (line.startsWith(subject.getSimpleName() + "/")) {
        violations.addAll(of(subject).replay(line));
        violations.forEach(System.out::println);
        return violations.isEmpty();
      }
    }
    throw new IllegalArgumentException("\"" + line + "\" begins with the name of no subject");
  }
}
