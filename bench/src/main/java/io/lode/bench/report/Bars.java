package io.lode.bench.report;

import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Bars on a logarithmic axis, because what is compared differs by powers of ten; shorter is better.
 * The graphics are SVG without text, so that they can be as narrow as the page is.
 *
 * @param bars from top to bottom
 * @param label of a value on the axis
 */
public record Bars(List<Bar> bars, DoubleFunction<String> label) implements Part.Chart {
  private static final int WIDTH = 1000;
  private static final int MOST_LABELS = 5;

  /**
   * One bar.
   *
   * @param name of what it is
   * @param isOwn whether it is Lode's
   * @param values low quartile, median and high quartile, then the values of two marks, a persist
   *     and a load, where there are some; empty for a bar that could not be measured
   * @param value the median in words
   * @param note what stands below it, or in place of it
   */
  public record Bar(String name, boolean isOwn, List<Double> values, String value, String note) {}

  private record View(List<Line> lines, List<Tick> labels) {}

  private record Line(
      String name,
      boolean own,
      String note,
      String value,
      boolean measured,
      List<String> grid,
      String low,
      String width,
      String high,
      String persist,
      String load) {}

  private record Tick(String left, String text) {}

  @Override
  public Object view() {
    double[] all =
        bars.stream()
            .flatMap(bar -> bar.values().stream().skip(1))
            .mapToDouble(value -> value)
            .toArray();
    double low = Math.pow(10, Math.floor(Math.log10(DoubleStream.of(all).min().orElse(1) * 0.999)));
    double high =
        Math.pow(10, Math.ceil(Math.log10(DoubleStream.of(all).max().orElse(10) * 1.001)));
    var scale = new Scale(low, high, false);
    List<Double> ticks = scale.ticks(List.of(1));
    // Not more labels than fit a telephone.
    int step = Math.max(1, (ticks.size() + MOST_LABELS - 1) / MOST_LABELS);
    return new View(
        bars.stream().map(bar -> line(bar, scale, ticks)).toList(),
        IntStream.iterate(0, tick -> tick < ticks.size(), tick -> tick + step)
            .mapToObj(tick ->
                new Tick(
                    Scale.fixed(scale.of(ticks.get(tick)) * 100), label.apply(ticks.get(tick))))
            .toList());
  }

  private static Line line(Bar bar, Scale scale, List<Double> ticks) {
    List<String> x = bar.values().stream().map(value -> x(scale, value)).toList();
    IntFunction<String> at = index -> index < x.size() ? x.get(index) : "";
    return new Line(
        bar.name(),
        bar.isOwn(),
        bar.note(),
        bar.value(),
        !x.isEmpty(),
        ticks.stream().map(tick -> x(scale, tick)).toList(),
        at.apply(0),
        at.apply(1),
        at.apply(2),
        at.apply(3),
        at.apply(4));
  }

  private static String x(Scale scale, double value) {
    return Scale.fixed(Math.max(2, scale.of(value) * WIDTH));
  }
}
