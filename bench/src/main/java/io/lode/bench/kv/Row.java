package io.lode.bench.kv;

import io.lode.bench.kv.load.Costs;
import io.lode.bench.kv.load.Latency;
import io.lode.bench.kv.load.Workload;
import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.Summary;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One workload on one store: what all rounds found together, or why there is nothing.
 *
 * @param workload what was done; null for recovery
 * @param what what was done, in words
 * @param rival the store
 * @param problem why there are no figures, empty if there are
 * @param nanos nanoseconds per entry, null without figures
 * @param entriesPerSecond the inverse of the median
 * @param cpuNanos processor time of the clients per entry
 * @param rawPersistNanos a persist of the same bytes, beside it
 * @param rawPersistLatency of such persists, one by one
 * @param loadNanos a dependent random load over as much memory, beside it
 * @param persists the median as a multiple of the persist
 * @param loads the median as a multiple of the load
 * @param allocatedBytes heap bytes per entry
 * @param writtenPerUserByte bytes written for each byte of a key or value: flushed lines where they
 *     are counted, else the arguments of write calls; null for what is not seen
 * @param costs fences and lines, where they are counted
 * @param latency of single calls, the median of the rounds
 */
public record Row(
    @Nullable Workload workload,
    String what,
    Rival rival,
    String problem,
    @Nullable Summary nanos,
    double entriesPerSecond,
    double cpuNanos,
    double rawPersistNanos,
    @Nullable Latency rawPersistLatency,
    double loadNanos,
    double persists,
    double loads,
    double allocatedBytes,
    @Nullable Double writtenPerUserByte,
    @Nullable Costs costs,
    @Nullable Latency latency) {
  static Row without(@Nullable Workload workload, String what, Rival rival, String problem) {
    return new Row(
        workload, what, rival, problem, null, 0, 0, 0, null, 0, 0, 0, 0, null, null, null);
  }

  boolean isMeasured() {
    return nanos != null;
  }

  /** Returns the figures of a row that was measured. */
  Summary figures() {
    return Objects.requireNonNull(nanos, problem);
  }

  double median() {
    return figures().median();
  }
}
