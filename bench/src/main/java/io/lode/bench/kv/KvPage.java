package io.lode.bench.kv;

import io.lode.bench.kv.load.Costs;
import io.lode.bench.kv.load.Latency;
import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.Figures;
import io.lode.bench.run.Html;
import io.lode.bench.run.Summary;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A report as one page with everything in it: no script, nothing from elsewhere. */
final class KvPage {
  private static final String NONE = "-";
  private static final Set<String> TEXT_COLUMNS =
      Set.of("durable on return", "flags", "gate", "aim", "found");
  private static final List<String> COLUMNS =
      List.of(
          "store",
          "ns/entry",
          "quartiles",
          "CPU ns",
          "x persist",
          "x load",
          "p50",
          "p99",
          "p99.9",
          "p99.99",
          "heap B",
          "written/B",
          "fences",
          "lines",
          "durable on return");

  private final KvReport report;
  private final StringBuilder html = new StringBuilder();

  private KvPage(KvReport report) {
    this.report = report;
  }

  static String of(KvReport report) {
    var page = new KvPage(report);
    page.head();
    page.stores();
    report.sections().forEach(page::section);
    if (!report.gates().isEmpty()) {
      page.gates();
    }
    page.html.append(Html.end());
    return page.html.toString();
  }

  private void head() {
    html.append(Html.begin(report.title(), ""));
    if (report.emulated()) {
      html.append(
          "<p class=\"banner\">Emulated: ordinary memory. Lode's flush instructions run for real;"
              + " msync and fsync of the others write nothing back there and cost next to nothing."
              + " Other media have other times.</p>\n");
    }
    html.append("<dl>\n");
    report.provenance().lines().forEach(line -> fact(line.substring(0, 9), line.substring(10)));
    fact("medium", report.medium());
    KvEffort effort = report.effort();
    fact(
        "effort",
        effort.rounds()
            + (effort.rounds() == 1 ? " round" : " rounds")
            + ", in each a process a store, "
            + effort.slices()
            + " measurements of "
            + effort.sliceMillis()
            + " ms a workload");
    if (report.fenceDelayNanos() > 0) {
      fact(
          "delay", report.fenceDelayNanos() + " ns added to each fence of Lode and of the persist");
    }
    html.append("</dl>\n<p class=\"soft\">Bars: nanoseconds an entry, shorter is better, on a");
    html.append(" logarithmic axis.<span class=\"key spread\"></span>quartiles");
    html.append("<span class=\"key persist\"></span>a persist of the same bytes");
    html.append("<span class=\"key load\"></span>a dependent random load over as much memory;");
    html.append(" both measured beside the bar. Below each bar: what is durable on return.</p>\n");
  }

  private void fact(String name, String value) {
    html.append("<dt>").append(Html.text(name.strip())).append("</dt><dd>");
    html.append(Html.text(value.strip())).append("</dd>\n");
  }

  private void stores() {
    Map<Rival, StoreFacts> stores = new LinkedHashMap<>();
    report
        .sections()
        .forEach(
            section -> section.stores().forEach(store -> stores.putIfAbsent(store.rival(), store)));
    html.append("<h2>Stores</h2>\n<div class=\"scroll\"><table>\n");
    header(
        List.of(
            "store", "version", "DRAM B/entry", "medium B/entry", "durable on return", "flags"));
    for (StoreFacts store : stores.values()) {
      row(store.rival());
      cell(store.title());
      cell(store.version());
      cell(Figures.whole(store.dramBytesPerEntry()));
      cell(Figures.whole(store.mediumBytesPerEntry()));
      textCell(store.durability());
      textCell(
          store.jvmOptions().isEmpty()
              ? "native access"
              : "native access and " + store.jvmOptions().size() + " more");
      html.append("</tr>\n");
    }
    html.append("</table></div>\n");
    KvLosses.of(report).ifPresent(this::losses);
  }

  private void losses(String text) {
    List<String> lines = text.lines().toList();
    html.append("<p>").append(Html.text(lines.getFirst())).append("</p>\n");
    if (lines.size() > 1) {
      html.append("<ul>\n");
      lines.stream()
          .skip(1)
          .forEach(line -> html.append("<li>").append(Html.text(line.strip())).append("</li>\n"));
      html.append("</ul>\n");
    }
  }

  private void gates() {
    html.append("<h2>What Lode is to reach</h2>\n");
    if (!Gates.isLargeEnough(report.sections())) {
      html.append("<p class=\"soft\">Meant for 2 M entries and more: this run has fewer.</p>\n");
    }
    html.append("<div class=\"scroll\"><table>\n");
    header(List.of("gate", "aim", "found", ""));
    for (Gate gate : report.gates()) {
      html.append("<tr>");
      textCell(gate.what());
      textCell(gate.aim());
      textCell(gate.found());
      html.append("<td>").append(Html.element("span", gate.state().name(), word(gate.state())));
      html.append("</td></tr>\n");
    }
    html.append("</table></div>\n");
  }

  private static String word(Gate.State state) {
    return switch (state) {
      case REACHED -> "reached";
      case MISSED -> "not reached";
      case UNKNOWN -> "no figure";
    };
  }

  private void section(Section section) {
    String what = section.profile().isRecovery() ? "Opening again: " : "";
    html.append("<h2>").append(Html.text(what + section.profile().title())).append("</h2>\n");
    Set<String> titles = new LinkedHashSet<>();
    section.rows().forEach(row -> titles.add(row.what()));
    for (String title : titles) {
      List<Row> rows = section.rows().stream().filter(row -> row.what().equals(title)).toList();
      html.append("<h3>").append(Html.text(title)).append("</h3>\n");
      html.append(new Chart(section, rows).html());
      if (!section.profile().isRecovery()) {
        details(section, rows);
      }
    }
  }

  private void details(Section section, List<Row> rows) {
    html.append("<details open><summary>All figures</summary><div class=\"scroll\"><table>\n");
    header(COLUMNS);
    for (Row row : rows) {
      Summary nanos = row.nanos();
      if (nanos != null) {
        row(row.rival());
        cells(row, nanos);
        textCell(section.store(row.rival()).map(StoreFacts::durability).orElse(""));
        html.append("</tr>\n");
      }
    }
    html.append("</table></div></details>\n");
  }

  private void cells(Row row, Summary nanos) {
    Latency latency = row.latency();
    Costs costs = row.costs();
    cell(row.rival().title());
    cell(Figures.number(nanos.median()));
    cell(Figures.number(nanos.low()) + ".." + Figures.number(nanos.high()));
    cell(Figures.whole(row.cpuNanos()));
    cell(Figures.number(row.persists()));
    cell(Figures.number(row.loads()));
    cell(latency == null ? NONE : Figures.nanos((double) latency.p50()));
    cell(latency == null ? NONE : Figures.nanos((double) latency.p99()));
    cell(latency == null ? NONE : Figures.nanos((double) latency.p999()));
    cell(latency == null ? NONE : Figures.nanos((double) latency.p9999()));
    cell(Figures.whole(row.allocatedBytes()));
    cell(optional(row.writtenPerUserByte()));
    cell(costs == null ? NONE : Figures.number(costs.fences()));
    cell(costs == null ? NONE : Figures.number(costs.lines()));
  }

  private static String optional(@Nullable Double value) {
    return value == null ? NONE : Figures.number(value);
  }

  private void header(List<String> titles) {
    html.append("<tr>");
    titles.forEach(title ->
        html.append(
            TEXT_COLUMNS.contains(title)
                ? Html.element("th", "text", title)
                : "<th>" + Html.text(title) + "</th>"));
    html.append("</tr>\n");
  }

  private void row(Rival rival) {
    html.append(rival == Rival.LODE ? "<tr class=\"lode\">" : "<tr>");
  }

  private void cell(String shown) {
    html.append("<td>").append(Html.text(shown)).append("</td>");
  }

  private void textCell(String shown) {
    html.append(Html.element("td", "text", shown));
  }
}
