package io.lode.bench.run;

import java.util.Collection;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * The middle of some measurements of one thing, and how far they spread.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param low the first quartile: the median of the lower half
 * @param high the third quartile
 * @param count how many measurements there are
 */
public record Summary(double median, double low, double high, int count) {
  /**
   * Sums up measurements.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Summary of(Collection<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    if (sorted.isEmpty()) {
      throw new IllegalArgumentException("no measurements");
    }
    int count = sorted.size();
    int half = Math.max(1, count / 2);
    return new Summary(
        middle(sorted),
        middle(sorted.subList(0, half)),
        middle(sorted.subList(count - half, count)),
        count);
  }

  /** Returns the median of measurements, of which there is at least one. */
  public static double median(Collection<Double> values) {
    return of(values).median();
  }

  private static double middle(List<Double> sorted) {
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** Formats the quartiles. */
  public String quartiles(DoubleFunction<String> figure) {
    return figure.apply(low) + ".." + figure.apply(high);
  }

  /** Formats the median and, in parentheses, the quartiles. */
  public String spread(DoubleFunction<String> figure) {
    return figure.apply(median) + " (" + quartiles(figure) + ")";
  }
}
