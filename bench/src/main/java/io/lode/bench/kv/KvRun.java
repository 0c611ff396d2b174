package io.lode.bench.kv;

import io.lode.bench.kv.load.CleaningCase;
import io.lode.bench.kv.load.CleaningResult;
import io.lode.bench.kv.load.CostReport;
import io.lode.bench.kv.load.KvEffort;
import io.lode.bench.kv.load.Measurement;
import io.lode.bench.kv.load.Plan;
import io.lode.bench.kv.load.Profile;
import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.Interruption;
import io.lode.bench.run.MediumFolder;
import io.lode.bench.run.RunFolder;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs one profile: every store in turn, round by round, each time in a new process. */
final class KvRun {
  private final Profile profile;
  private final Request request;
  private final Map<Rival, Results> results = new EnumMap<>(Rival.class);

  /**
   * What is the same for all profiles.
   *
   * @param rivals the stores
   * @param effort how much is measured
   * @param medium where
   * @param fenceDelayNanos what is added to each of Lode's fences
   * @param progress is told what is done
   * @param interruption ends the run
   */
  record Request(
      List<Rival> rivals,
      KvEffort effort,
      MediumFolder medium,
      long fenceDelayNanos,
      Consumer<String> progress,
      Interruption interruption) {
    Request with(List<Rival> others) {
      return new Request(others, effort, medium, fenceDelayNanos, progress, interruption);
    }
  }

  KvRun(Profile profile, Request request) {
    this.profile = profile;
    this.request = request;
    request.rivals().forEach(rival -> results.put(rival, new Results(profile, rival)));
  }

  /** Runs, or as much of it as there is time for before an interruption. */
  Section run(RunFolder folder) throws IOException, InterruptedException {
    List<Rival> rivals = request.rivals();
    int rounds = request.effort().rounds();
    if (!profile.isRecovery() && !profile.isCleaning()) {
      count(folder);
    }
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < rivals.size() && !request.interruption().isAsked(); turn++) {
        // Another one begins each round, so that a loud neighbour does not always disturb the same.
        Rival rival = rivals.get((turn + round) % rivals.size());
        request
            .progress()
            .accept(
                "%s: round %d of %d, %s"
                    .formatted(profile.title(), round + 1, rounds, rival.title()));
        try (RunFolder store = folder.newChild()) {
          if (profile.isRecovery()) {
            recover(rival, store, folder);
          } else if (profile.isCleaning()) {
            clean(rival, store, folder);
          } else {
            measure(rival, store, folder);
          }
        }
      }
    }
    return new Section(
        profile,
        rivals.stream().map(rival -> of(rival).facts()).toList(),
        profile.isCleaning() ? List.of() : rows(),
        profile.isCleaning() ? cleaning() : List.of());
  }

  private List<Row> rows() {
    List<Rival> rivals = request.rivals();
    return profile.isRecovery()
        ? Stream.of(true, false)
            .flatMap(killed -> rivals.stream().map(rival -> of(rival).recoveryRow(killed)))
            .toList()
        : profile.workloads().stream()
            .flatMap(workload -> rivals.stream().map(rival -> of(rival).row(workload)))
            .toList();
  }

  private List<CleaningRow> cleaning() {
    return CleaningCase.all(true).stream()
        .flatMap(one ->
            Stream.concat(
                Stream.of(of(Rival.LODE).row(one.withoutCleaning())),
                request.rivals().stream().map(rival -> of(rival).row(one))))
        .toList();
  }

  /** Returns the room that the largest store of the run takes on the medium. */
  long neededBytes() {
    return profile.isCleaning()
        ? 2 * CleaningCase.mostBytes(request.effort().cleaningBytes())
        : 2 * plan(Rival.LODE, "/", Plan.Task.MEASURE).sizing().appendedBytes();
  }

  private Plan plan(Rival rival, String store, Plan.Task task) {
    return Plan.of(rival, store, task, profile, request.effort(), request.fenceDelayNanos());
  }

  private StoreProcess start(Rival rival, Plan.Task task, RunFolder store, RunFolder folder)
      throws IOException {
    Plan plan = plan(rival, store.path().toString(), task);
    return StoreProcess.start(plan, request.medium(), folder.path(), request.interruption());
  }

  private void count(RunFolder folder) throws IOException, InterruptedException {
    try (RunFolder store = folder.newChild();
        StoreProcess process = start(Rival.LODE, Plan.Task.COUNT, store, folder)) {
      process.await();
      if (!process.isInterrupted()) {
        of(Rival.LODE).add(process.results(CostReport.class, false), process.problem());
      }
    }
  }

  private void measure(Rival rival, RunFolder store, RunFolder folder)
      throws IOException, InterruptedException {
    try (StoreProcess process = start(rival, Plan.Task.MEASURE, store, folder)) {
      process.awaitOpened();
      long filledBytes = DiskUsage.of(store.path());
      process.await();
      if (!process.isInterrupted()) {
        List<Measurement> measured = process.results(Measurement.class, true);
        of(rival).add(process.opened(), filledBytes, measured, process.problem());
      }
    }
  }

  private void clean(Rival rival, RunFolder store, RunFolder folder)
      throws IOException, InterruptedException {
    List<Plan.Task> tasks =
        rival == Rival.LODE ? List.of(Plan.Task.CLEAN, Plan.Task.APPEND) : List.of(Plan.Task.CLEAN);
    for (Plan.Task task : tasks) {
      try (StoreProcess process = start(rival, task, store, folder)) {
        process.await();
        if (process.isInterrupted()) {
          return;
        }
        of(rival)
            .addCleaned(
                process.opened(), process.results(CleaningResult.class, true), process.problem());
      }
    }
  }

  private void recover(Rival rival, RunFolder store, RunFolder folder)
      throws IOException, InterruptedException {
    try (StoreProcess process = start(rival, Plan.Task.FILL_AND_WAIT, store, folder)) {
      process.awaitOpened();
      if (process.isInterrupted()) {
        return;
      }
      of(rival).add(process.opened(), DiskUsage.of(store.path()), List.of(), process.problem());
      process.kill();
      if (!process.problem().isEmpty()) {
        return;
      }
    }
    for (boolean killed : List.of(true, false)) {
      try (StoreProcess process = start(rival, Plan.Task.REOPEN, store, folder)) {
        process.await();
        if (process.isInterrupted()) {
          return;
        }
        of(rival).addReopened(killed, process.opened(), process.problem());
      }
    }
  }

  private Results of(Rival rival) {
    return Objects.requireNonNull(results.get(rival));
  }
}
