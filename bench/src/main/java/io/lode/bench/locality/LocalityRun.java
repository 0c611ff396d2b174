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
  private String reached = "";

  LocalityRun(Request request, Machine machine, Interruption interruption) {
    this.request = request;
    this.machine = machine;
    this.interruption = interruption;
  }

  /**
   * Runs.
   *
   * @param progresses makes what shows so many steps
   */
  LocalityReport run(LongFunction<Progress> progresses) throws IOException, InterruptedException {
    Provenance provenance = Provenance.ofThisMachine();
    long begin = System.nanoTime();
    try (Targets targets = Targets.open(machine, request);
        Oracle c = request.oracle() ? Oracle.compile() : null) {
      oracle = c;
      targets.link(() -> begin);
      for (Machine.Node node : machine.nodesWithCpus()) {
        crews.add(new PlacedCrew(node.id(), node.cpuSet()));
      }
      try (Progress progress = progresses.apply(steps(targets.all()))) {
        warmUp(targets.all().getFirst());
        measure(targets.all(), progress);
      } finally {
        crews.forEach(PlacedCrew::close);
      }
      List<TargetFacts> sources = targets.facts();
      List<Cell> cells = results.cells(machine, sources, request.measures(), request.effort());
      boolean isWhole = reached.isEmpty();
      var report =
          new LocalityReport(
              LocalityReport.FORMAT,
              Titles.of(machine, sources),
              isWhole ? null : reached,
              provenance,
              machine,
              request.effort(),
              (System.nanoTime() - begin) / 1e9,
              crews.stream().mapToLong(PlacedCrew::verified).sum(),
              sources,
              cells,
              List.of(),
              c == null ? List.of() : c.rows());
      return Verdicts.added(report);
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
        var own = new Measuring(target, crew, effort.warmUp(), 0);
        measured(own, effort.headline(measure, crew.size()));
      }
    }
  }

  private void measure(List<Target> targets, Progress progress) throws InterruptedException {
    for (int round = 0; round < request.effort().rounds(); round++) {
      for (int turn = 0; turn < targets.size(); turn++) {
        // Another one begins each round: whoever comes after a loud neighbour changes.
        Target target = targets.get((turn + round) % targets.size());
        for (PlacedCrew crew : crews) {
          var measuring = new Measuring(target, crew, request.effort(), round);
          for (Step step : request.effort().steps(request.measures(), crew.size())) {
            if (interruption.isAsked()) {
              interrupted(round, target, crew);
              return;
            }
            progress.step(
                "round "
                    + (round + 1)
                    + ", "
                    + target.facts().name()
                    + " from node "
                    + crew.node()
                    + ": "
                    + step.measure().title());
            measure(measuring, target, crew, step);
          }
        }
      }
    }
  }

  private void interrupted(int round, Target target, PlacedCrew crew) {
    reached =
        "interrupted in round "
            + (round + 1)
            + " of "
            + request.effort().rounds()
            + ", at "
            + target.facts().name()
            + " from node "
            + crew.node();
  }

  private void measure(Measuring measuring, Target target, PlacedCrew crew, Step step)
      throws InterruptedException {
    String source = target.facts().name();
    if (results.isUnavailable(crew.node(), source, step)) {
      return;
    }
    Figure figure = measured(measuring, step);
    results.add(crew.node(), source, step, figure);
    if (oracle != null && figure.unavailable() == null) {
      beside(oracle, crew, target, step, figure);
    }
  }

  private void beside(Oracle program, PlacedCrew crew, Target target, Step step, Figure figure)
      throws InterruptedException {
    try {
      program.measureBeside(crew, target, step, figure, request.effort());
    } catch (BenchException ended) {
      // A terminal interrupts the program as well: that is no failure of its own.
      if (!interruption.isAskedSoon()) {
        throw ended;
      }
    }
  }

  private static Figure measured(Measuring measuring, Step step) throws InterruptedException {
    try {
      return measuring.measure(step);
    } catch (PmemException | StoreException | NumaException | BenchException refused) {
      return Figure.unavailable(String.valueOf(refused.getMessage()));
    }
  }
}
