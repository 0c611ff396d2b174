package io.lode.bench.kv.load;

import io.lode.bench.run.Figures;
import java.util.List;
import java.util.Locale;

/**
 * What kind of entries a store is filled with, by how many threads it is used, and what is done.
 *
 * @param keyBytes length of each key
 * @param valueBytes length of each value
 * @param entries how many are there at first
 * @param threads how many use it
 * @param workloads what is measured; empty for recovery
 */
public record Profile(
    int keyBytes, int valueBytes, int entries, int threads, List<Workload> workloads) {
  /** Tells whether nothing but opening a store again is measured. */
  public boolean isRecovery() {
    return workloads.isEmpty();
  }

  /** Tells whether it is measured how space is used again; a pool's size decides on entries. */
  public boolean isCleaning() {
    return workloads.equals(List.of(Workload.CLEANING));
  }

  /** Returns the same entries for other threads and workloads. */
  public Profile with(int otherThreads, List<Workload> otherWorkloads) {
    return new Profile(keyBytes, valueBytes, entries, otherThreads, otherWorkloads);
  }

  /** Returns the keys and values. */
  public Dataset data() {
    return new Dataset(keyBytes, valueBytes);
  }

  /** Describes the entries in a few words. */
  public String title() {
    return String.format(
        Locale.ROOT,
        "%d B keys, %s values, %s%s",
        keyBytes,
        Figures.bytes(valueBytes),
        isCleaning() ? "" : String.format(Locale.ROOT, "%,d entries, ", entries),
        threads == 1 ? "one thread" : threads + " threads");
  }
}
