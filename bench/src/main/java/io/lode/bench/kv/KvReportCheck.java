package io.lode.bench.kv;

import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.Findings;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Checks that a report of stores is complete, and that its figures can be. */
public final class KvReportCheck {
  private static final double LEAST_NANOS = 0.1;
  private static final double MOST_NANOS = 1e12;

  private final Findings findings = new Findings("bench kv: ");

  private KvReportCheck() {}

  /** Checks the text that {@code --json} wrote. */
  public static Findings check(String json) {
    var check = new KvReportCheck();
    check
        .findings
        .read(json, KvReport.class)
        .ifPresent(report -> {
          check.head(report);
          report.sections().forEach(check::section);
          check.gates(report.gates());
        });
    return check.findings;
  }

  /** Checks the text that {@code --html} wrote. */
  public static Findings checkPage(String page) {
    var findings = new Findings("bench kv: ");
    findings.checkPage(page, List.of("<svg viewBox"));
    return findings;
  }

  private void head(KvReport report) {
    findings.add(
        "an emulated medium is said in the title",
        report.emulated() == report.title().contains("emulated"),
        report.title());
    findings.add(
        "the report says where it was made",
        !report.provenance().toString().contains("null")
            && !report.provenance().kernel().isBlank()
            && !report.provenance().cpu().isBlank()
            && !report.medium().isBlank(),
        report.provenance());
    findings.add("something was measured", !report.sections().isEmpty());
  }

  private void section(Section section) {
    String of = section.profile().title() + ": ";
    for (StoreFacts store : section.stores()) {
      findings.add(
          of + store.title() + " says how durable it is", !store.durability().isBlank(), store);
    }
    Set<String> seen = new HashSet<>();
    for (Row row : section.rows()) {
      String name = of + row.what() + ", " + row.rival().title();
      findings.add(name + ": once", seen.add(name));
      row(name, row);
    }
    findings.add(
        of + "a row for every store and workload",
        section.rows().size() == section.kinds().size() * section.stores().size(),
        section.rows().size());
    section.cleaning().forEach(row -> cleaning(of, row));
    findings.add(
        of + "Lode was measured",
        section.cleaning().stream().anyMatch(row -> row.rival() == Rival.LODE && row.isMeasured())
            || section.rows().stream()
                .anyMatch(row -> row.rival() == Rival.LODE && row.isMeasured()),
        section.rows().stream().map(Row::problem).filter(one -> !one.isEmpty()).toList());
  }

  private void row(String name, Row row) {
    if (!row.isMeasured()) {
      boolean failed =
          row.problem().startsWith("failed") || row.problem().startsWith("took longer");
      findings.add(name + ": says why not", !row.problem().isBlank() && !failed, row.problem());
      return;
    }
    var nanos = row.figures();
    findings.add(
        name + ": figures can be",
        nanos.low() > LEAST_NANOS
            && nanos.low() <= nanos.median()
            && nanos.median() <= nanos.high()
            && nanos.high() < MOST_NANOS
            && row.entriesPerSecond() > 0,
        nanos);
    if (row.workload() == null) {
      return;
    }
    findings.add(
        name + ": yardsticks are beside it",
        row.rawPersistNanos() > LEAST_NANOS && row.loadNanos() > LEAST_NANOS && row.persists() > 0,
        row);
    if (row.rival() == Rival.LODE && row.costs() != null) {
      findings.add(
          name + ": fences and lines fit together",
          row.costs().fences() <= row.costs().lines(),
          row.costs());
    }
  }

  private void cleaning(String of, CleaningRow row) {
    String name = of + row.what();
    if (!row.isMeasured()) {
      findings.add(
          name + ": says why not",
          row.full() == row.problem().startsWith("Full: ")
              && !row.problem().isBlank()
              && !row.problem().startsWith("failed"),
          row.problem());
      return;
    }
    findings.add(
        name + ": figures can be",
        row.updatesPerSecond() > 0
            && row.bytesPerUserByte() >= 1
            && row.mediumBytes() > 0
            && row.p999Nanos() > 0
            && row.poolsWritten() > 0,
        row);
  }

  private void gates(List<Gate> gates) {
    findings.add("what Lode is to reach is judged", gates.size() > 20);
    gates.forEach(gate ->
        findings.add(
            "gate '" + gate.what() + "' has an aim and a finding",
            !gate.aim().isBlank() && !gate.found().isBlank(),
            Objects.toString(gate)));
  }
}
