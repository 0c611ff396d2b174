package io.lode.bench.persist;

import io.lode.bench.report.Document;
import io.lode.bench.report.Part;
import io.lode.bench.report.Table;
import io.lode.bench.run.Figures;
import io.lode.bench.run.Findings;
import io.lode.bench.run.Provenance;
import io.lode.bench.run.Summary;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The results of a run.
 *
 * @param title what was measured and on which medium
 * @param provenance where and when
 * @param medium the folder
 * @param granularity the unit in which stores become durable
 * @param emulated whether the granularity was forced
 * @param flushPrimitive the instruction that writes a line back
 * @param rows the figures
 * @param missing why an implementation has none
 */
public record PersistReport(
    String title,
    Provenance provenance,
    String medium,
    String granularity,
    boolean emulated,
    String flushPrimitive,
    List<PersistRow> rows,
    Map<Implementation, String> missing) {
  private static final String NONE = "-";

  Document document() {
    var document = new Document(title);
    if (emulated) {
      document.addBanner(
          "Emulated: ordinary memory, real flush instructions; other media have other times. msync"
              + " writes nothing back on tmpfs: force() is here for its cost, not as an equal.");
    }
    String forced = emulated ? " (forced: emulated), " : ", ";
    document.add(
        provenance.facts().add("medium", medium + ", " + granularity + forced + flushPrimitive));
    for (Call call : Call.values()) {
      document.addHeading(call.title() + ", ns per call: median (quartiles)");
      document.add(table(call));
    }
    document.add(
        Part.Bullets.of(
            missing.entrySet().stream()
                .map(entry -> entry.getKey().title() + ": " + entry.getValue())
                .toList()));
    document.add(
        new Part.Paragraph(
            "C calls the same routines. force() is msync where the file is not mapped with"
                + " MAP_SYNC. heap B: bytes that a call of Lode's allocates."));
    return document;
  }

  private Table table(Call call) {
    var table =
        new Table("bytes", "Lode", "C", "libpmem", "force()", "Lode-C", "Lode/C", "aim", "heap B");
    rows.stream()
        .filter(row -> row.call() == call)
        .forEach(row -> {
          Double extra = row.extraNanos();
          Double ratio = row.ratio();
          Boolean reached = row.isReached();
          table.add(
              Figures.bytes(row.lengthBytes()),
              cell(row, Implementation.LODE),
              cell(row, Implementation.C),
              cell(row, Implementation.LIBPMEM),
              cell(row, Implementation.FORCE),
              extra == null ? NONE : Figures.number(extra),
              ratio == null ? NONE : String.format(Locale.ROOT, "%.2f", ratio),
              row.aim() + (reached == null ? "" : reached ? " yes" : " NO"),
              Figures.whole(row.allocatedBytes()));
        });
    return table;
  }

  private static String cell(PersistRow row, Implementation which) {
    Summary nanos = row.nanos().get(which);
    return nanos == null ? NONE : nanos.spread(Figures::number);
  }

  /** Checks that the text that {@code --json} wrote is complete, and that its figures can be. */
  public static Findings check(String json) {
    var findings = new Findings("bench persist: ");
    findings.read(json, PersistReport.class).ifPresent(report -> report.check(findings));
    return findings;
  }

  private void check(Findings findings) {
    findings.add(
        "an emulated medium is said in the title", emulated == title.contains("emulated"), title);
    findings.add("something was measured", !rows.isEmpty());
    for (PersistRow row : rows) {
      String name = row.call().title() + " of " + row.lengthBytes() + " bytes";
      for (Implementation which : Implementation.values()) {
        Summary nanos = row.nanos().get(which);
        findings.add(
            name + ", " + which.title(),
            nanos == null
                ? missing.containsKey(which)
                : nanos.median() > 1 && nanos.low() <= nanos.high(),
            nanos);
      }
      findings.add(
          name + ": Lode allocates nothing",
          row.allocatedBytes() >= 0 && row.allocatedBytes() < 1,
          row.allocatedBytes());
    }
  }
}
