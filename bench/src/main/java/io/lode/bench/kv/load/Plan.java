package io.lode.bench.kv.load;

import io.lode.bench.kv.store.Rival;
import io.lode.bench.kv.store.Sizing;
import java.util.List;

/**
 * What one process does.
 *
 * @param rival which store
 * @param folder where its files are: a folder of its own
 * @param keyBytes length of each key
 * @param valueBytes length of each value
 * @param entries how many there are before anything is measured
 * @param threads how many use the store
 * @param task what is done
 * @param workloads what is measured, in this order
 * @param warmUpMillis how long a workload runs before it is measured
 * @param sliceMillis how long a measurement takes
 * @param slices how many measurements each workload gets
 * @param maxWrites how many entries a workload writes at most
 * @param fenceDelayNanos what is added to each fence of Lode's
 */
public record Plan(
    Rival rival,
    String folder,
    int keyBytes,
    int valueBytes,
    int entries,
    int threads,
    Task task,
    List<Workload> workloads,
    int warmUpMillis,
    int sliceMillis,
    int slices,
    long maxWrites,
    long fenceDelayNanos) {
  /** What is done. */
  public enum Task {
    /** Fill a new store, then measure the workloads. */
    MEASURE,

    /** Count what the workloads cost the medium, of Lode alone. */
    COUNT,

    /** Fill a new store, tell, and wait to be killed. */
    FILL_AND_WAIT,

    /** Open the store that is there, and close it. */
    REOPEN
  }

  /**
   * Returns the entries.
   *
   * @return their keys and values
   */
  public Dataset data() {
    return new Dataset(keyBytes, valueBytes);
  }

  /**
   * Returns what the store has to be made for.
   *
   * @return its sizes
   */
  public Sizing sizing() {
    long growing = workloads.stream().filter(Workload::isGrowing).count();
    long writing = workloads.stream().filter(Workload::isWriting).count();
    return new Sizing(
        entries + growing * maxWrites,
        keyBytes,
        valueBytes,
        entries + writing * maxWrites,
        fenceDelayNanos);
  }

  /**
   * Returns the plan for another task in the same folder.
   *
   * @param other what is to be done
   * @return that plan
   */
  public Plan with(Task other) {
    return new Plan(
        rival,
        folder,
        keyBytes,
        valueBytes,
        entries,
        threads,
        other,
        workloads,
        warmUpMillis,
        sliceMillis,
        slices,
        maxWrites,
        fenceDelayNanos);
  }
}
