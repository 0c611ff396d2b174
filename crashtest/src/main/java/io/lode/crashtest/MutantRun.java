package io.lode.crashtest;

import java.util.List;

/** Plants one fault and looks whether it is noticed. */
final class MutantRun {
  private static final int LONGEST_SEQUENCE = 2;
  private static final int RANDOM_LENGTH = 8;
  private static final int RANDOM_PROGRAMS = 200;

  /** Not a multiple of 8, so that all bits of a byte have their turn. */
  private static final long DAMAGE_BIT_STEP = 41;

  private final Mutant mutant;
  private final Run run;
  private final Settings settings;
  private final long images;

  MutantRun(Source source, Mutant mutant, Settings settings, long images, int threads) {
    this.mutant = mutant;
    this.settings = settings.with(mutant.tampering());
    this.images = images;
    this.run = new Run(source.open(mutant.mutation()), this.settings, threads);
  }

  MutantResult run(int damageLength) {
    for (int length = 1; length <= LONGEST_SEQUENCE && !isDecided(); length++) {
      run.sequences(length);
    }
    for (int done = 0; done < RANDOM_PROGRAMS && !isDecided(); done += RANDOM_PROGRAMS / 10) {
      run.random(done + RANDOM_PROGRAMS / 10, RANDOM_LENGTH);
    }
    Totals totals = run.totals();
    if (!totals.hasViolations()) {
      run.damage(damageLength, DAMAGE_BIT_STEP);
    }
    if (totals.hasViolations()) {
      return new MutantResult(mutant.name(), true, totals.violations().getFirst().what());
    }
    List<Finding> findings = totals.findings().stream().filter(Finding::isSerious).toList();
    return findings.isEmpty()
        ? new MutantResult(mutant.name(), false, totals.images.sum() + " images in vain")
        : new MutantResult(mutant.name(), true, "linter: " + findings.getFirst());
  }

  private boolean isDecided() {
    Totals totals = run.totals();
    return totals.hasViolations()
        || totals.images.sum() >= images
        || settings.isOver()
        || totals.findings().stream().anyMatch(Finding::isSerious);
  }
}
