package io.lode.bench.kv;

import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.Findings;
import io.lode.bench.run.Json;
import io.lode.bench.run.Summary;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks that a report says everything that it should, and nothing that cannot be. */
public final class KvReportCheck {
  private static final double LEAST_NANOS = 0.1;
  private static final double MOST_NANOS = 1e12;

  private final KvReport report;
  private final Findings findings;

  private KvReportCheck(KvReport report, Findings findings) {
    this.report = report;
    this.findings = findings;
  }

  /**
   * Checks a report.
   *
   * @param json what {@code --json} wrote
   * @param findings takes what was found
   */
  public static void check(String json, Findings findings) {
    KvReport report;
    try {
      report = Json.read(json, KvReport.class);
    } catch (IllegalArgumentException notAReport) {
      findings.add("bench kv: the JSON is a report", false, notAReport.getMessage());
      return;
    }
    var check = new KvReportCheck(report, findings);
    check.head();
    report.sections().forEach(check::section);
    check.gates();
  }

  /**
   * Checks a page: one file with everything in it, well-formed as far as that can be told.
   *
   * @param page what {@code --html} wrote
   * @param findings takes what was found
   */
  public static void checkPage(String page, Findings findings) {
    findings.add("bench kv: the page is whole", page.endsWith("</html>\n"));
    findings.add("bench kv: the page has charts", page.contains("<svg"));
    findings.add("bench kv: the page needs no script", !page.contains("<script"));
    findings.add(
        "bench kv: the page needs nothing from elsewhere",
        !page.matches("(?s).*(src|href)\\s*=\\s*\"(?!#).*") && !page.contains("url("));
    findings.add("bench kv: the page is for light and dark", page.contains("prefers-color-scheme"));
    findings.add("bench kv: the page can be printed", page.contains("@media print"));
  }

  private void head() {
    findings.add(
        "bench kv: an emulated medium is said in the title",
        report.emulated() == report.title().contains("emulated"),
        report.title());
    findings.add(
        "bench kv: the report says where it was made",
        report.provenance().lines().stream().noneMatch(line -> line.contains("null"))
            && !report.provenance().kernel().isBlank()
            && !report.provenance().cpu().isBlank()
            && !report.medium().isBlank(),
        report.provenance());
    findings.add("bench kv: something was measured", !report.sections().isEmpty());
  }

  private void section(Section section) {
    String of = "bench kv: " + section.profile().title() + ": ";
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
    int kinds = (int) section.rows().stream().map(Row::what).distinct().count();
    findings.add(
        of + "a row for every store and workload",
        section.rows().size() == kinds * section.stores().size(),
        section.rows().size());
    boolean lode =
        section.rows().stream().anyMatch(row -> row.rival() == Rival.LODE && row.nanos() != null);
    findings.add(of + "Lode was measured", lode, problems(section));
  }

  private static List<String> problems(Section section) {
    return section.rows().stream().map(Row::problem).filter(one -> !one.isEmpty()).toList();
  }

  private void row(String name, Row row) {
    Summary nanos = row.nanos();
    if (nanos == null) {
      boolean failed =
          row.problem().startsWith("failed") || row.problem().startsWith("took longer");
      findings.add(name + ": says why not", !row.problem().isBlank() && !failed, row.problem());
      return;
    }
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

  private void gates() {
    findings.add("bench kv: what Lode is to reach is judged", report.gates().size() > 20);
    for (Gate gate : report.gates()) {
      findings.add(
          "bench kv: gate '" + gate.what() + "' has an aim and a finding",
          !gate.aim().isBlank() && !gate.found().isBlank(),
          gate);
    }
  }
}
