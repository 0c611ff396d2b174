package io.lode.bench.kv;

import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.Figures;
import io.lode.bench.run.Html;
import io.lode.bench.run.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.DoubleStream;

/**
 * The bars of one workload: nanoseconds an entry, shorter is better, on a logarithmic axis because
 * the stores differ by powers of ten. The graphics are SVG without text, so that they can be as
 * narrow as the page is.
 */
final class Chart {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 20;

  private final Section section;
  private final List<Row> rows;
  private final double low;
  private final double high;

  Chart(Section section, List<Row> rows) {
    this.section = section;
    this.rows = rows;
    List<Row> measured = rows.stream().filter(row -> row.nanos() != null).toList();
    double[] values =
        measured.stream()
            .flatMapToDouble(row ->
                DoubleStream.of(
                    median(row),
                    row.rawPersistNanos() > 0 ? row.rawPersistNanos() : median(row),
                    row.loadNanos() > 0 ? row.loadNanos() : median(row)))
            .toArray();
    low = Math.pow(10, Math.floor(Math.log10(DoubleStream.of(values).min().orElse(1) * 0.999)));
    high = Math.pow(10, Math.ceil(Math.log10(DoubleStream.of(values).max().orElse(10) * 1.001)));
  }

  private static double median(Row row) {
    Summary nanos = Objects.requireNonNull(row.nanos());
    return nanos.median();
  }

  String html() {
    var html = new StringBuilder("<figure>\n");
    rows.forEach(row -> html.append(row.nanos() == null ? without(row) : with(row, row.nanos())));
    html.append(axis());
    return html.append("</figure>\n").toString();
  }

  private static String without(Row row) {
    return "<div class=\"row\">"
        + Html.element("span", "name", row.rival().title())
        + Html.element("span", "why", row.problem())
        + "</div>\n";
  }

  private String with(Row row, Summary nanos) {
    String type = row.rival() == Rival.LODE ? "row lode" : "row";
    String value =
        Figures.nanos(nanos.median()) + ", " + Figures.rate(row.entriesPerSecond()) + "/s";
    String durable = section.store(row.rival()).map(StoreFacts::durability).orElse("");
    return "<div class=\""
        + type
        + "\">"
        + Html.element("span", "name", row.rival().title())
        + svg(row, nanos, value)
        + Html.element("span", "value", value)
        + Html.element("span", "durable", durable)
        + "</div>\n";
  }

  private String svg(Row row, Summary nanos, String value) {
    var svg = new StringBuilder();
    svg.append("<svg viewBox=\"0 0 ").append(WIDTH).append(' ').append(HEIGHT);
    svg.append("\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"");
    svg.append(Html.text(row.rival().title() + ": " + value)).append("\">");
    ticks().forEach(tick -> svg.append(line("grid", position(tick), 0, HEIGHT, 1)));
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"bar\" x=\"0\" y=\"4\" width=\"%.1f\" height=\"12\"/>",
            Math.max(2, position(nanos.median()))));
    svg.append(
        String.format(
            Locale.ROOT,
            "<path class=\"spread\" d=\"M%.1f 10H%.1f\" fill=\"none\" stroke-width=\"1\""
                + " vector-effect=\"non-scaling-stroke\"/>",
            position(nanos.low()),
            position(nanos.high())));
    if (row.rawPersistNanos() > 0) {
      svg.append(line("persist", position(row.rawPersistNanos()), 1, HEIGHT - 1, 2));
      svg.append(
          line("load", position(row.loadNanos()), 1, HEIGHT - 1, 2)
              .replace("/>", " stroke-dasharray=\"3 2\"/>"));
    }
    return svg.append("</svg>").toString();
  }

  private static String line(String type, double x, int from, int to, int width) {
    return String.format(
        Locale.ROOT,
        "<path class=\"%s\" d=\"M%.1f %dV%d\" fill=\"none\" stroke-width=\"%d\""
            + " vector-effect=\"non-scaling-stroke\"/>",
        type,
        x,
        from,
        to,
        width);
  }

  private String axis() {
    var html = new StringBuilder("<div class=\"axis\"><i></i><div>");
    List<Double> ticks = ticks();
    // Not more labels than fit a telephone.
    int step = Math.max(1, (ticks.size() + 4) / 5);
    for (int tick = 0; tick < ticks.size(); tick += step) {
      html.append(
          String.format(
              Locale.ROOT,
              "<span style=\"left:%.1f%%\">",
              position(ticks.get(tick)) * 100 / WIDTH));
      html.append(Figures.nanos(ticks.get(tick))).append("</span>");
    }
    return html.append("</div><i></i></div>\n").toString();
  }

  private List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (double tick = low; tick <= high * 1.001; tick *= 10) {
      ticks.add(tick);
    }
    return ticks;
  }

  private double position(double nanos) {
    double share = (Math.log(nanos) - Math.log(low)) / (Math.log(high) - Math.log(low));
    return Math.clamp(share, 0, 1) * WIDTH;
  }
}
