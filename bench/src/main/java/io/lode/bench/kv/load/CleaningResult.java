package io.lode.bench.kv.load;

import org.jspecify.annotations.Nullable;

/**
 * What one process measured of a case. Without figures {@code problem} says why.
 *
 * @param of which case
 * @param isFull whether the store could not hold the entries within the limit
 * @param problem why there are no figures, empty if there are
 * @param updatesPerSecond of all threads together
 * @param bytesPerUserByte bytes that the store wrote for each byte of a key or value
 * @param mediumBytes length of the store's files at the end
 * @param poolsWritten bytes of keys and values that were measured, in multiples of the limit
 * @param latency of single updates, null without figures
 */
public record CleaningResult(
    CleaningCase of,
    boolean isFull,
    String problem,
    double updatesPerSecond,
    double bytesPerUserByte,
    double mediumBytes,
    double poolsWritten,
    @Nullable Latency latency) {
  static CleaningResult without(CleaningCase of, boolean isFull, String problem) {
    return new CleaningResult(of, isFull, problem, 0, 0, 0, 0, null);
  }
}
