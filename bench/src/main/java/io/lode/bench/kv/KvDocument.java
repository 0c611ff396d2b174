package io.lode.bench.kv;

import io.lode.bench.kv.load.Costs;
import io.lode.bench.kv.load.KvEffort;
import io.lode.bench.kv.load.Latency;
import io.lode.bench.kv.store.Rival;
import io.lode.bench.report.Bars;
import io.lode.bench.report.Document;
import io.lode.bench.report.Document.Form;
import io.lode.bench.report.Part;
import io.lode.bench.report.Table;
import io.lode.bench.run.Figures;
import io.lode.bench.run.Summary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A report of stores, for people. */
final class KvDocument {
  private static final String NONE = "-";

  private final KvReport report;
  private final Document document;

  private KvDocument(KvReport report) {
    this.report = report;
    this.document = new Document(report.title());
  }

  static Document of(KvReport report) {
    var kv = new KvDocument(report);
    kv.head();
    kv.stores();
    kv.losses();
    report.sections().forEach(kv::section);
    if (!report.gates().isEmpty()) {
      kv.gates();
    }
    kv.notes();
    return kv.document;
  }

  private void head() {
    if (report.emulated()) {
      document.addBanner(
          "Emulated: ordinary memory in /dev/shm. Lode's flush instructions run for real; msync and"
              + " fsync of the others write nothing back there and cost next to nothing. Other"
              + " media have other times.");
    }
    KvEffort effort = report.effort();
    Part.Facts facts = report.provenance().facts().add("medium", report.medium());
    if (report.fenceDelayNanos() > 0) {
      facts.add(
          "delay",
          report.fenceDelayNanos()
              + " ns added to each fence of Lode and of the raw persist, to none of a rival's");
    }
    facts.add(
        "effort",
        "%s, one process per store and round, %d measurements of %d ms per workload"
            .formatted(
                Figures.counted(effort.rounds(), "round"), effort.slices(), effort.sliceMillis()));
    document.add(facts);
  }

  private void stores() {
    Map<Rival, StoreFacts> stores = new LinkedHashMap<>();
    report
        .sections()
        .forEach(
            section -> section.stores().forEach(store -> stores.putIfAbsent(store.rival(), store)));
    var table =
        new Table(
            "store",
            "DRAM B/entry",
            "medium B/entry",
            "<version",
            "<durable on return",
            "<JVM options");
    for (StoreFacts store : stores.values()) {
      int options = store.jvmOptions().size();
      table.add(
          store.rival() == Rival.LODE,
          store.title(),
          store.dramBytesPerEntry() > 0 ? Figures.whole(store.dramBytesPerEntry()) : NONE,
          store.mediumBytesPerEntry() > 0 ? Figures.whole(store.mediumBytesPerEntry()) : NONE,
          store.version(),
          store.durability(),
          "native access" + (options == 0 ? "" : " and " + options + " more"));
    }
    document.addHeading("Stores");
    document.add(table);
  }

  private void losses() {
    List<String> losses = KvLosses.of(report);
    if (!losses.isEmpty()) {
      document.addHeading("What Lode loses at");
      document.add(new Part.Paragraph(losses.getFirst()));
      document.add(Part.Bullets.of(losses.subList(1, losses.size())));
    }
    document.add(new Part.BarsKey(), Form.PAGE);
  }

  private void section(Section section) {
    if (section.profile().isCleaning()) {
      cleaning(section);
      return;
    }
    boolean isRecovery = section.profile().isRecovery();
    document.addHeading((isRecovery ? "Opening again: " : "") + section.profile().title());
    if (!isRecovery && report.sections().size() > 1) {
      document.add(space(section), Form.TEXT);
    }
    for (String kind : section.kinds()) {
      document.add(new Part.Heading(3, kind));
      document.add(bars(section, kind), Form.PAGE);
      document.add(isRecovery ? recovery(section, kind) : rows(section, kind));
    }
  }

  private void cleaning(Section section) {
    document.addHeading("Space used again: " + section.profile().title());
    document.add(
        new Part.Paragraph(
            "Random updates of a store that holds its entries within "
                + Figures.bytes((double) report.effort().cleaningBytes())
                + ", each durable on return. Full: live records of Lode over what its segments have"
                + " for records; the others hold as many entries in as many bytes of files."
                + " Measured once the size of the pool was written, for ten times its size, or as"
                + " long as there is time (pools: how much it was). written/B: bytes that the store"
                + " wrote per byte of key and value (Lode: full segments, whole; RocksDB: log,"
                + " flushes and compaction; MVStore: arguments of write calls). Of Lode without: the same"
                + " updates in a pool so large that nothing is cleaned."));
    List<String> kinds = section.cleaning().stream().map(CleaningRow::kind).distinct().toList();
    for (String kind : kinds) {
      List<CleaningRow> rows =
          section.cleaning().stream().filter(row -> row.kind().equals(kind)).toList();
      document.add(new Part.Heading(3, kind));
      document.add(cleaning(section, rows));
    }
  }

  private static Table cleaning(Section section, List<CleaningRow> rows) {
    var table =
        new Table(
            "store",
            "updates/s",
            "of Lode without",
            "written/B",
            "medium",
            "p50",
            "p99.9",
            "~pools",
            "<durable on return");
    for (CleaningRow row : rows) {
      if (!row.isMeasured()) {
        table.addWithout(row.store(), row.problem());
        continue;
      }
      table.add(
          row.rival() == Rival.LODE && row.cleans(),
          row.store(),
          Figures.rate(row.updatesPerSecond()),
          section
              .cleaning(Rival.LODE, row.fill(), row.distribution(), false)
              .map(most ->
                  Figures.whole(100 * row.updatesPerSecond() / most.updatesPerSecond()) + " %")
              .orElse(NONE),
          Figures.number(row.bytesPerUserByte()),
          Figures.bytes(row.mediumBytes()),
          latency(row.latency(), Latency::p50),
          Figures.nanos((double) row.p999Nanos()),
          Figures.number(row.poolsWritten()),
          section.durability(row.rival()));
    }
    return table;
  }

  private static Table space(Section section) {
    var table = new Table("store", "DRAM B/entry", "medium B/entry");
    section
        .stores()
        .forEach(store ->
            table.add(
                store.title(),
                Figures.whole(store.dramBytesPerEntry()),
                Figures.whole(store.mediumBytesPerEntry())));
    return table;
  }

  private static Bars bars(Section section, String kind) {
    return new Bars(
        section.rows(kind).stream().map(row -> bar(section, row)).toList(), Figures::nanos);
  }

  private static Bars.Bar bar(Section section, Row row) {
    String name = row.rival().title();
    if (!row.isMeasured()) {
      return new Bars.Bar(name, false, List.of(), "", row.problem());
    }
    Summary nanos = row.figures();
    List<Double> values = List.of(nanos.low(), nanos.median(), nanos.high());
    return new Bars.Bar(
        name,
        row.rival() == Rival.LODE,
        row.rawPersistNanos() <= 0
            ? values
            : List.of(
                nanos.low(), nanos.median(), nanos.high(), row.rawPersistNanos(), row.loadNanos()),
        Figures.nanos(nanos.median()) + ", " + Figures.rate(row.entriesPerSecond()) + "/s",
        section.durability(row.rival()));
  }

  private static Table recovery(Section section, String kind) {
    var table = new Table("store", "time", "quartiles", "entries/s");
    for (Row row : section.rows(kind)) {
      if (row.isMeasured()) {
        Summary nanos = row.figures();
        table.add(
            row.rival() == Rival.LODE,
            row.rival().title(),
            Figures.nanos(nanos.median()),
            nanos.quartiles(Figures::nanos),
            Figures.rate(row.entriesPerSecond()));
      } else {
        table.addWithout(row.rival().title(), row.problem());
      }
    }
    return table;
  }

  private static Table rows(Section section, String kind) {
    var table =
        new Table(
                "store",
                "ns/entry",
                "quartiles",
                "entries/s",
                "~CPU ns",
                "x persist",
                "x load",
                "p50",
                "~p99",
                "p99.9",
                "~p99.99",
                "heap B",
                "~written/B",
                "~fences",
                "~lines",
                "<durable on return")
            .folded("All figures", true);
    for (Row row : section.rows(kind)) {
      if (row.isMeasured()) {
        table.add(row.rival() == Rival.LODE, cells(row, section.durability(row.rival())));
      } else {
        table.addWithout(row.rival().title(), row.problem());
      }
    }
    return table;
  }

  private static String[] cells(Row row, String durability) {
    Costs costs = row.costs();
    Double written = row.writtenPerUserByte();
    return new String[] {
      row.rival().title(),
      Figures.number(row.median()),
      row.figures().quartiles(Figures::number),
      Figures.rate(row.entriesPerSecond()),
      Figures.whole(row.cpuNanos()),
      Figures.number(row.persists()),
      Figures.number(row.loads()),
      latency(row.latency(), Latency::p50),
      latency(row.latency(), Latency::p99),
      latency(row.latency(), Latency::p999),
      latency(row.latency(), Latency::p9999),
      Figures.whole(row.allocatedBytes()),
      written == null ? NONE : Figures.number(written),
      costs == null ? NONE : Figures.number(costs.fences()),
      costs == null ? NONE : Figures.number(costs.lines()),
      durability
    };
  }

  private static String latency(@Nullable Latency latency, ToLongFunction<Latency> part) {
    return latency == null ? NONE : Figures.nanos((double) part.applyAsLong(latency));
  }

  private void gates() {
    document.addHeading("What Lode is to reach");
    if (!Gates.isLargeEnough(report.sections())) {
      document.add(new Part.Paragraph("Meant for 2 M entries and more: this run has fewer."));
    }
    var table = new Table("gate", "<", "<aim", "<found");
    report
        .gates()
        .forEach(gate ->
            table.add(
                gate.what(),
                switch (gate.state()) {
                  case REACHED -> "reached";
                  case MISSED -> "NOT REACHED";
                  case UNKNOWN -> "no figure";
                },
                gate.aim(),
                gate.found()));
    document.add(table);
  }

  private void notes() {
    document.addHeading("How to read it");
    document.add(
        new Part.Paragraph(
            "x persist: the median as a multiple of a non-temporal persist of the same bytes in"
                + " whole lines; x load: as a multiple of a random load that depends on the one"
                + " before, over as much memory. Both are measured beside the row. p50 to p99.99:"
                + " single calls, corrected for coordinated omission, as seen by a client that"
                + " calls at half of the measured rate. CPU: of the clients' threads, without a"
                + " store's own. written/B: lines flushed (Lode) or bytes passed to write calls,"
                + " per byte of key and value; '-' where a store writes through mapped memory."
                + " DRAM: the heap after a collection, and Lode's index beside it; memory that"
                + " other stores hold off the heap is not counted."));
  }
}
