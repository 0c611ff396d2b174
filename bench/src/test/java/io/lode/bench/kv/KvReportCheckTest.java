package io.lode.bench.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.bench.kv.load.CleaningCase;
import io.lode.bench.kv.load.KvEffort;
import io.lode.bench.kv.load.Latency;
import io.lode.bench.kv.load.Profile;
import io.lode.bench.kv.load.Workload;
import io.lode.bench.kv.store.Rival;
import io.lode.bench.report.Document.Form;
import io.lode.bench.run.Findings;
import io.lode.bench.run.Json;
import io.lode.bench.run.Provenance;
import io.lode.bench.run.Summary;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KvReportCheckTest {
  private static final StoreFacts FACTS =
      new StoreFacts(Rival.LODE, "Lode", "1", List.of(), "a fence per write", 20, 256);

  @Test
  void reportIsReadBackAsItWasWritten() {
    KvReport report = report("Lode, emulated", row("", new Summary(300, 290, 310, 5)));
    assertThat(Json.read(Json.block(report), KvReport.class)).isEqualTo(report);
  }

  @Test
  void soundReportHasNothingWrongWithIt() {
    assertThat(wrong(report("Lode, emulated", row("", new Summary(300, 290, 310, 5))))).isEmpty();
  }

  @Test
  void failedStoreImpossibleFiguresAndATitleWithoutItsMediumAreFound() {
    assertThat(wrong(report("Lode, emulated", row("failed, exit status 1", null))))
        .anyMatch(line -> line.contains("says why not"))
        .anyMatch(line -> line.contains("Lode was measured"));
    assertThat(wrong(report("Lode, emulated", row("", new Summary(300, 310, 290, 5)))))
        .anyMatch(line -> line.contains("figures can be"));
    assertThat(wrong(report("Lode", row("", new Summary(300, 290, 310, 5)))))
        .anyMatch(line -> line.contains("emulated medium"));
  }

  @Test
  void whatIsNoReportIsFound() {
    assertThat(KvReportCheck.check("{\"title\":").isFine()).isFalse();
  }

  @Test
  void pageHasEverythingInIt() {
    KvReport report = report("Lode, emulated", row("", new Summary(300, 290, 310, 5)));
    String page = KvDocument.of(report).as(Form.PAGE);
    Findings findings = KvReportCheck.checkPage(page);
    assertThat(findings.isFine()).as(findings.lines().toString()).isTrue();
    String scripted = page.replace("<h1>", "<script src=\"https://x\"></script><h1>");
    assertThat(KvReportCheck.checkPage(scripted).isFine()).isFalse();
  }

  @Test
  void whatAStoreSaysIsTextOnThePage() {
    KvReport report = report("Lode, emulated", row("<b>failed</b> & more", null));
    assertThat(KvDocument.of(report).as(Form.PAGE))
        .contains("&lt;b&gt;failed&lt;/b&gt; &amp; more");
  }

  @Test
  void textAndMarkdownNameDurabilityBesideEveryFigure() {
    KvReport report = report("Lode, emulated", row("", new Summary(300, 290, 310, 5)));
    List<String> text = KvDocument.of(report).as(Form.TEXT).lines().toList();
    int row =
        text.indexOf(text.stream().filter(line -> line.contains("290..310")).findFirst().get());
    assertThat(text.get(row + 1)).isEqualTo("  durable on return: a fence per write");
    assertThat(text).allMatch(line -> line.length() <= 80);
    assertThat(KvDocument.of(report).as(Form.MARKDOWN)).contains("| a fence per write |\n");
    assertThat(KvDocument.of(report).as(Form.PAGE))
        .contains("<td class=\"text\" colspan=\"14\">durable on return: a fence per write</td>");
  }

  @Test
  void fullStoreIsARowThatSaysSoAndOthersCompareWithLodeWithoutCleaning() {
    var latency = new Latency(300, 400, 500, 600, 700, 1000);
    var of = new CleaningCase(0.8, true, true);
    CleaningRow full = CleaningRow.without(Rival.MVSTORE, of, true, "Full: 9 bytes of <8>");
    KvReport report = cleaning(cleaned(true, 3e6, latency), cleaned(false, 4e6, latency), full);
    String json = Json.block(report);
    assertThat(Json.read(json, KvReport.class)).isEqualTo(report);
    assertThat(json)
        .contains("fill", "updatesPerSecond", "bytesPerUserByte", "mediumBytes", "p999Nanos")
        .contains("\"full\" : true");
    assertThat(wrong(report)).isEmpty();
    assertThat(KvDocument.of(report).as(Form.MARKDOWN))
        .contains("cleaning at 80 % full, zipf 0.99", "| 75 % |", "Full: 9 bytes of");
    assertThat(KvDocument.of(report).as(Form.PAGE)).contains("Full: 9 bytes of &lt;8&gt;");
    CleaningRow untyped = CleaningRow.without(Rival.MVSTORE, of, false, "Full: 9 bytes of 8");
    assertThat(wrong(cleaning(cleaned(true, 3e6, latency), untyped)))
        .anyMatch(line -> line.contains("says why not"));
    assertThat(wrong(cleaning(cleaned(true, 0, latency))))
        .anyMatch(line -> line.contains("figures can be"));
  }

  private static CleaningRow cleaned(boolean cleans, double perSecond, Latency latency) {
    return new CleaningRow(
        Rival.LODE,
        0.8,
        "zipf 0.99",
        cleans,
        false,
        "",
        perSecond,
        2.5,
        1 << 20,
        latency.p999(),
        10,
        latency);
  }

  private static KvReport cleaning(CleaningRow... rows) {
    var profile = new Profile(16, 200, 5000, 1, List.of(Workload.CLEANING));
    return report(
        "Lode, emulated", List.of(new Section(profile, List.of(FACTS), List.of(), List.of(rows))));
  }

  private static List<String> wrong(KvReport report) {
    return KvReportCheck.check(Json.block(report)).lines().stream()
        .filter(line -> !line.startsWith("passed"))
        .filter(line -> !line.contains("is judged")) // this report is too small for that
        .toList();
  }

  private static Row row(String problem, @Nullable Summary nanos) {
    if (nanos == null) {
      return Row.without(Workload.GET, "random get", Rival.LODE, problem);
    }
    var latency = new Latency(300, 400, 500, 600, 700, 1000);
    return new Row(
        Workload.GET,
        "random get",
        Rival.LODE,
        "",
        Objects.requireNonNull(nanos),
        3e6,
        300,
        120,
        latency,
        150,
        2.5,
        2,
        0,
        null,
        null,
        latency);
  }

  private static KvReport report(String title, Row row) {
    var profile = new Profile(16, 200, 5000, 1, List.of(Workload.GET));
    List<Section> sections = List.of(new Section(profile, List.of(FACTS), List.of(row), List.of()));
    return report(title, sections);
  }

  private static KvReport report(String title, List<Section> sections) {
    var provenance =
        new Provenance("2026-01-01", "Linux", "a CPU", 2, 1 << 30, 0, "a JVM", "G1", "never");
    return new KvReport(
        title, provenance, "/dev/shm", true, 0, KvEffort.QUICK, sections, Gates.of(sections));
  }
}
