package io.lode.bench.locality;

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

  /** Returns the report with its verdicts. */
  static LocalityReport added(LocalityReport report) {
    var verdicts = new Verdicts(report);
    verdicts.judge();
    return new LocalityReport(
        report.format(),
        report.title(),
        report.interrupted(),
        report.provenance(),
        report.machine(),
        report.effort(),
        report.seconds(),
        report.placements(),
        report.sources(),
        report.cells(),
        List.copyOf(verdicts.verdicts),
        report.oracle());
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

  /** Of an emulated machine there is only to say what was found out without a clock. */
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
              : "Pin what uses "
                  + source.name()
                  + " to the CPUs of node "
                  + source.nodesByDistance().getFirst()
                  + ".",
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
    int near = source.nodesByDistance().getFirst();
    int far = source.nodesByDistance().getLast();
    Optional<Factor> reads = farToNear(far, source, Measure.READ_LATENCY);
    Optional<Factor> writes = farToNear(far, source, Measure.WRITE_RANDOM);
    reads.ifPresent(factor -> far("A dependent load", far, near, source, factor));
    writes.ifPresent(factor -> far("A byte durably written at random", far, near, source, factor));
    farToNear(far, source, Measure.PUT)
        .ifPresent(factor -> far("A put into the store", far, near, source, factor));
    if (writes.isPresent() && !writes.get().isNone() && writes.get().low() > 1) {
      add(
          "Pin what writes to " + source.name() + " to the CPUs of node " + near + ".",
          writes.get().confidence(),
          "random writes " + writes.get().range());
    }
  }

  /** Says how much of something it is, or that it is the same, or that it cannot be told. */
  private static String times(Factor factor, String same, String of) {
    if (factor.isOpen()) {
      return "more or less than " + of + ": the rounds disagree";
    }
    return factor.isNone() ? same : factor.times() + " " + of;
  }

  private Optional<Factor> farToNear(int far, TargetFacts source, Measure measure) {
    return report.cell(far, source.name(), measure).map(Cell::farToNear);
  }

  private void far(String what, int far, int near, TargetFacts source, Factor factor) {
    String from = what + " from node " + far + " to " + source.name();
    add(
        from
            + " costs "
            + times(factor, "what it costs from node " + near, "what it costs from node " + near)
            + ".",
        factor.confidence(),
        factor.range());
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
    add(
        enough.threads() < last.threads() && !gain.isOpen()
            ? counted(enough.threads())
                + (enough.threads() == 1 ? " saturates " : " saturate ")
                + source.name()
                + ": more do not write more."
            : counted(last.threads())
                + ", all that node "
                + near
                + " has CPUs for, write "
                + (gain.isOpen() ? "more or less" : gain.times() + " as much")
                + " to "
                + source.name()
                + (gain.isOpen() ? " than one: the rounds disagree." : " as one."),
        gain.confidence(),
        "sequential writes, " + counted(last.threads()) + " against one: " + gain.range());
  }

  private static String counted(int writers) {
    return writers + (writers == 1 ? " writer" : " writers");
  }

  /** Which way to make a record durable is the cheapest. */
  private void durability(TargetFacts source) {
    if (source.kind() == TargetFacts.Kind.DRAM) {
      return;
    }
    int near = source.nodesByDistance().getFirst();
    Optional<Cell.Point> flush = report.headline(near, source.name(), Measure.PERSIST_FLUSH);
    Optional<Cell.Point> stream = report.headline(near, source.name(), Measure.PERSIST_STREAM);
    Optional<Cell.Point> sync = report.headline(near, source.name(), Measure.PERSIST_MSYNC);
    if (source.granularity().equals("PAGE")) {
      sync.ifPresent(point ->
          add(
              "On "
                  + source.name()
                  + " only msync makes anything durable: "
                  + Measure.PERSIST_MSYNC.figure(point.median())
                  + " for "
                  + point.sizeBytes()
                  + " B.",
              spread(point),
              "the granularity of the medium is a page"));
      return;
    }
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
    String size = "To make " + flush.get().sizeBytes() + " B durable on " + source.name() + ", ";
    add(
        factor.isOpen()
            ? size + "the rounds disagree on which way is cheaper."
            : factor.isNone()
                ? size + "stores and flushes cost what non-temporal stores cost."
                : size
                    + (isStream
                        ? "non-temporal stores are cheapest; through the caches it costs "
                        : "stores and flushes are cheapest; around the caches it costs ")
                    + factor.times()
                    + " that.",
        factor.confidence(),
        factor.range());
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
    add(
        String.format(
            Locale.ROOT,
            "While the other CPUs of node %d read %.1f GB/s from %s, a load %s.",
            near,
            full.besideMedian(),
            source.name(),
            factor.isOpen()
                ? "takes more or less time: the rounds disagree"
                : factor.isNone() ? "takes no longer" : "takes " + factor.times() + " as long"),
        factor.confidence(),
        factor.range());
  }

  /** What a file system costs over the bare device. */
  private void fsdax(TargetFacts source) {
    int near = source.nodesByDistance().getFirst();
    for (Measure measure : List.of(Measure.READ_LATENCY, Measure.PERSIST_STREAM)) {
      report
          .cell(near, source.name(), measure)
          .map(Cell::fsdaxToDevdax)
          .filter(Objects::nonNull)
          .ifPresent(factor ->
              add(
                  source.name()
                      + overDevdax(factor)
                      + " once its pages are there ("
                      + measure.title()
                      + ").",
                  factor.confidence(),
                  factor.range()));
    }
    report
        .cell(near, source.name(), Measure.FIRST_TOUCH)
        .map(Cell::fsdaxToDevdax)
        .filter(Objects::nonNull)
        .ifPresent(factor ->
            add(
                "The first touch of "
                    + source.name()
                    + " costs "
                    + factor.times()
                    + " that of devdax.",
                factor.confidence(),
                factor.range()));
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

  private void add(String text, Factor.Confidence confidence, String evidence) {
    verdicts.add(new Verdict(text, confidence.word(), evidence));
  }
}
