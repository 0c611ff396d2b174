package io.lode.bench.locality;

import io.lode.bench.run.Figures;
import io.lode.bench.run.Html;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Lines over sizes, threads or load, on logarithmic axes. Sources differ in colour and dots, nodes
 * in dashes. The graphics have no text in them, so that they can be as narrow as the page is.
 */
final class Curves {
  static final int COLOURS = 7;
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 500;
  private static final double EDGE = 0.04;
  private static final int MOST_LABELS = 6;

  /**
   * One line.
   *
   * @param source number of the source, for its colour
   * @param rank how far the node is, for its dashes
   * @param name for who cannot see it
   * @param points x and y
   */
  record Line(int source, int rank, String name, List<double[]> points) {}

  private final String caption;
  private final List<Line> lines;
  private final DoubleFunction<String> xText;
  private final DoubleFunction<String> yText;
  private final boolean isLinear;
  private final double left;
  private final double right;
  private final double low;
  private final double high;

  Curves(
      String caption,
      List<Line> lines,
      boolean isLinear,
      DoubleFunction<String> xText,
      DoubleFunction<String> yText) {
    this.caption = caption;
    this.lines = lines;
    this.xText = xText;
    this.yText = yText;
    this.isLinear = isLinear;
    left = isLinear ? 0 : all(0).min().orElse(1);
    right = Math.max(all(0).max().orElse(1), left * 1.01 + 1e-9);
    low = Math.pow(10, Math.floor(Math.log10(all(1).min().orElse(1)) * 2 + 1e-9) / 2);
    high = Math.max(low * Math.sqrt(10), all(1).max().orElse(10) * 1.1);
  }

  private DoubleStream all(int axis) {
    return lines.stream().flatMap(line -> line.points().stream()).mapToDouble(point -> point[axis]);
  }

  String html() {
    var html = new StringBuilder("<figure class=\"curves\">\n<figcaption>");
    html.append(Html.text(caption)).append("</figcaption>\n<div class=\"plot\">\n");
    for (double tick : yTicks()) {
      html.append(
          String.format(
              Locale.ROOT,
              "<span class=\"y\" style=\"bottom:%.1f%%\">%s</span>\n",
              y(tick) * 100,
              Html.text(yText.apply(tick))));
    }
    html.append("<svg class=\"plot\" viewBox=\"0 0 1000 500\" preserveAspectRatio=\"none\"");
    html.append(" role=\"img\" aria-label=\"").append(Html.text(caption)).append("\">\n");
    yTicks()
        .forEach(tick ->
            html.append(
                String.format(
                    Locale.ROOT,
                    "<path class=\"grid\" d=\"M0 %.1fH1000\" vector-effect=\"non-scaling-stroke\"/>\n",
                    HEIGHT * (1 - y(tick)))));
    lines.forEach(line -> line(html, line));
    html.append("</svg>\n<div class=\"x\">\n");
    for (double tick : xTicks()) {
      html.append(
          String.format(
              Locale.ROOT,
              "<span style=\"left:%.1f%%\">%s</span>\n",
              x(tick) * 100,
              Html.text(xText.apply(tick))));
    }
    return html.append("</div></div></figure>\n").toString();
  }

  private void line(StringBuilder html, Line line) {
    var path = new StringBuilder();
    var dots = new StringBuilder();
    for (double[] point : line.points()) {
      String place =
          String.format(Locale.ROOT, "%.1f %.1f", x(point[0]) * WIDTH, HEIGHT * (1 - y(point[1])));
      path.append(path.isEmpty() ? "M" : "L").append(place);
      dots.append('M').append(place).append("h0");
    }
    String type = type(line.source(), line.rank());
    html.append("<g class=\"").append(type).append("\"><title>").append(Html.text(line.name()));
    html.append("</title><path class=\"line\" vector-effect=\"non-scaling-stroke\" d=\"");
    html.append(path).append("\"/><path class=\"dots\" vector-effect=\"non-scaling-stroke\" d=\"");
    html.append(dots).append("\"/></g>\n");
  }

  /** The classes of a line; the page's style knows them. */
  static String type(int source, int rank) {
    return "c" + source % COLOURS + " r" + Math.min(rank, 2);
  }

  private double x(double value) {
    double part =
        isLinear
            ? (value - left) / (right - left)
            : (Math.log(value) - Math.log(left)) / (Math.log(right) - Math.log(left));
    return EDGE + Math.clamp(part, 0, 1) * (1 - 2 * EDGE);
  }

  private double y(double value) {
    double part = (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low));
    return EDGE + Math.clamp(part, 0, 1) * (1 - 2 * EDGE);
  }

  /** Powers of ten, and what is between them where there are few. */
  private List<Double> yTicks() {
    boolean isWide = high / low > 1000;
    List<Double> ticks = new ArrayList<>();
    for (double ten = Math.pow(10, Math.floor(Math.log10(low))); ten <= high; ten *= 10) {
      for (int times : isWide ? List.of(1) : List.of(1, 2, 5)) {
        if (ten * times >= low * 0.999 && ten * times <= high) {
          ticks.add(ten * times);
        }
      }
    }
    return ticks;
  }

  private List<Double> xTicks() {
    if (isLinear) {
      return List.of(0.0, right / 2, right);
    }
    var values = new TreeSet<Double>();
    all(0).forEach(values::add);
    List<Double> ticks = new ArrayList<>();
    int step = (values.size() + MOST_LABELS - 1) / MOST_LABELS;
    int number = 0;
    for (double value : values) {
      if (number++ % step == 0) {
        ticks.add(value);
      }
    }
    return ticks;
  }

  /** Names a size for an axis. */
  static String size(double bytes) {
    return Figures.bytes(bytes);
  }
}
