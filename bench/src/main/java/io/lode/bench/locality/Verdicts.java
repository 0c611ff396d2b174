package io.lode.bench.locality;

import io.lode.bench.run.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Says in words what the figures of a run mean for somebody who has to place threads and data. */
final class Verdicts {
  private final LocalityReport report;
  private final List<Verdict> verdicts = new ArrayList<>();

  private Verdicts(LocalityReport report) {
    this.report = report;
  }

  /** Returns what follows from the cells of a report. */
  static List<Verdict> of(LocalityReport report) {
    var verdicts = new Verdicts(report);
    verdicts.judge();
    return verdicts.verdicts;
  }

  private void judge() {
    if (report.machine().emulation() != null) {
      emulated(report.machine().emulation());
      return;
    }
    if (report.cpuNodes().size() == 1) {
      add(
          "One node has CPUs: nothing is far, and there is nothing to pin.",
          Factor.Confidence.HIGH,
          "the topology that the kernel shows");
    }
    for (TargetFacts source : report.sources()) {
      distance(source);
      threads(source);
      durability(source);
      load(source);
    }
    report.sources().stream()
        .filter(source -> source.kind() == TargetFacts.Kind.FSDAX)
        .forEach(this::fsdax);
  }

  /** Of an emulated machine only what was found out without a clock is said. */
  private void emulated(String why) {
    add(
        "This machine is emulated: it shows that everything works, and its times mean nothing. So"
            + " nothing follows from them.",
        Factor.Confidence.HIGH,
        why);
    for (TargetFacts source : report.sources()) {
      add(
          source.nearNodes().isEmpty()
              ? "No CPUs are known to be near " + source.name() + "."
              : "Pin threads that use %s to the CPUs of node %d."
                  .formatted(source.name(), source.nodesByDistance().getFirst()),
          Factor.Confidence.HIGH,
          source.placedBy());
    }
  }

  /** What reading and writing from the farthest node costs, and where to pin. */
  private void distance(TargetFacts source) {
    if (source.nodesByDistance().size() < 2) {
      return;
    }
    if (source.nearNodes().isEmpty()) {
      add(
          "No CPUs are known to be near " + source.name() + ": nothing is said of far and near.",
          Factor.Confidence.HIGH,
          source.placedBy());
      return;
    }
    far("A dependent load", source, Measure.READ_LATENCY);
    Optional<Factor> writes = far("A byte durably written at random", source, Measure.WRITE_RANDOM);
    far("A put into the store", source, Measure.PUT);
    writes
        .filter(factor -> !factor.isNone() && factor.low() > 1)
        .ifPresent(factor ->
            add(
                "Pin threads that write to %s to the CPUs of node %d."
                    .formatted(source.name(), source.nodesByDistance().getFirst()),
                factor.confidence(),
                "random writes " + factor.range()));
  }

  private Optional<Factor> far(String what, TargetFacts source, Measure measure) {
    int near = source.nodesByDistance().getFirst();
    int far = source.nodesByDistance().getLast();
    Optional<Factor> found = report.cell(far, source.name(), measure).map(Cell::farToNear);
    String base = "what it costs from node " + near;
    found.ifPresent(factor ->
        addFactor(
            "%s from node %d to %s costs %s."
                .formatted(
                    what,
                    far,
                    source.name(),
                    factor.isOpen()
                        ? "more or less than " + base + ": the rounds disagree"
                        : factor.isNone() ? base : factor.times() + " " + base),
            factor));
    return found;
  }

  /** How many writers use up what the source can take, from its nearest node. */
  private void threads(TargetFacts source) {
    int near = source.nodesByDistance().getFirst();
    Optional<Cell> cell = report.cell(near, source.name(), Measure.WRITE_SEQUENTIAL);
    if (cell.isEmpty() || cell.get().headline() == null) {
      return;
    }
    int size = cell.get().headline().sizeBytes();
    List<Cell.Point> points =
        cell.get().points().stream().filter(point -> point.sizeBytes() == size).toList();
    double most = points.stream().mapToDouble(Cell.Point::median).max().orElseThrow();
    Cell.Point enough =
        points.stream().filter(point -> point.median() >= most * 0.95).findFirst().orElseThrow();
    Cell.Point last = points.getLast();
    if (last.threads() == 1) {
      return;
    }
    Factor gain = Factor.of(Measure.WRITE_SEQUENTIAL, points.getFirst(), last).orElseThrow();
    String all = Figures.counted(last.threads(), "writer");
    String every = "%s, all that node %d has CPUs for, write ".formatted(all, near);
    add(
        gain.isOpen()
            ? every + "more or less to %s than one: the rounds disagree.".formatted(source.name())
            : enough.threads() < last.threads()
                ? "%s %s %s: more do not write more."
                    .formatted(
                        Figures.counted(enough.threads(), "writer"),
                        enough.threads() == 1 ? "saturates" : "saturate",
                        source.name())
                : every + "%s as much to %s as one.".formatted(gain.times(), source.name()),
        gain.confidence(),
        "sequential writes, %s against one: %s".formatted(all, gain.range()));
  }

  /** Which way to make a record durable is the cheapest. */
  private void durability(TargetFacts source) {
    if (source.kind() == TargetFacts.Kind.DRAM) {
      return;
    }
    int near = source.nodesByDistance().getFirst();
    if (source.granularity().equals("PAGE")) {
      report
          .headline(near, source.name(), Measure.PERSIST_MSYNC)
          .ifPresent(point ->
              add(
                  "On %s only msync makes anything durable: %s for %d B."
                      .formatted(
                          source.name(),
                          Measure.PERSIST_MSYNC.figure(point.median()),
                          point.sizeBytes()),
                  spread(point),
                  "the granularity of the medium is a page"));
      return;
    }
    Optional<Cell.Point> flush = report.headline(near, source.name(), Measure.PERSIST_FLUSH);
    Optional<Cell.Point> stream = report.headline(near, source.name(), Measure.PERSIST_STREAM);
    if (flush.isEmpty() || stream.isEmpty()) {
      return;
    }
    boolean isStream = stream.get().median() < flush.get().median();
    Factor factor =
        Factor.of(
                Measure.PERSIST_FLUSH,
                isStream ? flush.get() : stream.get(),
                isStream ? stream.get() : flush.get())
            .orElseThrow();
    String cheapest =
        isStream
            ? "non-temporal stores are cheapest; through the caches it costs %s that."
            : "stores and flushes are cheapest; around the caches it costs %s that.";
    addFactor(
        "To make %d B durable on %s, ".formatted(flush.get().sizeBytes(), source.name())
            + (factor.isOpen()
                ? "the rounds disagree on which way is cheaper."
                : factor.isNone()
                    ? "stores and flushes cost what non-temporal stores cost."
                    : cheapest.formatted(factor.times())),
        factor);
  }

  private static Factor.Confidence spread(Cell.Point point) {
    return point.values().size() < 3
        ? Factor.Confidence.LOW
        : point.spread() < 0.05
            ? Factor.Confidence.HIGH
            : point.spread() < 0.15 ? Factor.Confidence.MEDIUM : Factor.Confidence.LOW;
  }

  /** How much a load waits when the others of the node read. */
  private void load(TargetFacts source) {
    int near = source.nodesByDistance().getFirst();
    Optional<Cell> cell = report.cell(near, source.name(), Measure.LOADED_LATENCY);
    if (cell.isEmpty() || cell.get().headline() == null || cell.get().points().size() < 2) {
      return;
    }
    Cell.Point full = cell.get().headline();
    Factor factor =
        Factor.of(Measure.LOADED_LATENCY, full, cell.get().points().getFirst()).orElseThrow();
    addFactor(
        String.format(
            Locale.ROOT,
            "While the other CPUs of node %d read %.1f GB/s from %s, a load takes %s.",
            near,
            full.besideMedian(),
            source.name(),
            factor.isOpen()
                ? "more or less time: the rounds disagree"
                : factor.isNone() ? "no longer" : factor.times() + " as long"),
        factor);
  }

  /** What a file system costs over the bare device. */
  private void fsdax(TargetFacts source) {
    for (Measure measure : List.of(Measure.READ_LATENCY, Measure.PERSIST_STREAM)) {
      toDevdax(source, measure)
          .ifPresent(factor ->
              addFactor(
                  "%s%s once its pages are there (%s)."
                      .formatted(source.name(), overDevdax(factor), measure.title()),
                  factor));
    }
    toDevdax(source, Measure.FIRST_TOUCH)
        .ifPresent(factor ->
            addFactor(
                "The first touch of %s costs %s that of devdax."
                    .formatted(source.name(), factor.times()),
                factor));
  }

  private Optional<Factor> toDevdax(TargetFacts source, Measure measure) {
    int near = source.nodesByDistance().getFirst();
    return report
        .cell(near, source.name(), measure)
        .map(Cell::fsdaxToDevdax)
        .filter(Objects::nonNull);
  }

  private static String overDevdax(Factor factor) {
    if (factor.isOpen()) {
      return " costs more or less than devdax, on which the rounds disagree,";
    }
    return factor.isNone()
        ? " costs what devdax costs"
        : String.format(
            Locale.ROOT,
            " costs %.0f %% %s devdax",
            Math.abs(factor.median() - 1) * 100,
            factor.median() > 1 ? "over" : "less than");
  }

  private void addFactor(String text, Factor factor) {
    add(text, factor.confidence(), factor.range());
  }

  private void add(String text, Factor.Confidence confidence, String evidence) {
    verdicts.add(new Verdict(text, confidence.word(), evidence));
  }
}
