package io.lode.bench.persist;

import io.lode.bench.run.Figures;
import io.lode.bench.run.Provenance;
import io.lode.bench.run.Summary;
import io.lode.bench.run.TextTable;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run found.
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
record PersistReport(
    String title,
    Provenance provenance,
    String medium,
    String granularity,
    boolean emulated,
    String flushPrimitive,
    List<PersistRow> rows,
    Map<Implementation, String> missing) {

  String text() {
    var text = new StringBuilder(title).append("\n\n");
    provenance.lines().forEach(line -> text.append(line).append('\n'));
    text.append("medium    ").append(medium).append(", ").append(granularity);
    text.append(emulated ? " (forced: emulated), " : ", ").append(flushPrimitive).append('\n');
    for (Call call : Call.values()) {
      text.append('\n').append(call.title()).append(", ns a call: median (quartiles)\n");
      text.append(table(call));
    }
    missing.forEach(
        (who, why) -> text.append('\n').append(who.title()).append(": ").append(why).append('\n'));
    return text.append(note()).toString();
  }

  private String table(Call call) {
    var table =
        new TextTable(
            "bytes", "Lode", "C", "libpmem", "force()", "Lode-C", "Lode/C", "aim", "B/call");
    for (PersistRow row : rows) {
      if (row.call() == call) {
        Double extra = row.extraNanos();
        Double ratio = row.ratio();
        Boolean reached = row.isReached();
        table.add(
            Figures.bytes(row.lengthBytes()),
            cell(row, Implementation.LODE),
            cell(row, Implementation.C),
            cell(row, Implementation.LIBPMEM),
            cell(row, Implementation.FORCE),
            extra == null ? "-" : Figures.number(extra),
            ratio == null ? "-" : String.format(Locale.ROOT, "%.2f", ratio),
            row.aim() + (reached == null ? "" : reached ? " yes" : " NO"),
            Long.toString(Math.round(row.allocatedBytes())));
      }
    }
    return table.text();
  }

  private static String cell(PersistRow row, Implementation who) {
    Summary nanos = row.nanos().get(who);
    return nanos == null
        ? "-"
        : Figures.number(nanos.median())
            + " ("
            + Figures.number(nanos.low())
            + ".."
            + Figures.number(nanos.high())
            + ")";
  }

  private String note() {
    return emulated
        ? "\nC calls the same routines. force() is msync, which writes nothing back on tmpfs: it is"
            + " here for its cost,\nnot as an equal. Emulated: ordinary memory, real flush"
            + " instructions; other media have other times.\n"
        : "\nC calls the same routines. force() is msync where the file is not mapped with"
            + " MAP_SYNC.\n";
  }
}
