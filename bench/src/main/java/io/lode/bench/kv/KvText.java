package io.lode.bench.kv;

import io.lode.bench.kv.load.Costs;
import io.lode.bench.kv.load.Latency;
import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.Figures;
import io.lode.bench.run.Summary;
import io.lode.bench.run.TextTable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A report as text for a terminal. */
final class KvText {
  private static final String NONE = "-";

  private final KvReport report;
  private final StringBuilder text = new StringBuilder();

  private KvText(KvReport report) {
    this.report = report;
  }

  static String of(KvReport report) {
    var text = new KvText(report);
    text.head();
    report.sections().forEach(text::section);
    if (!report.gates().isEmpty()) {
      text.gates();
    }
    text.notes();
    return text.text.toString();
  }

  private void head() {
    text.append(report.title()).append("\n\n");
    report.provenance().lines().forEach(line -> text.append(line).append('\n'));
    text.append("medium    ").append(report.medium()).append('\n');
    if (report.fenceDelayNanos() > 0) {
      text.append("delay     ").append(report.fenceDelayNanos());
      text.append(" ns added to each fence of Lode and of the raw persist, to none of a rival's\n");
    }
    KvEffort effort = report.effort();
    text.append("effort    ")
        .append(effort.rounds())
        .append(effort.rounds() == 1 ? " round" : " rounds");
    text.append(", in each a process a store, ");
    text.append(effort.slices()).append(" measurements of ").append(effort.sliceMillis());
    text.append(" ms a workload\n");
    Map<Rival, StoreFacts> stores = new LinkedHashMap<>();
    report
        .sections()
        .forEach(
            section -> section.stores().forEach(store -> stores.putIfAbsent(store.rival(), store)));
    text.append('\n');
    var table = new TextTable("store", "<version", "<flags of the JVM", "<durable on return");
    for (StoreFacts store : stores.values()) {
      int flags = store.jvmOptions().size();
      table.add(
          store.title(),
          store.version(),
          flags == 0 ? "native access" : "native access and " + flags,
          store.durability());
    }
    text.append(table.text());
  }

  private void section(Section section) {
    text.append("\n== ").append(section.profile().title()).append(" ==\n");
    if (!section.profile().isRecovery()) {
      space(section);
    }
    Set<String> titles = new LinkedHashSet<>();
    section.rows().forEach(row -> titles.add(row.what()));
    for (String title : titles) {
      text.append('\n').append(title).append('\n');
      List<Row> rows = section.rows().stream().filter(row -> row.what().equals(title)).toList();
      text.append(section.profile().isRecovery() ? recovery(rows) : rows(section, rows));
    }
  }

  private void space(Section section) {
    var table = new TextTable("store", "DRAM B/entry", "medium B/entry");
    for (StoreFacts store : section.stores()) {
      table.add(
          store.title(),
          Figures.whole(store.dramBytesPerEntry()),
          Figures.whole(store.mediumBytesPerEntry()));
    }
    text.append('\n').append(table.text());
  }

  private static String recovery(List<Row> rows) {
    var table = new TextTable("store", "time (quartiles)", "entries/s", "<");
    for (Row row : rows) {
      Summary nanos = row.nanos();
      if (nanos == null) {
        table.add(row.rival().title(), NONE, NONE, row.problem());
      } else {
        table.add(row.rival().title(), nanos(nanos), Figures.rate(row.entriesPerSecond()), "");
      }
    }
    return table.text();
  }

  private static String rows(Section section, List<Row> rows) {
    var table =
        new TextTable(
            "store",
            "ns/entry (quartiles)",
            "entries/s",
            "CPU ns",
            "x persist",
            "x load",
            "p50",
            "p99",
            "p99.9",
            "p99.99",
            "heap B",
            "written/B",
            "fences",
            "lines",
            "<durable on return");
    for (Row row : rows) {
      String durable = section.store(row.rival()).map(StoreFacts::durability).orElse("");
      table.add(row.nanos() == null ? empty(row) : cells(row, row.nanos(), durable));
    }
    return table.text();
  }

  private static String[] empty(Row row) {
    var cells = new String[15];
    Arrays.fill(cells, NONE);
    cells[0] = row.rival().title();
    cells[14] = row.problem();
    return cells;
  }

  private static String[] cells(Row row, Summary nanos, String durable) {
    Latency latency = row.latency();
    Costs costs = row.costs();
    return new String[] {
      row.rival().title(),
      spread(nanos),
      Figures.rate(row.entriesPerSecond()),
      Figures.whole(row.cpuNanos()),
      Figures.number(row.persists()),
      Figures.number(row.loads()),
      latency == null ? NONE : Figures.nanos((double) latency.p50()),
      latency == null ? NONE : Figures.nanos((double) latency.p99()),
      latency == null ? NONE : Figures.nanos((double) latency.p999()),
      latency == null ? NONE : Figures.nanos((double) latency.p9999()),
      Figures.whole(row.allocatedBytes()),
      optional(row.writtenPerUserByte()),
      costs == null ? NONE : Figures.number(costs.fences()),
      costs == null ? NONE : Figures.number(costs.lines()),
      durable
    };
  }

  private static String optional(@Nullable Double value) {
    return value == null ? NONE : Figures.number(value);
  }

  private static String spread(Summary nanos) {
    return Figures.number(nanos.median())
        + " ("
        + Figures.number(nanos.low())
        + ".."
        + Figures.number(nanos.high())
        + ")";
  }

  private static String nanos(Summary nanos) {
    return Figures.nanos(nanos.median())
        + " ("
        + Figures.nanos(nanos.low())
        + ".."
        + Figures.nanos(nanos.high())
        + ")";
  }

  private void gates() {
    text.append("\nWhat Lode is to reach");
    if (!Gates.isLargeEnough(report.sections())) {
      text.append(" (meant for 2 M entries and more: this run has fewer)");
    }
    text.append('\n');
    var table = new TextTable("gate", "<aim", "<found", "<");
    for (Gate gate : report.gates()) {
      table.add(
          gate.what(),
          gate.aim(),
          gate.found(),
          switch (gate.state()) {
            case REACHED -> "reached";
            case MISSED -> "NOT REACHED";
            case UNKNOWN -> "no figure";
          });
    }
    text.append(table.text());
  }

  private void notes() {
    KvLosses.of(report).ifPresent(losses -> text.append('\n').append(losses).append('\n'));
    text.append(
        """

        x persist: times a non-temporal persist of the same bytes in whole lines; x load: times a
        random load that depends on the one before, over as much memory; both measured beside the
        row. p50 to p99.99: single calls, corrected for coordinated omission, as a client sees them
        that calls at half of the measured rate. CPU: of the clients' threads, without a store's own.
        written/B: lines flushed (Lode) or bytes given to write calls, for each byte of key and value;
        '-' where a store writes through mapped memory. DRAM: the heap after a collection, and Lode's
        index beside it; what other stores take off the heap is not counted.
        """);
    if (report.emulated()) {
      text.append(
          """
          Emulated: ordinary memory in /dev/shm. Lode's flush instructions run for real; msync and
          fsync of the others write nothing back there and cost next to nothing.
          """);
    }
  }
}
