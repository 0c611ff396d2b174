package io.lode.bench.locality;

import io.lode.bench.run.Figures;
import io.lode.bench.run.Html;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

/** A report as one page with everything in it: no script, nothing from elsewhere. */
final class LocalityPage {
  private final LocalityReport report;
  private final StringBuilder html = new StringBuilder();

  private LocalityPage(LocalityReport report) {
    this.report = report;
  }

  static String of(LocalityReport report) {
    var page = new LocalityPage(report);
    page.html.append(Html.begin(report.title(), Html.style(LocalityPage.class, "locality.css")));
    page.banners();
    page.facts();
    page.sources();
    page.verdicts();
    page.key();
    report.measures().forEach(page::measure);
    page.oracle();
    page.html.append(Html.end());
    return page.html.toString();
  }

  private void banners() {
    if (report.interrupted() != null) {
      html.append(
          Html.element(
              "p",
              "banner",
              "Partial: " + report.interrupted() + ". What is missing was not measured."));
    }
    report.sources().stream()
        .map(TargetFacts::emulated)
        .filter(Objects::nonNull)
        .distinct()
        .forEach(why -> html.append(Html.element("p", "banner", "Emulated: " + why + ".")));
  }

  private void facts() {
    html.append("<dl>\n");
    report.provenance().lines().forEach(line -> fact(line.substring(0, 9), line.substring(10)));
    for (Machine.Node node : report.machine().nodes()) {
      fact(
          "node " + node.id(),
          (node.hasCpus() ? "CPUs " + node.cpus() : "no CPUs")
              + ", "
              + Figures.bytes((double) node.memoryBytes()));
    }
    Effort effort = report.effort();
    fact("clock", "governor " + report.machine().governor());
    fact(
        "effort",
        effort.rounds()
            + (effort.rounds() == 1 ? " round of " : " rounds of ")
            + effort.millis()
            + " ms a figure, "
            + Math.round(report.seconds())
            + " s in all");
    fact("placed", "threads, as the kernel confirmed " + report.placements() + " times");
    html.append("</dl>\n");
  }

  private void fact(String name, String value) {
    html.append("<dt>").append(Html.text(name.strip())).append("</dt><dd>");
    html.append(Html.text(value.strip())).append("</dd>\n");
  }

  private void sources() {
    html.append("<h2>Sources</h2>\n<dl>\n");
    for (TargetFacts source : report.sources()) {
      fact(
          source.name(),
          source.kind().title()
              + (source.path() == null ? "" : ", " + source.path())
              + ". "
              + source.granularity()
              + " granularity by "
              + source.flushPrimitive()
              + ". Durable: survives "
              + source.durability()
              + ". Place: "
              + source.placedBy()
              + ".");
    }
    html.append("</dl>\n");
  }

  private void verdicts() {
    html.append("<h2>Verdicts</h2>\n<ul class=\"verdicts\">\n");
    for (Verdict verdict : report.verdicts()) {
      html.append("<li>").append(Html.text(verdict.text())).append(' ');
      html.append(
          Html.element(
              "span", "confidence " + verdict.confidence(), verdict.confidence() + " confidence"));
      String evidence = verdict.evidence().replace(", " + verdict.confidence() + " confidence", "");
      html.append(Html.element("span", "soft", evidence)).append("</li>\n");
    }
    html.append("</ul>\n");
  }

  /** What colours, dashes and words stand for. */
  private void key() {
    html.append(
        "<h2>How to read it</h2>\n<p class=\"soft\">Matrices: the stronger the colour, the");
    html.append(" more it costs beside the cheapest of the matrix.");
    boolean isFar = report.cpuNodes().size() > 1;
    if (isFar) {
      html.append(" <em>far</em>: times the cost from the nearest node.");
    }
    if (report.cells().stream().anyMatch(cell -> cell.fsdaxToDevdax() != null)) {
      html.append(" <em>dev</em>: times the cost of a devdax device as near.");
    }
    html.append(" \u00b1: half of what lies between the lowest and the highest round. Curves:");
    html.append(" logarithmic axes, but for the load; a colour and kind of dots for each source");
    html.append(isFar ? ", dashes for nodes that are far.</p>\n" : ".</p>\n");
    html.append("<ul class=\"legend\">\n");
    for (int number = 0; number < report.sources().size(); number++) {
      TargetFacts source = report.sources().get(number);
      for (int node : source.nodesByDistance()) {
        html.append("<li><svg class=\"swatch\" viewBox=\"0 0 40 12\"><g class=\"");
        html.append(Curves.type(number, source.rank(node)));
        html.append("\"><path class=\"line\" d=\"M2 6H38\"/><path class=\"dots\" d=\"M20 6h0\"/>");
        html.append("</g></svg>").append(Html.text(source.name()));
        html.append(report.cpuNodes().size() > 1 ? Html.text(" from node " + node) : "");
        html.append("</li>\n");
      }
    }
    html.append("</ul>\n");
  }

  private void measure(Measure measure) {
    Step step = headline(measure);
    String way = measure.unit().isLessBetter() ? "less is better" : "more is better";
    String title = Titles.ofChart(report, measure.title(), report.sources());
    html.append("<section>\n<h2>").append(Html.text(capital(title))).append("</h2>\n");
    html.append(
        Html.element("p", "soft", capital(measure.meaning()) + "; " + step.detail() + ", " + way));
    html.append("<div class=\"charts\"><div class=\"scroll\">\n");
    html.append(new Heatmap(report, measure).svg()).append("</div>\n");
    curves(measure, step);
    html.append("</div>\n");
    reasons(measure);
    details(measure);
    html.append("</section>\n");
  }

  private void curves(Measure measure, Step step) {
    if (measure == Measure.LOADED_LATENCY) {
      curve(
          measure,
          "load of the others, GB/s",
          true,
          (_, _) -> true,
          Cell.Point::besideMedian,
          value -> String.format(Locale.ROOT, "%.0f", value));
      return;
    }
    if (measure.isBySize() && report.effort().sizes().size() > 1) {
      curve(
          measure,
          "by size, " + threads(step.threads()),
          false,
          LocalityPage::isOfAll,
          Cell.Point::sizeBytes,
          Curves::size);
    }
    boolean isByThreads =
        report.cells().stream()
                .filter(cell -> cell.measure() == measure)
                .flatMap(cell -> cell.points().stream())
                .map(Cell.Point::threads)
                .distinct()
                .count()
            > 1;
    if (isByThreads) {
      curve(
          measure,
          "by threads" + (step.sizeBytes() == 0 ? "" : ", " + Figures.bytes(step.sizeBytes())),
          false,
          (_, point) -> point.sizeBytes() == step.sizeBytes(),
          Cell.Point::threads,
          Figures::number);
    }
  }

  /** Nodes can have different numbers of CPUs: the lines are of as many as their figures. */
  private static boolean isOfAll(Cell cell, Cell.Point point) {
    return cell.headline() != null && point.threads() == cell.headline().threads();
  }

  private static String threads(int count) {
    return count + (count == 1 ? " thread" : " threads");
  }

  private void curve(
      Measure measure,
      String what,
      boolean isLinear,
      BiPredicate<Cell, Cell.Point> chosen,
      ToDoubleFunction<Cell.Point> x,
      DoubleFunction<String> xText) {
    List<Curves.Line> lines = new ArrayList<>();
    for (int number = 0; number < report.sources().size(); number++) {
      TargetFacts source = report.sources().get(number);
      for (int node : source.nodesByDistance()) {
        Cell cell = report.cell(node, source.name(), measure).orElseThrow();
        List<double[]> points =
            cell.points().stream()
                .filter(point -> chosen.test(cell, point))
                .map(point -> new double[] {x.applyAsDouble(point), point.median()})
                .toList();
        if (!points.isEmpty()) {
          String name = source.name() + " from node " + node;
          lines.add(new Curves.Line(number, source.rank(node), name, points));
        }
      }
    }
    if (!lines.isEmpty()) {
      String caption = Titles.ofChart(report, measure.title() + " " + what, report.sources());
      html.append(new Curves(caption, lines, isLinear, xText, measure::figure).html());
    }
  }

  private Step headline(Measure measure) {
    int cpus =
        report.machine().nodesWithCpus().stream()
            .mapToInt(node -> node.cpuSet().size())
            .max()
            .orElse(1);
    return report.effort().headline(measure, cpus);
  }

  private void reasons(Measure measure) {
    report.cells().stream()
        .filter(cell -> cell.measure() == measure && cell.unavailable() != null)
        .map(cell -> cell.source() + ": " + cell.unavailable())
        .distinct()
        .forEach(reason -> html.append(Html.element("p", "soft", reason)));
  }

  private void details(Measure measure) {
    html.append("<details><summary>All figures</summary><div class=\"scroll\"><table>\n<tr>");
    for (String title : List.of("source", "from", "what", "median", "quartiles", "rounds")) {
      html.append("<th>").append(title).append("</th>");
    }
    html.append("</tr>\n");
    for (Cell cell : report.cells()) {
      if (cell.measure() == measure) {
        for (Cell.Point point : cell.points()) {
          html.append("<tr>");
          for (String shown :
              List.of(
                  cell.source(),
                  "node " + cell.cpuNode(),
                  point.step(measure).detail(),
                  measure.figure(point.median()),
                  measure.figure(point.summary().low())
                      + " .. "
                      + measure.figure(point.summary().high()),
                  Integer.toString(point.values().size()))) {
            html.append("<td>").append(Html.text(shown)).append("</td>");
          }
          html.append("</tr>\n");
        }
      }
    }
    html.append("</table></div></details>\n");
  }

  private void oracle() {
    if (report.oracle().isEmpty()) {
      return;
    }
    html.append("<h2>Beside a C program</h2>\n<p class=\"soft\">It shares nothing with this one");
    html.append(" and was measured in turn with it.</p>\n<div class=\"scroll\"><table>\n<tr>");
    for (String title : List.of("source", "from", "measure", "threads", "here", "C", "here/C")) {
      html.append("<th>").append(title).append("</th>");
    }
    html.append("</tr>\n");
    for (OracleRow row : report.oracle()) {
      html.append("<tr>");
      for (String shown :
          List.of(
              row.source(),
              "node " + row.cpuNode(),
              row.measure().title(),
              Integer.toString(row.threads()),
              row.measure().figure(row.ourMedian()),
              row.measure().figure(row.theirMedian()),
              String.format(Locale.ROOT, "%.2f", row.ratio()))) {
        html.append("<td>").append(Html.text(shown)).append("</td>");
      }
      html.append("</tr>\n");
    }
    html.append("</table></div>\n");
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
