package io.lode.crashtest;

import io.lode.crashtest.Explorer.Found;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs, crashes them, and shrinks the violations.
 *
 * @param <T> the open structure
 * @param <M> the model's state
 */
final class ViolationFinder<T, M> {
  private static final String WRONG_MODEL =
      "without any crash the structure holds something else than its model";

  private final Harness<T, M> harness;
  private final Totals totals;
  private final Settings settings;

  ViolationFinder(Harness<T, M> harness, Totals totals) {
    this.harness = harness;
    this.totals = totals;
    this.settings = harness.settings();
  }

  /** Runs one program and tries its crashes. */
  void run(Run.Program program) {
    Totals failed = new Totals();
    Recording<M> recording = record(program, failed);
    if (recording == null) {
      totals.add(smallestFailure(program, failed.violations().getFirst()));
      return;
    }
    totals.ran(recording);
    Linter.check(recording, settings.model(), harness.subject()::isOverwritable, totals);
    Found found = explore(recording, totals);
    if (found != null && settings.firstOnly()) {
      totals.add(violation(program, recording, found));
    } else if (found != null) {
      reportSmallest(program, recording, found);
    }
  }

  /** Leaves out operations, again from the end after each success, as long as it fails so. */
  private Violation smallestFailure(Run.Program program, Violation failure) {
    Run.Program smallest = program;
    Violation smallestFailure = failure;
    int drop = settings.firstOnly() ? -1 : program.operations().length - 1;
    while (drop >= 0 && !settings.isOver()) {
      Run.Program shorter = without(smallest, drop);
      Totals failed = new Totals();
      if (record(shorter, failed) == null
          && failed.violations().getFirst().what().equals(failure.what())) {
        smallest = shorter;
        smallestFailure = failed.violations().getFirst();
        drop = shorter.operations().length;
      }
      drop--;
    }
    return smallestFailure;
  }

  /** Runs and records one program; adds a violation and returns null if it fails. */
  @Nullable Recording<M> record(Run.Program program, Totals into) {
    try {
      return harness.record(program.operations(), program.firstExplored());
    } catch (IllegalAccessError failure) {
      throw failure; // of the packages under test, not of the structure
    } catch (UnseenStore failure) {
      into.add(Violation.unseen(failure, names(program)));
    } catch (Harness.WrongModel failure) {
      into.add(
          Violation.withoutCrash(WRONG_MODEL, names(program), failure.expected(), failure.found()));
    } catch (RuntimeException | Error failure) {
      into.add(
          Violation.withoutCrash(
              "a program failed without any crash",
              names(program),
              "no failure",
              Checker.describe(failure)));
    }
    return null;
  }

  private List<String> names(Run.Program program) {
    return Arrays.stream(program.operations())
        .mapToObj(index -> harness.operations().get(index).name())
        .toList();
  }

  private @Nullable Found explore(Recording<M> recording, Totals into) {
    try (Explorer<T, M> explorer = new Explorer<>(harness, recording, into, false)) {
      return explorer.explore();
    }
  }

  /** Runs one program and tries one crash, or all if the program no longer has that one. */
  void replay(int[] operations, Crash crash) {
    Run.Program program = new Run.Program(operations, 0);
    Recording<M> recording = record(program, totals);
    if (recording != null) {
      Found found =
          isPresent(recording, crash)
              ? tryOnly(recording, crash)
              : explore(recording, new Totals());
      if (found != null) {
        totals.add(violation(program, recording, found));
      }
    }
  }

  private boolean isPresent(Recording<M> recording, Crash crash) {
    try (Explorer<T, M> explorer = new Explorer<>(harness, recording, new Totals(), false)) {
      return explorer.has(crash);
    }
  }

  private @Nullable Found tryOnly(Recording<M> recording, Crash crash) {
    try (Explorer<T, M> explorer = new Explorer<>(harness, recording, new Totals(), false)) {
      return explorer.tryOnly(crash);
    }
  }

  private void reportSmallest(Run.Program program, Recording<M> recording, Found found) {
    Run.Program smallest = program;
    Recording<M> smallestRecording = recording;
    Found smallestFound = found;
    int drop = program.operations().length - 1;
    while (drop >= 0 && !settings.isOver()) {
      Run.Program shorter = without(smallest, drop);
      Totals ignored = new Totals();
      Recording<M> shorterRecording = record(shorter, ignored);
      if (shorterRecording == null) {
        Violation failure = ignored.violations().getFirst();
        if (failure.what().equals(WRONG_MODEL)) {
          // What is wrong without a crash explains more than the crash.
          totals.add(smallestFailure(shorter, failure));
          return;
        }
      }
      Found again = shorterRecording == null ? null : explore(shorterRecording, ignored);
      if (shorterRecording != null && again != null && again.failure().isLike(found.failure())) {
        smallest = shorter;
        smallestRecording = shorterRecording;
        smallestFound = again;
        drop = shorter.operations().length;
      }
      drop--;
    }
    totals.add(
        violation(smallest, smallestRecording, fewestLost(smallestRecording, smallestFound)));
  }

  private static Run.Program without(Run.Program program, int drop) {
    int[] all = program.operations();
    int[] rest = new int[all.length - 1];
    System.arraycopy(all, 0, rest, 0, drop);
    System.arraycopy(all, drop + 1, rest, drop, rest.length - drop);
    return new Run.Program(rest, Math.min(program.firstExplored(), rest.length));
  }

  /** Writes back units completely, one after another, as long as the violation persists. */
  private Found fewestLost(Recording<M> recording, Found found) {
    Found fewest = found;
    for (int unit = 0; unit < found.crash().state().length; unit++) {
      long[] state = fewest.crash().state().clone();
      state[unit] = ALL;
      Found again = tryOnly(recording, new Crash(found.crash().event(), false, state));
      if (again != null
          && again.failure().isLike(found.failure())
          && again.lost().size() < fewest.lost().size()) {
        fewest = again;
      }
    }
    return fewest;
  }

  /** The last state of a unit, with all its stores. */
  static final long ALL = -1;

  private Violation violation(Run.Program program, Recording<M> recording, Found found) {
    Recording.Step<M> step = recording.steps().get(found.step());
    String name = (found.step() == 0 ? "" : "operation " + found.step() + ", ") + step.name();
    return new Violation(
        found.failure().what() + (found.nested() == null ? "" : " (power lost again in recovery)"),
        recording.names().subList(1, recording.steps().size()),
        (found.returned() ? "after " : "during ") + name,
        found.at(),
        found.lost(),
        (found.returned() ? step.returned() : step.running())
            .stream().map(String::valueOf).collect(Collectors.joining(" or ")),
        found.failure().found(),
        ReplayLine.nameOf(harness.subject())
            + "/"
            + settings.model()
            + "/"
            + settings.seed()
            + "/"
            + Arrays.stream(program.operations())
                .mapToObj(Integer::toString)
                .collect(Collectors.joining("."))
            + "/"
            + found.crash().text());
  }
}
