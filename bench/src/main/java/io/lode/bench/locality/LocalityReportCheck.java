package io.lode.bench.locality;

import io.lode.bench.run.Findings;
import java.util.List;

/** Checks that a report is complete, and that its figures can be. */
public final class LocalityReportCheck {
  private LocalityReportCheck() {}

  /** Checks the text that {@code --json} wrote. */
  public static Findings check(String json) {
    var findings = new Findings("bench locality: ");
    findings.read(json, LocalityReport.class).ifPresent(report -> check(report, findings));
    return findings;
  }

  /** Checks the text that {@code --html} wrote. */
  public static Findings checkPage(String html) {
    var findings = new Findings("bench locality: ");
    findings.checkPage(html, List.of("class=\"heat\"", "class=\"plot\""));
    return findings;
  }

  private static void check(LocalityReport report, Findings findings) {
    long cells =
        (long) report.cpuNodes().size() * report.sources().size() * report.measures().size();
    findings.add("the run is whole", report.interrupted() == null, report.interrupted());
    findings.add(
        "a cell for each node, source and measure",
        cells > 0 && report.cells().size() == cells,
        report.cells().size() + " cells for " + cells);
    findings.add(
        "what is emulated is said in the title",
        report.isEmulated() == report.title().contains("EMULATED")
            && (report.machine().emulation() != null || isNamed(report)),
        report.title());
    findings.add("there are verdicts", !report.verdicts().isEmpty());
    findings.add("the kernel confirmed placements", report.placements() > 0);
    report
        .sources()
        .forEach(source ->
            findings.add(
                source.name() + " has a place, pages, and all nodes with CPUs by distance",
                !source.placedBy().isEmpty()
                    && source.pageBytes() != null
                    && !source.nodesByDistance().isEmpty(),
                source));
    report.cells().forEach(cell -> check(cell, report, findings));
  }

  private static boolean isNamed(LocalityReport report) {
    return report.sources().stream()
        .allMatch(source -> (source.emulated() != null) == report.title().contains(source.name()));
  }

  private static void check(Cell cell, LocalityReport report, Findings findings) {
    String name =
        "%s of %s from node %d".formatted(cell.measure().title(), cell.source(), cell.cpuNode());
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
}
