package io.lode.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where values lie between the ends of an axis, from 0 to 1. */
record Scale(double low, double high, boolean isLinear) {
  double of(double value) {
    double part =
        isLinear
            ? (value - low) / (high - low)
            : (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low));
    return Math.clamp(part, 0, 1);
  }

  /** Returns the powers of ten on the axis, each times the given numbers. */
  List<Double> ticks(List<Integer> multiples) {
    List<Double> ticks = new ArrayList<>();
    for (double ten = Math.pow(10, Math.floor(Math.log10(low) + 1e-9));
        ten <= high * 1.001;
        ten *= 10) {
      for (int times : multiples) {
        if (ten * times >= low * 0.999 && ten * times <= high * 1.001) {
          ticks.add(ten * times);
        }
      }
    }
    return ticks;
  }

  static String fixed(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
