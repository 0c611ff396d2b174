package io.lode.bench.locality;

import io.lode.bench.run.Findings;
import io.lode.bench.run.Json;

/** Checks that a report says everything that it should, and nothing that cannot be. */
public final class LocalityReportCheck {
  private static final String NAME = "bench locality: ";

  private LocalityReportCheck() {}

  /**
   * Checks a report.
   *
   * @param json what {@code --json} wrote
   * @param findings takes what was found
   */
  public static void check(String json, Findings findings) {
    LocalityReport report;
    try {
      report = Json.read(json, LocalityReport.class);
    } catch (IllegalArgumentException notAReport) {
      findings.add(NAME + "the JSON is a report", false, notAReport.getMessage());
      return;
    }
    long cells =
        (long) report.cpuNodes().size() * report.sources().size() * report.measures().size();
    findings.add(NAME + "the run is whole", report.interrupted() == null, report.interrupted());
    findings.add(
        NAME + "a cell for each node, source and measure",
        cells > 0 && report.cells().size() == cells,
        report.cells().size() + " cells for " + cells);
    findings.add(
        NAME + "what is emulated is said in the title",
        report.isEmulated() == report.title().contains("EMULATED")
            && (report.machine().emulation() != null || isNamed(report)),
        report.title());
    findings.add(NAME + "there are verdicts", !report.verdicts().isEmpty());
    findings.add(NAME + "the kernel confirmed placements", report.placements() > 0);
    report.sources().forEach(source -> check(source, findings));
    report.cells().forEach(cell -> check(cell, report, findings));
  }

  private static boolean isNamed(LocalityReport report) {
    return report.sources().stream()
        .allMatch(source -> (source.emulated() != null) == report.title().contains(source.name()));
  }

  private static void check(TargetFacts source, Findings findings) {
    findings.add(
        NAME + source.name() + " has a place, and all nodes with CPUs by distance",
        !source.placedBy().isEmpty() && !source.nodesByDistance().isEmpty(),
        source);
  }

  private static void check(Cell cell, LocalityReport report, Findings findings) {
    String name =
        NAME + cell.measure().title() + " of " + cell.source() + " from node " + cell.cpuNode();
    if (cell.headline() == null) {
      findings.add(
          name + ": the reason for none is one",
          isPossible(cell, report.source(cell.source())),
          cell.unavailable());
      return;
    }
    findings.add(
        name,
        cell.points().stream().allMatch(point -> isSane(point, report.effort())),
        cell.points());
  }

  /** Memory and devdax have nothing to sync, and one CPU cannot be loaded beside itself. */
  private static boolean isPossible(Cell cell, TargetFacts source) {
    return switch (cell.measure()) {
      case PERSIST_MSYNC ->
          source.kind() == TargetFacts.Kind.DRAM || source.kind() == TargetFacts.Kind.DEVDAX;
      case LOADED_LATENCY -> String.valueOf(cell.unavailable()).contains("two CPUs");
      default -> false;
    };
  }

  private static boolean isSane(Cell.Point point, Effort effort) {
    return point.values().size() == effort.rounds()
        && point.values().stream().allMatch(value -> Double.isFinite(value) && value > 0)
        && point.threads() > 0;
  }

  /**
   * Checks a page.
   *
   * @param html what {@code --html} wrote
   * @param findings takes what was found
   */
  public static void checkPage(String html, Findings findings) {
    findings.add(
        NAME + "the page is whole", html.startsWith("<!DOCTYPE html>") && html.contains("</html>"));
    findings.add(
        NAME + "the page needs nothing from elsewhere",
        !html.matches("(?s).*(<script|<link|src=|https?://).*"));
    findings.add(NAME + "the page has matrices", html.contains("class=\"heat\""));
    findings.add(NAME + "the page has curves", html.contains("class=\"plot\""));
  }
}
