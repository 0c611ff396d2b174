package io.lode.bench.persist;

import io.lode.bench.run.Findings;
import io.lode.bench.run.Json;
import io.lode.bench.run.Summary;

/** Checks that a report says everything that it should, and nothing that cannot be. */
public final class PersistReportCheck {
  private PersistReportCheck() {}

  /**
   * Checks a report.
   *
   * @param json what {@code --json} wrote
   * @param findings takes what was found
   */
  public static void check(String json, Findings findings) {
    PersistReport report;
    try {
      report = Json.read(json, PersistReport.class);
    } catch (IllegalArgumentException notAReport) {
      findings.add("bench persist: the JSON is a report", false, notAReport.getMessage());
      return;
    }
    findings.add(
        "bench persist: an emulated medium is said in the title",
        report.emulated() == report.title().contains("emulated"),
        report.title());
    findings.add("bench persist: something was measured", !report.rows().isEmpty());
    for (PersistRow row : report.rows()) {
      String name = "bench persist: " + row.call().title() + " of " + row.lengthBytes() + " bytes";
      for (Implementation who : Implementation.values()) {
        Summary nanos = row.nanos().get(who);
        boolean explained = report.missing().containsKey(who);
        findings.add(
            name + ", " + who.title(),
            nanos == null ? explained : nanos.median() > 1 && nanos.low() <= nanos.high(),
            nanos);
      }
      findings.add(
          name + ": Lode allocates nothing",
          row.allocatedBytes() >= 0 && row.allocatedBytes() < 1,
          row.allocatedBytes());
    }
  }
}
