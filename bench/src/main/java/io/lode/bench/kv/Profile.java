package io.lode.bench.kv;

import io.lode.bench.kv.load.Workload;
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
  /**
   * Tells whether it is about opening a store again.
   *
   * @return true if nothing else is measured
   */
  public boolean isRecovery() {
    return workloads.isEmpty();
  }

  /**
   * Describes the entries.
   *
   * @return a few words
   */
  public String title() {
    return keyBytes
        + " B keys, "
        + Figures.bytes(valueBytes)
        + " values, "
        + String.format(Locale.ROOT, "%,d", entries)
        + " entries, "
        + (threads == 1 ? "one thread" : threads + " threads");
  }
}
