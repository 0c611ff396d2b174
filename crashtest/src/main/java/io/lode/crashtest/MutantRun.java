package io.lode.crashtest;

import java.util.List;
import java.util.function.Consumer;

/** Plants one fault and checks that it is detected. */
final class MutantRun {
  private static final int RANDOM_LENGTH = 8;
  private static final int RANDOM_PROGRAMS = 200;

  private final Mutant mutant;
  private final Run run;
  private final Settings settings;
  private final long images;

  MutantRun(Subjects subjects, Mutant mutant, Settings settings, long images, int threads) {
    this.mutant = mutant;
    this.settings = settings.with(mutant.tampering());
    this.images = images;
    this.run = new Run(subjects.loadFaulty(mutant.mutation()), this.settings, threads);
  }

  /** Runs everything that was requested until something is detected. */
  MutantResult run(int longestSequence, Consumer<Run> others) {
    for (int length = 1; length <= longestSequence && !isNoticed(); length++) {
      run.sequences(length);
    }
    for (int done = 0;
        images > 0 && done < RANDOM_PROGRAMS && !isNoticed() && !isEnough();
        done += RANDOM_PROGRAMS / 10) {
      run.random(done + RANDOM_PROGRAMS / 10, RANDOM_LENGTH, settings.limit());
    }
    Totals totals = run.totals();
    if (!totals.hasViolations()) {
      others.accept(run);
    }
    if (totals.hasViolations()) {
      return new MutantResult(mutant.name(), true, totals.violations().getFirst().what());
    }
    List<Finding> findings = totals.findings().stream().filter(Finding::isSerious).toList();
    return findings.isEmpty()
        ? new MutantResult(mutant.name(), false, totals.images.sum() + " images in vain")
        : new MutantResult(mutant.name(), true, "linter: " + findings.getFirst());
  }

  private boolean isNoticed() {
    Totals totals = run.totals();
    return totals.hasViolations() || totals.findings().stream().anyMatch(Finding::isSerious);
  }

  private boolean isEnough() {
    return run.totals().images.sum() >= images || settings.isOver();
  }
}
