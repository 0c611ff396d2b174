package io.lode.kv;

import io.lode.crashtest.CrashTest;
import io.lode.crashtest.Mutant;
import io.lode.crashtest.PersistencyModel;
import io.lode.crashtest.Report;
import io.lode.crashtest.Subject;
import io.lode.crashtest.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tries the crashes of the store for as long as it is given. Options: {@code --minutes N}, {@code
 * --seed N}, {@code --json FILE}, {@code --list-mutants}, {@code --mutant NAME}, {@code --replay
 * LINE}. The exit status is 0 only if nothing is wrong; with {@code --mutant} the fault is planted,
 * and it is 1 if that is noticed.
 */
public final class CrashCheck {
  private static final long MUTANT_IMAGES = 3_000;
  private static final int PROGRAM_LENGTH = 12;

  /** Enough for every state of the small subject. */
  private static final long SMALL_LIMIT = 1 << 16;

  /** The same in every run: whether a fault is noticed must not depend on luck. */
  private static final long PLANTING_SEED = 7;

  private final List<Report> reports = new ArrayList<>();
  private final long deadlineNanos;
  private final long seed;

  private CrashCheck(double minutes, long seed) {
    this.deadlineNanos = System.nanoTime() + (long) (minutes * TimeUnit.MINUTES.toNanos(1));
    this.seed = seed;
  }

  /**
   * Runs.
   *
   * @param arguments the options
   * @throws IOException if the JSON file cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    List<String> options = List.of(arguments);
    var check =
        new CrashCheck(
            Double.parseDouble(option(options, "--minutes", "3")),
            Long.parseLong(option(options, "--seed", "" + System.nanoTime())));
    System.exit(check.run(options) ? 0 : 1);
  }

  private static String option(List<String> options, String name, String otherwise) {
    int at = options.indexOf(name);
    if (at < 0) {
      return otherwise;
    }
    if (at + 1 == options.size()) {
      throw new IllegalArgumentException(name + " needs a value");
    }
    return options.get(at + 1);
  }

  private boolean run(List<String> options) throws IOException {
    if (options.contains("--list-mutants")) {
      KvMutants.all().forEach(mutants -> mutants.planted().forEach(System.out::println));
      return true;
    }
    String replayed = option(options, "--replay", "");
    if (!replayed.isEmpty()) {
      return replay(replayed);
    }
    String mutant = option(options, "--mutant", "");
    if (!mutant.isEmpty()) {
      return plant(mutant);
    }
    everything();
    String json = Report.json(reports);
    System.out.println(json);
    String file = option(options, "--json", "");
    if (!file.isEmpty()) {
      Files.writeString(Path.of(file), json + "\n");
    }
    return reports.stream().allMatch(Report::isSound);
  }

  private void everything() {
    report(of(KvSubject.class).sequences(3).limit(SMALL_LIMIT));
    for (PersistencyModel model : PersistencyModel.values()) {
      report(of(KvSubject.class).model(model).sequences(2).limit(SMALL_LIMIT).nestEvery(50, 64));
      report(of(KvRollSubject.class).model(model).sequences(3).limit(256));
    }
    report(of(KvForgedSubject.class).sequences(3).limit(1000));
    report(KvMutants.test(KvSubject.class, List.of(KvMutants.COLLIDING)).seed(seed).sequences(3));
    report(of(KvSubject.class).sequences(0).damage(PROGRAM_LENGTH, 1));
    report(of(KvRollSubject.class).sequences(0).damage(PROGRAM_LENGTH, 1));
    KvMutants.all().forEach(mutants -> report(planting(mutants, mutants.planted())));
    long half = timeLeft() / 2;
    report(randomly(of(KvSubject.class).limit(SMALL_LIMIT), half));
    report(randomly(of(KvRollSubject.class).limit(1000), timeLeft()));
  }

  private static CrashTest randomly(CrashTest test, long nanos) {
    return test.sequences(0)
        .random(Long.MAX_VALUE, PROGRAM_LENGTH)
        .timeLimit(nanos, TimeUnit.NANOSECONDS);
  }

  private static CrashTest planting(KvMutants mutants, List<Mutant> planted) {
    return KvMutants.test(mutants.subject(), mutants.altered())
        .seed(PLANTING_SEED)
        .sequences(0)
        .limit(1000)
        .nestEvery(50, 32)
        .damage(PROGRAM_LENGTH, 41)
        .plant(planted, MUTANT_IMAGES);
  }

  private long timeLeft() {
    return Math.max(1, deadlineNanos - System.nanoTime());
  }

  private void report(CrashTest test) {
    Report report = test.run();
    System.out.println(report.summary());
    reports.add(report);
  }

  private CrashTest of(Class<? extends Subject<?, ?>> subject) {
    return KvMutants.test(subject, List.of()).seed(seed);
  }

  private boolean plant(String name) {
    for (KvMutants mutants : KvMutants.all()) {
      List<Mutant> wanted =
          mutants.planted().stream().filter(mutant -> mutant.name().equals(name)).toList();
      if (!wanted.isEmpty()) {
        Report report = planting(mutants, wanted).run();
        System.out.println(report.mutantResults().getFirst());
        return report.mutantsCaught() == 0;
      }
    }
    throw new IllegalArgumentException("no mutant " + name + "; see --list-mutants");
  }

  private boolean replay(String line) {
    List<Violation> violations = of(KvSubject.class).replay(line);
    violations.forEach(System.out::println);
    return violations.isEmpty();
  }
}
