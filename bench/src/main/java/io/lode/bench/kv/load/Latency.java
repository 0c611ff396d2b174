package io.lode.bench.kv.load;

import org.HdrHistogram.Histogram;

/**
 * How long single calls took, in nanoseconds, corrected for coordinated omission: as seen by a
 * client that calls on time, at half of the measured rate, and waits when a call before is late.
 *
 * @param p50 half of the calls took at most this long
 * @param p99 99 % did
 * @param p999 99.9 % did
 * @param p9999 99.99 % did
 * @param max all did
 * @param calls how many were timed
 */
public record Latency(long p50, long p99, long p999, long p9999, long max, long calls) {
  static Latency of(Histogram timed) {
    return new Latency(
        timed.getValueAtPercentile(50),
        timed.getValueAtPercentile(99),
        timed.getValueAtPercentile(99.9),
        timed.getValueAtPercentile(99.99),
        timed.getMaxValue(),
        timed.getTotalCount());
  }
}
