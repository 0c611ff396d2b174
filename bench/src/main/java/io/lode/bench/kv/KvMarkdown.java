package io.lode.bench.kv;

import io.lode.bench.kv.load.Latency;
import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.Figures;
import io.lode.bench.run.Summary;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A report as a page of Markdown, with the figures that most ask for. */
final class KvMarkdown {
  private final KvReport report;
  private final StringBuilder text = new StringBuilder();

  private KvMarkdown(KvReport report) {
    this.report = report;
  }

  static String of(KvReport report) {
    var page = new KvMarkdown(report);
    page.head();
    page.stores();
    report.sections().forEach(page::section);
    KvLosses.of(report).ifPresent(page::losses);
    if (!report.gates().isEmpty()) {
      page.gates();
    }
    return page.text.toString();
  }

  private void head() {
    text.append("## ").append(report.title()).append("\n\n```\n");
    report.provenance().lines().forEach(line -> text.append(line).append('\n'));
    text.append("medium    ").append(report.medium()).append('\n');
    text.append("effort    ").append(report.effort().rounds());
    text.append(" rounds, in each a process a store, ").append(report.effort().slices());
    text.append(" measurements of ").append(report.effort().sliceMillis());
    text.append(" ms a workload\n");
    if (report.fenceDelayNanos() > 0) {
      text.append("delay     ").append(report.fenceDelayNanos());
      text.append(" ns added to each fence of Lode and of the raw persist\n");
    }
    text.append("```\n\n");
  }

  private void stores() {
    Map<Rival, StoreFacts> stores = new LinkedHashMap<>();
    report
        .sections()
        .forEach(
            section -> section.stores().forEach(store -> stores.putIfAbsent(store.rival(), store)));
    header("store", "version", "durable on return", "DRAM B/entry", "medium B/entry");
    for (StoreFacts store : stores.values()) {
      row(
          store.title(),
          store.version(),
          store.durability(),
          Figures.whole(store.dramBytesPerEntry()),
          Figures.whole(store.mediumBytesPerEntry()));
    }
  }

  private void section(Section section) {
    text.append("\n### ").append(section.profile().title()).append('\n');
    Set<String> titles = new LinkedHashSet<>();
    section.rows().forEach(row -> titles.add(row.what()));
    for (String title : titles) {
      text.append("\n**").append(title).append("**\n\n");
      List<Row> rows = section.rows().stream().filter(row -> row.what().equals(title)).toList();
      if (section.profile().isRecovery()) {
        recovery(rows);
      } else {
        rows(section, rows);
      }
    }
  }

  private void recovery(List<Row> rows) {
    header("store", "time", "quartiles", "entries/s");
    for (Row row : rows) {
      Summary nanos = row.nanos();
      if (nanos == null) {
        row(row.rival().title(), row.problem(), "", "");
      } else {
        row(
            row.rival().title(),
            Figures.nanos(nanos.median()),
            Figures.nanos(nanos.low()) + ".." + Figures.nanos(nanos.high()),
            Figures.rate(row.entriesPerSecond()));
      }
    }
  }

  private void rows(Section section, List<Row> rows) {
    header(
        "store",
        "ns/entry",
        "quartiles",
        "entries/s",
        "x persist",
        "x load",
        "p50",
        "p99.9",
        "heap B",
        "durable on return");
    for (Row row : rows) {
      Summary nanos = row.nanos();
      Latency latency = row.latency();
      if (nanos == null) {
        row(row.rival().title(), row.problem(), "", "", "", "", "", "", "", "");
      } else {
        row(
            row.rival().title(),
            Figures.number(nanos.median()),
            Figures.number(nanos.low()) + ".." + Figures.number(nanos.high()),
            Figures.rate(row.entriesPerSecond()),
            Figures.number(row.persists()),
            Figures.number(row.loads()),
            latency == null ? "" : Figures.nanos((double) latency.p50()),
            latency == null ? "" : Figures.nanos((double) latency.p999()),
            Figures.whole(row.allocatedBytes()),
            section.store(row.rival()).map(StoreFacts::durability).orElse(""));
      }
    }
  }

  private void losses(String losses) {
    text.append("\n### What Lode loses at\n\n");
    losses
        .lines()
        .map(String::strip)
        .forEach(line ->
            text.append(
                line.endsWith(":") || line.endsWith(".") ? line + "\n\n" : "- " + line + "\n"));
  }

  private void gates() {
    text.append("\n### What Lode is to reach\n\n");
    header("gate", "aim", "found", "");
    for (Gate gate : report.gates()) {
      row(
          gate.what(),
          gate.aim(),
          gate.found(),
          switch (gate.state()) {
            case REACHED -> "reached";
            case MISSED -> "**not reached**";
            case UNKNOWN -> "no figure";
          });
    }
  }

  private void header(String... titles) {
    row(titles);
    text.append("|---".repeat(titles.length)).append("|\n");
  }

  private void row(String... cells) {
    Arrays.stream(cells)
        .forEach(cell -> text.append("| ").append(cell.replace("|", "\\|")).append(' '));
    text.append("|\n");
  }
}
