package io.lode.bench.report;

import java.util.List;
import java.util.TreeSet;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Lines on logarithmic axes; x may be linear. Sources differ in colour and dots, nodes in dashes.
 * The graphics have no text in them, so that they can be as narrow as the page is.
 *
 * @param caption what is shown
 * @param lines the lines, at least one
 * @param isLinear whether x is linear, from 0
 * @param xText label of an x
 * @param yText label of a y
 */
public record Curves(
    String caption,
    List<Line> lines,
    boolean isLinear,
    DoubleFunction<String> xText,
    DoubleFunction<String> yText)
    implements Part.Chart {
  private static final int COLOURS = 7;
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 500;
  private static final double EDGE = 0.04;
  private static final int MOST_LABELS = 6;

  /**
   * One line.
   *
   * @param style its look, by {@link #style}
   * @param name for readers that cannot see it
   * @param points x and y of each
   */
  public record Line(String style, String name, List<double[]> points) {}

  private record View(String caption, List<Tick> x, List<Tick> y, List<Path> paths) {}

  private record Tick(String at, String text, String grid) {}

  private record Path(String style, String name, String line, String dots) {}

  /** The classes of a line of a source, from its nearest node (0) or a farther one. */
  public static String style(int source, int rank) {
    return "c" + source % COLOURS + " r" + Math.min(rank, 2);
  }

  @Override
  public Object view() {
    double left = isLinear ? 0 : all(0).min().orElse(1);
    var x = new Scale(left, Math.max(all(0).max().orElse(1), left * 1.01 + 1e-9), isLinear);
    double low = Math.pow(10, Math.floor(Math.log10(all(1).min().orElse(1)) * 2 + 1e-9) / 2);
    var y = new Scale(low, Math.max(low * Math.sqrt(10), all(1).max().orElse(10) * 1.1), false);
    // Powers of ten, and what is between them where there are few.
    List<Integer> multiples = y.high() / low > 1000 ? List.of(1) : List.of(1, 2, 5);
    return new View(
        caption,
        xTicks(x).stream().map(at -> new Tick(percent(x, at), xText.apply(at), "")).toList(),
        y.ticks(multiples).stream()
            .map(at -> new Tick(percent(y, at), yText.apply(at), down(y, at)))
            .toList(),
        lines.stream().map(line -> path(line, x, y)).toList());
  }

  private DoubleStream all(int axis) {
    return lines.stream().flatMap(line -> line.points().stream()).mapToDouble(point -> point[axis]);
  }

  private List<Double> xTicks(Scale x) {
    if (isLinear) {
      return List.of(0.0, x.high() / 2, x.high());
    }
    List<Double> values =
        List.copyOf(all(0).boxed().collect(Collectors.toCollection(TreeSet::new)));
    int step = (values.size() + MOST_LABELS - 1) / MOST_LABELS;
    return IntStream.range(0, values.size())
        .filter(index -> index % step == 0)
        .mapToObj(values::get)
        .toList();
  }

  private static Path path(Line line, Scale x, Scale y) {
    List<String> places =
        line.points().stream()
            .map(point -> Scale.fixed(inset(x, point[0]) * WIDTH) + " " + down(y, point[1]))
            .toList();
    return new Path(
        line.style(),
        line.name(),
        "M" + String.join("L", places),
        places.stream().map(place -> "M" + place + "h0").collect(Collectors.joining()));
  }

  private static double inset(Scale scale, double value) {
    return EDGE + scale.of(value) * (1 - 2 * EDGE);
  }

  private static String percent(Scale scale, double value) {
    return Scale.fixed(inset(scale, value) * 100);
  }

  private static String down(Scale y, double value) {
    return Scale.fixed(HEIGHT * (1 - inset(y, value)));
  }
}
