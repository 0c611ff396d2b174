package io.lode.bench.locality;

import io.lode.bench.run.Figures;
import io.lode.bench.run.Html;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A measure as a matrix: sources by nodes, the figure in each cell, the stronger its colour the
 * more it costs. One hue, so that it can be read without telling colours apart.
 */
final class Heatmap {
  /** How many colours there are; the page's style names them. */
  static final int STEPS = 7;

  /** Less than so many times the cheapest is not worth the strongest colour. */
  private static final double LEAST_RANGE = 4;

  private static final int LEAST_LABEL_WIDTH = 60;
  private static final int CHARACTER_WIDTH = 8;
  private static final int CELL_WIDTH = 134;
  private static final int CELL_HEIGHT = 52;
  private static final int HEAD_HEIGHT = 24;
  private static final int GAP = 2;

  private final LocalityReport report;
  private final Measure measure;
  private final int labelWidth;
  private final double best;
  private final double range;
  private final StringBuilder svg = new StringBuilder();

  Heatmap(LocalityReport report, Measure measure) {
    this.report = report;
    this.measure = measure;
    double[] values =
        report.cells().stream()
            .filter(cell -> cell.measure() == measure)
            .map(Cell::headline)
            .filter(Objects::nonNull)
            .mapToDouble(Cell.Point::median)
            .sorted()
            .toArray();
    this.labelWidth =
        report.sources().stream()
            .mapToInt(source -> CHARACTER_WIDTH * (source.name().length() + 1))
            .reduce(LEAST_LABEL_WIDTH, Math::max);
    boolean isLess = measure.unit().isLessBetter();
    double low = values.length == 0 ? 1 : values[0];
    double high = values.length == 0 ? 1 : values[values.length - 1];
    this.best = isLess ? low : high;
    this.range = Math.max(LEAST_RANGE, measure.cost(isLess ? high : low, best));
  }

  String svg() {
    List<Integer> nodes = report.cpuNodes();
    int width = labelWidth + nodes.size() * CELL_WIDTH;
    int height = HEAD_HEIGHT + report.sources().size() * CELL_HEIGHT;
    svg.append("<svg class=\"heat\" width=\"").append(width).append("\" height=\"").append(height);
    svg.append("\" viewBox=\"0 0 ").append(width).append(' ').append(height);
    svg.append("\" role=\"img\" aria-label=\"").append(Html.text(measure.title()));
    svg.append(": sources by nodes\">\n");
    for (int column = 0; column < nodes.size(); column++) {
      text("axis", x(column) + CELL_WIDTH / 2.0, HEAD_HEIGHT - 8, "from node " + nodes.get(column));
    }
    for (int row = 0; row < report.sources().size(); row++) {
      TargetFacts source = report.sources().get(row);
      int y = HEAD_HEIGHT + row * CELL_HEIGHT;
      svg.append("<text class=\"label\" x=\"0\" y=\"").append(y + CELL_HEIGHT / 2 + 5);
      svg.append("\">").append(Html.text(source.name())).append("</text>\n");
      for (int column = 0; column < nodes.size(); column++) {
        cell(x(column), y, source, nodes.get(column));
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private int x(int column) {
    return labelWidth + column * CELL_WIDTH;
  }

  private void cell(int x, int y, TargetFacts source, int node) {
    Cell cell = report.cell(node, source.name(), measure).orElseThrow();
    Cell.Point point = cell.headline();
    String type = point == null ? "none" : "q" + step(point.median());
    svg.append("<g class=\"").append(type).append("\"><title>");
    svg.append(Html.text(source.name() + " from node " + node + ": " + told(cell)));
    svg.append("</title><rect x=\"").append(x).append("\" y=\"").append(y);
    svg.append("\" width=\"").append(CELL_WIDTH - GAP).append("\" height=\"");
    svg.append(CELL_HEIGHT - GAP).append("\" rx=\"3\"/>");
    double middle = x + (CELL_WIDTH - GAP) / 2.0;
    if (point == null) {
      text("small", middle, y + 29, "not possible");
    } else {
      text("value", middle, y + 20, measure.figure(point.median()));
      text("small", middle, y + 39, small(cell, source, node, point));
    }
    svg.append("</g>\n");
  }

  private String told(Cell cell) {
    Cell.Point point = cell.headline();
    if (point == null) {
      return String.valueOf(cell.unavailable());
    }
    return measure.figure(point.median())
        + String.format(Locale.ROOT, ", rounds within %.0f %%", point.spread() * 100)
        + (cell.farToNear() == null ? "" : ", far to near " + cell.farToNear().range())
        + (cell.fsdaxToDevdax() == null ? "" : ", to devdax " + cell.fsdaxToDevdax().range());
  }

  /** What stands below the figure: the ratios, or what else there is to say. */
  private static String small(Cell cell, TargetFacts source, int node, Cell.Point point) {
    String far =
        cell.farToNear() == null
            ? source.nodesByDistance().size() > 1 && source.isNear(node) ? "near" : ""
            : cell.farToNear().text() + " far";
    String device = cell.fsdaxToDevdax() == null ? "" : cell.fsdaxToDevdax().text() + " dev";
    String ratios = far + (far.isEmpty() || device.isEmpty() ? "" : ", ") + device;
    if (point.pageBytes() != null && point.pageBytes() > 0) {
      String page = Figures.bytes((double) point.pageBytes()) + "/fault";
      return ratios.isEmpty()
          ? page
          : ratios.replace(" far", "").replace(" dev", "d") + ", " + page;
    }
    if (!ratios.isEmpty()) {
      return ratios;
    }
    return point.spread() > 0.995
        ? "\u00b1>99 %"
        : String.format(Locale.ROOT, "\u00b1%.0f %%", point.spread() * 100);
  }

  private int step(double value) {
    double part = Math.log(measure.cost(value, best)) / Math.log(range);
    return (int) Math.round(Math.clamp(part, 0, 1) * (STEPS - 1));
  }

  private void text(String type, double x, double y, String shown) {
    svg.append(String.format(Locale.ROOT, "<text class=\"%s\" x=\"%.0f\" y=\"%.0f\">", type, x, y));
    svg.append(Html.text(shown)).append("</text>");
  }
}
