package io.lode.bench.kv;

import io.lode.bench.kv.load.CleaningCase;
import io.lode.bench.kv.load.CleaningResult;
import io.lode.bench.kv.load.CostReport;
import io.lode.bench.kv.load.Costs;
import io.lode.bench.kv.load.Latency;
import io.lode.bench.kv.load.Measurement;
import io.lode.bench.kv.load.OpenReport;
import io.lode.bench.kv.load.Profile;
import io.lode.bench.kv.load.Workload;
import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.Summary;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The results of all processes of one store. */
final class Results {
  private static final long LINE_BYTES = 64;

  private final Profile profile;
  private final Rival rival;
  private final List<OpenReport> opened = new ArrayList<>();
  private final List<Double> mediumBytes = new ArrayList<>();
  private final List<CleaningResult> cleaned = new ArrayList<>();
  private final List<Measurement> measurements = new ArrayList<>();
  private final Map<Workload, Costs> costs = new EnumMap<>(Workload.class);
  private final List<Double> reopenedKilled = new ArrayList<>();
  private final List<Double> reopenedClosed = new ArrayList<>();
  private String problem = "";

  Results(Profile profile, Rival rival) {
    this.profile = profile;
    this.rival = rival;
  }

  void add(@Nullable OpenReport one, long filledBytes, List<Measurement> measured, String trouble) {
    if (one != null) {
      opened.add(one);
      long bytes = one.usedBytes() >= 0 ? one.usedBytes() : filledBytes;
      mediumBytes.add((double) bytes / profile.entries());
    }
    measurements.addAll(measured);
    note(trouble);
  }

  void add(List<CostReport> counts, String trouble) {
    counts.forEach(one -> costs.put(one.workload(), one.costs()));
    note(trouble);
  }

  void addReopened(boolean killed, @Nullable OpenReport one, String trouble) {
    if (one != null) {
      (killed ? reopenedKilled : reopenedClosed).add((double) one.openNanos());
    }
    note(trouble);
  }

  void addCleaned(@Nullable OpenReport one, List<CleaningResult> results, String trouble) {
    add(one, 0, List.of(), trouble);
    cleaned.addAll(results);
  }

  CleaningRow row(CleaningCase of) {
    List<CleaningResult> all = cleaned.stream().filter(one -> one.of().equals(of)).toList();
    List<CleaningResult> done = all.stream().filter(one -> one.problem().isEmpty()).toList();
    boolean isFull = all.stream().anyMatch(CleaningResult::isFull);
    if (isFull || done.isEmpty()) {
      String why =
          all.stream()
              .filter(one -> one.isFull() == isFull)
              .map(CleaningResult::problem)
              .findFirst()
              .orElse(whyNothing());
      return CleaningRow.without(rival, of, isFull, why);
    }
    return new CleaningRow(
        rival,
        of.fill(),
        of.distribution(),
        of.isReclaiming(),
        false,
        "",
        median(done, CleaningResult::updatesPerSecond),
        median(done, CleaningResult::bytesPerUserByte),
        median(done, CleaningResult::mediumBytes),
        (long) median(done, one -> Objects.requireNonNull(one.latency()).p999()),
        median(done, CleaningResult::poolsWritten),
        latency(done, CleaningResult::latency));
  }

  private String whyNothing() {
    return problem.isEmpty() ? "interrupted before its turn" : problem;
  }

  private void note(String trouble) {
    problem = problem.isEmpty() ? trouble : problem;
  }

  StoreFacts facts() {
    boolean open = !opened.isEmpty();
    return new StoreFacts(
        rival,
        rival.title(),
        rival.version(),
        rival.jvmOptions(),
        open ? opened.getFirst().durability() : whyNothing(),
        open ? median(opened, OpenReport::dramBytesPerEntry) : 0,
        open ? Summary.median(mediumBytes) : 0);
  }

  Row recoveryRow(boolean killed) {
    String what = killed ? "open after a kill" : "open after a close";
    List<Double> nanos = killed ? reopenedKilled : reopenedClosed;
    if (nanos.isEmpty()) {
      return Row.without(null, what, rival, whyNothing());
    }
    Summary summary = Summary.of(nanos);
    double perSecond = profile.entries() / summary.median() * 1e9;
    return new Row(
        null, what, rival, "", summary, perSecond, 0, 0, null, 0, 0, 0, 0, null, null, null);
  }

  Row row(Workload workload) {
    List<Measurement> all =
        measurements.stream().filter(one -> one.workload() == workload).toList();
    List<Measurement> done = all.stream().filter(one -> one.unavailable().isEmpty()).toList();
    if (done.isEmpty()) {
      String why = all.isEmpty() ? whyNothing() : all.getFirst().unavailable();
      return Row.without(workload, workload.title(), rival, why);
    }
    Summary nanos = Summary.of(done.stream().flatMap(one -> one.nanos().stream()).toList());
    double persist = median(done, Measurement::rawPersistNanos);
    double load = median(done, Measurement::loadNanos);
    return new Row(
        workload,
        workload.title(),
        rival,
        "",
        nanos,
        1e9 / nanos.median(),
        median(done, Measurement::cpuNanos),
        persist,
        latency(done, Measurement::rawPersistLatency),
        load,
        nanos.median() / persist,
        nanos.median() / load,
        median(done, Measurement::allocatedBytes),
        writtenPerUserByte(workload, done),
        costs.get(workload),
        latency(done, Measurement::latency));
  }

  private @Nullable Double writtenPerUserByte(Workload workload, List<Measurement> done) {
    if (!workload.isWriting()) {
      return null;
    }
    double userBytes =
        profile.keyBytes() + (workload == Workload.DELETE ? 0.0 : profile.valueBytes());
    Costs counted = costs.get(workload);
    if (counted != null) {
      return counted.lines() * LINE_BYTES / userBytes;
    }
    double written = median(done, Measurement::writtenBytes) / userBytes;
    // Below that a store writes through mapped memory, which no counter of the kernel sees.
    return written < 0.5 ? null : written;
  }

  private static <T> @Nullable Latency latency(List<T> done, Function<T, @Nullable Latency> part) {
    List<Latency> each = done.stream().map(part).filter(Objects::nonNull).toList();
    if (each.isEmpty()) {
      return null;
    }
    ToLongFunction<ToDoubleFunction<Latency>> middle = one -> (long) median(each, one);
    return new Latency(
        middle.applyAsLong(Latency::p50),
        middle.applyAsLong(Latency::p99),
        middle.applyAsLong(Latency::p999),
        middle.applyAsLong(Latency::p9999),
        middle.applyAsLong(Latency::max),
        each.stream().mapToLong(Latency::calls).sum());
  }

  private static <T> double median(List<T> done, ToDoubleFunction<T> part) {
    return Summary.median(done.stream().map(part::applyAsDouble).toList());
  }
}
