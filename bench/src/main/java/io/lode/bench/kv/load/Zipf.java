package io.lode.bench.kv.load;

import java.util.random.RandomGenerator;

/**
 * Draws from 0 to n - 1 so that rank k is drawn in proportion to 1 / (k + 1)^0.99, as YCSB's
 * benchmarks do. By inversion of the integral with rejection (W. Hörmann, G. Derflinger,
 * "Rejection-inversion to generate variates from monotone discrete distributions", 1996): exact,
 * and no table.
 */
final class Zipf {
  private static final double EXPONENT = 0.99;
  private static final double INVERSE = 1 - EXPONENT;

  private final int n;
  private final double low;
  private final double high;

  Zipf(int n) {
    this.n = n;
    this.low = integral(1.5) - 1;
    this.high = integral(n + 0.5);
  }

  /** Draws a rank; 0 is the most frequent. */
  int next(RandomGenerator random) {
    while (true) {
      double area = high + random.nextDouble() * (low - high);
      double x = inverse(area);
      int rank = (int) Math.min(n, Math.max(1, Math.round(x)));
      if (area >= integral(rank + 0.5) - Math.exp(-EXPONENT * Math.log(rank))) {
        return rank - 1;
      }
    }
  }

  private static double integral(double x) {
    return (Math.pow(x, INVERSE) - 1) / INVERSE;
  }

  private static double inverse(double area) {
    return Math.pow(Math.max(0, area * INVERSE + 1), 1 / INVERSE);
  }
}
