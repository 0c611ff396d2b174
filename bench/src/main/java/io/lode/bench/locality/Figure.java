package io.lode.bench.locality;

import org.jspecify.annotations.Nullable;

/**
 * The result of one measurement.
 *
 * @param value in the unit of the measure
 * @param besideGigabytes loaded latency: what the other threads read meanwhile, GB/s
 * @param pageBytes first touch: how much a fault mapped
 * @param told first touch: the kernel's account of the mapping
 * @param unavailable why there is none
 */
record Figure(
    double value,
    @Nullable Double besideGigabytes,
    @Nullable Long pageBytes,
    @Nullable String told,
    @Nullable String unavailable) {

  static Figure of(double value) {
    return new Figure(value, null, null, null, null);
  }

  static Figure unavailable(String reason) {
    return new Figure(Double.NaN, null, null, null, reason);
  }
}
