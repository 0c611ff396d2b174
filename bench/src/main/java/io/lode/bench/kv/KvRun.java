package io.lode.bench.kv;

import io.lode.bench.kv.load.Opened;
import io.lode.bench.kv.load.Plan;
import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.Interruption;
import io.lode.bench.run.MediumFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Runs one profile: every store in turn, round by round, each time in a new process. */
final class KvRun {
  private static final long MIN_WRITES = 1_000_000;
  private static final long MAX_WRITTEN_BYTES = 512L << 20;

  private final Profile profile;
  private final List<Rival> rivals;
  private final KvEffort effort;
  private final MediumFolder medium;
  private final long fenceDelayNanos;
  private final Consumer<String> progress;
  private final Interruption interruption;
  private final Map<Rival, Found> found = new EnumMap<>(Rival.class);

  KvRun(
      Profile profile,
      List<Rival> rivals,
      KvEffort effort,
      MediumFolder medium,
      long fenceDelayNanos,
      Consumer<String> progress,
      Interruption interruption) {
    this.profile = profile;
    this.rivals = rivals;
    this.effort = effort;
    this.medium = medium;
    this.fenceDelayNanos = fenceDelayNanos;
    this.progress = progress;
    this.interruption = interruption;
    rivals.forEach(rival -> found.put(rival, new Found(profile, rival)));
  }

  /** Runs, or as much of it as there is time for before an interruption. */
  Section run(RunFolder folder) throws IOException, InterruptedException {
    if (!profile.isRecovery()) {
      count(folder);
    }
    for (int round = 0; round < effort.rounds(); round++) {
      for (int turn = 0; turn < rivals.size() && !interruption.isAsked(); turn++) {
        // Another one begins each round: whoever comes after a loud neighbour changes.
        Rival rival = rivals.get((turn + round) % rivals.size());
        progress.accept(
            profile.title()
                + ": round "
                + (round + 1)
                + " of "
                + effort.rounds()
                + ", "
                + rival.title());
        Path store = folder.newStore();
        try {
          if (profile.isRecovery()) {
            recover(rival, store, folder);
          } else {
            measure(rival, store, folder);
          }
        } finally {
          RunFolder.delete(store);
        }
      }
    }
    return new Section(
        profile,
        rivals.stream().map(rival -> found(rival).facts()).toList(),
        profile.isRecovery() ? recoveryRows() : rows());
  }

  /** The largest store of the run takes this much of the medium. */
  long neededBytes() {
    return 2 * plan(Rival.LODE, Path.of("/")).sizing().appendedBytes();
  }

  private Plan plan(Rival rival, Path store) {
    long entryBytes = (long) profile.keyBytes() + profile.valueBytes();
    return new Plan(
        rival,
        store.toString(),
        profile.keyBytes(),
        profile.valueBytes(),
        profile.entries(),
        profile.threads(),
        profile.isRecovery() ? Plan.Task.FILL_AND_WAIT : Plan.Task.MEASURE,
        profile.workloads(),
        effort.warmUpMillis(),
        effort.sliceMillis(),
        effort.slices(),
        Math.min(Math.max(MIN_WRITES, profile.entries()), MAX_WRITTEN_BYTES / entryBytes),
        fenceDelayNanos);
  }

  private void count(RunFolder folder) throws IOException, InterruptedException {
    Path store = folder.newStore();
    Plan plan = plan(Rival.LODE, store).with(Plan.Task.COUNT);
    try (Child child = Child.start(plan, medium, folder.path(), interruption)) {
      child.await(effort.limitSeconds());
      if (!child.isInterrupted()) {
        found(Rival.LODE).add(child.counts(), child.problem());
      }
    } finally {
      RunFolder.delete(store);
    }
  }

  private void measure(Rival rival, Path store, RunFolder folder)
      throws IOException, InterruptedException {
    try (Child child = Child.start(plan(rival, store), medium, folder.path(), interruption)) {
      child.awaitOpened(effort.limitSeconds());
      long filledBytes = DiskUsage.of(store);
      child.await(effort.limitSeconds());
      if (child.isInterrupted()) {
        return;
      }
      Opened opened = child.opened();
      found(rival).add(opened, filledBytes, child.measurements(), child.problem());
    }
  }

  private void recover(Rival rival, Path store, RunFolder folder)
      throws IOException, InterruptedException {
    Plan plan = plan(rival, store);
    try (Child child = Child.start(plan, medium, folder.path(), interruption)) {
      child.awaitOpened(effort.limitSeconds());
      if (child.isInterrupted()) {
        return;
      }
      found(rival).add(child.opened(), DiskUsage.of(store), List.of(), child.problem());
      child.kill();
      if (!child.problem().isEmpty()) {
        return;
      }
    }
    for (boolean killed : List.of(true, false)) {
      try (Child child =
          Child.start(plan.with(Plan.Task.REOPEN), medium, folder.path(), interruption)) {
        child.await(effort.limitSeconds());
        if (child.isInterrupted()) {
          return;
        }
        found(rival).addReopened(killed, child.opened(), child.problem());
      }
    }
  }

  private Found found(Rival rival) {
    return Objects.requireNonNull(found.get(rival));
  }

  private List<Row> rows() {
    return profile.workloads().stream()
        .flatMap(workload -> rivals.stream().map(rival -> found(rival).row(workload)))
        .toList();
  }

  private List<Row> recoveryRows() {
    return List.of(true, false).stream()
        .flatMap(killed -> rivals.stream().map(rival -> found(rival).recoveryRow(killed)))
        .toList();
  }
}
