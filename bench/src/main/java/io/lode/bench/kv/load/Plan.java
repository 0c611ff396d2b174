package io.lode.bench.kv.load;

import io.lode.bench.kv.store.Rival;
import io.lode.bench.kv.store.Sizing;

/**
 * What one process does.
 *
 * @param rival which store
 * @param folder where its files are: a folder of its own
 * @param task what is done
 * @param profile the entries and workloads
 * @param effort how much is measured
 * @param maxWrites how many entries a workload writes at most
 * @param fenceDelayNanos what is added to each fence of Lode's
 */
public record Plan(
    Rival rival,
    String folder,
    Task task,
    Profile profile,
    KvEffort effort,
    long maxWrites,
    long fenceDelayNanos) {
  private static final long MIN_WRITES = 1_000_000;
  private static final long MAX_WRITTEN_BYTES = 512L << 20;

  /** What is done. */
  public enum Task {
    /** Fill a new store, then measure the workloads. */
    MEASURE,

    /** Overwrite entries where space has to be used again. */
    CLEAN,

    /** The same updates of Lode with so much space that none is used again. */
    APPEND,

    /** Count what the workloads cost the medium, of Lode alone. */
    COUNT,

    /** Fill a new store, tell, and wait to be killed. */
    FILL_AND_WAIT,

    /** Open the store that is there, and close it. */
    REOPEN
  }

  /** A plan that writes as much as the profile and the room for it allow. */
  public static Plan of(
      Rival rival, String folder, Task task, Profile profile, KvEffort effort, long fenceDelay) {
    long entryBytes = (long) profile.keyBytes() + profile.valueBytes();
    long maxWrites =
        Math.min(Math.max(MIN_WRITES, profile.entries()), MAX_WRITTEN_BYTES / entryBytes);
    return new Plan(rival, folder, task, profile, effort, maxWrites, fenceDelay);
  }

  /** Returns the sizes for which the store has to be made. */
  public Sizing sizing() {
    long growing = profile.workloads().stream().filter(Workload::isGrowing).count();
    long writing = profile.workloads().stream().filter(Workload::isWriting).count();
    return new Sizing(
        profile.entries() + growing * maxWrites,
        profile.keyBytes(),
        profile.valueBytes(),
        profile.entries() + writing * maxWrites,
        fenceDelayNanos);
  }
}
