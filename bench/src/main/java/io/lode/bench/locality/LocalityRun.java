package io.lode.bench.locality;

import io.lode.bench.run.BenchException;
import io.lode.bench.run.Interruption;
import io.lode.bench.run.Progress;
import io.lode.bench.run.Provenance;
import io.lode.numa.NumaException;
import io.lode.pmem.PmemException;
import io.lode.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Measures everything once a round, and round after round: what disturbs the machine for a while
 * then disturbs every cell, and the rounds show how much.
 */
final class LocalityRun {
  private final Request request;
  private final Machine machine;
  private final Interruption interruption;
  private final Results results = new Results();
  private final List<PlacedCrew> crews = new ArrayList<>();
  private @Nullable Oracle oracle;
  private @Nullable String reached;

  /**
   * What a run is to measure.
   *
   * @param sources folders, files and devices as named on the command line
   * @param measures what of each
   * @param effort how much
   * @param force whether data in a source may be lost
   * @param oracle whether a C program measures beside
   */
  record Request(
      List<String> sources, List<Measure> measures, Effort effort, boolean force, boolean oracle) {}

  LocalityRun(Request request, Machine machine, Interruption interruption) {
    this.request = request;
    this.machine = machine;
    this.interruption = interruption;
  }

  /** Runs; progress is shown by what the function makes for a number of steps. */
  LocalityReport run(LongFunction<Progress> progresses) throws IOException, InterruptedException {
    Provenance provenance = Provenance.ofThisMachine();
    long begin = System.nanoTime();
    try (Targets targets = Targets.open(machine, request);
        Oracle c = request.oracle() ? Oracle.compile() : null) {
      oracle = c;
      targets.link(begin);
      machine.nodesWithCpus().forEach(node -> crews.add(new PlacedCrew(node.id(), node.cpuSet())));
      try (Progress progress = progresses.apply(steps(targets.all()))) {
        warmUp(targets.all().getFirst());
        measure(targets.all(), progress);
      } finally {
        crews.forEach(PlacedCrew::close);
      }
      List<TargetFacts> sources = targets.facts();
      List<Verdict> verdicts = new ArrayList<>();
      var report =
          new LocalityReport(
              LocalityReport.FORMAT,
              LocalityDocument.title(machine, sources),
              reached,
              provenance,
              machine,
              request.effort(),
              (System.nanoTime() - begin) / 1e9,
              crews.stream().mapToLong(PlacedCrew::verified).sum(),
              sources,
              results.cells(machine, sources, request.measures(), request.effort()),
              verdicts,
              c == null ? List.of() : c.rows());
      verdicts.addAll(Verdicts.of(report));
      return report;
    }
  }

  private long steps(List<Target> targets) {
    long perSource =
        crews.stream()
            .mapToLong(crew -> request.effort().steps(request.measures(), crew.size()).size())
            .sum();
    return perSource * targets.size() * request.effort().rounds();
  }

  /** Runs every kernel long enough to be compiled, before anything counts. */
  private void warmUp(Target target) throws InterruptedException {
    Effort effort = request.effort();
    PlacedCrew crew = crews.getFirst();
    for (Measure measure : request.measures()) {
      if (!interruption.isAsked()) {
        var own = new StepRunner(target, crew, effort.warmUp(), 0);
        measured(own, effort.headline(measure, crew.size()));
      }
    }
  }

  private void measure(List<Target> targets, Progress progress) throws InterruptedException {
    for (int round = 0; round < request.effort().rounds(); round++) {
      for (int turn = 0; turn < targets.size(); turn++) {
        // Another one begins each round, so that a loud neighbour does not always disturb the same.
        Target target = targets.get((turn + round) % targets.size());
        for (PlacedCrew crew : crews) {
          var runner = new StepRunner(target, crew, request.effort(), round);
          String place = target.facts().name() + " from node " + crew.node();
          for (Step step : request.effort().steps(request.measures(), crew.size())) {
            if (interruption.isAsked()) {
              reached =
                  "interrupted in round %d of %d, at %s"
                      .formatted(round + 1, request.effort().rounds(), place);
              return;
            }
            progress.step("round %d, %s: %s".formatted(round + 1, place, step.measure().title()));
            measure(runner, target, crew, step);
          }
        }
      }
    }
  }

  private void measure(StepRunner runner, Target target, PlacedCrew crew, Step step)
      throws InterruptedException {
    String source = target.facts().name();
    if (results.isUnavailable(crew.node(), source, step)) {
      return;
    }
    Figure figure = measured(runner, step);
    results.add(crew.node(), source, step, figure);
    if (oracle != null && figure.unavailable() == null) {
      try {
        oracle.measureBeside(crew, target, step, figure, request.effort());
      } catch (BenchException ended) {
        // A terminal interrupts the program as well: that is no failure of its own.
        if (!interruption.isAskedSoon()) {
          throw ended;
        }
      }
    }
  }

  private static Figure measured(StepRunner runner, Step step) throws InterruptedException {
    try {
      return runner.measure(step);
    } catch (PmemException | StoreException | NumaException | BenchException refused) {
      return Figure.unavailable(String.valueOf(refused.getMessage()));
    }
  }
}
