package io.lode.bench.kv.load;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one process measured of one workload. Without {@code nanos} it could not be measured, and
 * {@code unavailable} says why.
 *
 * @param workload what was done
 * @param unavailable why it could not be, empty if it could
 * @param nanos wall-clock nanoseconds an entry, all threads together, of each slice
 * @param cpuNanos processor nanoseconds of the clients an entry
 * @param allocatedBytes heap bytes that the clients allocated an entry
 * @param writtenBytes bytes that the process handed to write calls an entry; a store that writes
 *     through mapped memory has none
 * @param latency of single calls, null for what takes long anyway
 * @param rawPersistNanos nanoseconds that a persist of the same bytes takes, for each entry
 * @param rawPersistLatency of such persists, one by one; null where calls are not timed
 * @param loadNanos nanoseconds of a random load that depends on the one before, over as much memory
 */
public record Measurement(
    Workload workload,
    String unavailable,
    List<Double> nanos,
    double cpuNanos,
    double allocatedBytes,
    double writtenBytes,
    @Nullable Latency latency,
    double rawPersistNanos,
    @Nullable Latency rawPersistLatency,
    double loadNanos) {
  static Measurement unavailable(Workload workload, String why) {
    return new Measurement(workload, why, List.of(), 0, 0, 0, null, 0, null, 0);
  }
}
