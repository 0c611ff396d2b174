package io.lode.bench.kv;

import io.lode.bench.kv.load.CleaningCase;
import io.lode.bench.kv.load.Latency;
import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.Figures;
import org.jspecify.annotations.Nullable;

/**
 * Updates of one store that has to use space again, the median of all rounds, or why there are no
 * figures.
 *
 * @param rival the store
 * @param fill how much of what segments have for records is live, 0 to 1
 * @param distribution how keys are drawn: uniform or zipf 0.99
 * @param cleans false for the same updates of Lode in a pool so large that nothing is cleaned
 * @param full whether the store could not hold the entries within the limit
 * @param problem why there are no figures, empty if there are
 * @param updatesPerSecond of all threads together
 * @param bytesPerUserByte bytes that the store wrote for each byte of a key or value
 * @param mediumBytes length of its files at the end
 * @param p999Nanos 99.9 % of the updates took at most this long
 * @param poolsWritten bytes of keys and values that were measured, in multiples of the limit
 * @param latency of single updates, null without figures
 */
public record CleaningRow(
    Rival rival,
    double fill,
    String distribution,
    boolean cleans,
    boolean full,
    String problem,
    double updatesPerSecond,
    double bytesPerUserByte,
    double mediumBytes,
    long p999Nanos,
    double poolsWritten,
    @Nullable Latency latency) {
  static CleaningRow without(Rival rival, CleaningCase of, boolean isFull, String problem) {
    return new CleaningRow(
        rival,
        of.fill(),
        of.distribution(),
        of.isReclaiming(),
        isFull,
        problem,
        0,
        0,
        0,
        0,
        0,
        null);
  }

  boolean isMeasured() {
    return problem.isEmpty();
  }

  String kind() {
    return "cleaning at " + Figures.whole(100 * fill) + " % full, " + distribution;
  }

  String store() {
    return rival.title() + (cleans ? "" : ", without cleaning");
  }

  String what() {
    return kind() + ", " + store();
  }
}
