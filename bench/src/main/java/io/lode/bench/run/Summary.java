package io.lode.bench.run;

import java.util.Arrays;
import java.util.Collection;

/**
 * The middle of some measurements of one thing, and how far they spread.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param low the first quartile: a quarter of the measurements is below
 * @param high the third quartile
 * @param count how many measurements there are
 */
public record Summary(double median, double low, double high, int count) {
  /**
   * Sums up measurements.
   *
   * @param values at least one
   * @return their summary
   */
  public static Summary of(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return of(sorted);
  }

  private static Summary of(double... sorted) {
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no measurements");
    }
    int half = sorted.length / 2;
    double[] lower = sorted.length == 1 ? sorted : Arrays.copyOf(sorted, half);
    double[] upper =
        sorted.length == 1
            ? sorted
            : Arrays.copyOfRange(sorted, sorted.length - half, sorted.length);
    return new Summary(middle(sorted), middle(lower), middle(upper), sorted.length);
  }

  private static double middle(double... sorted) {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /**
   * Returns this summary in another unit.
   *
   * @param factor how many new units one old unit is
   * @return the new summary
   */
  public Summary times(double factor) {
    return new Summary(median * factor, low * factor, high * factor, count);
  }
}
