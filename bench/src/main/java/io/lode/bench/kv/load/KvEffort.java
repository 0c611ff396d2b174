package io.lode.bench.kv.load;

/**
 * How much is measured.
 *
 * @param rounds how often each store gets a process
 * @param warmUpMillis how long each workload runs before it is measured
 * @param sliceMillis how long a measurement takes
 * @param slices how many measurements each workload gets in a process
 * @param limitSeconds how long a process may take
 * @param cleaningBytes the size within which stores use space again
 * @param cleaningMillis how long that is measured at most, of each case
 */
public record KvEffort(
    int rounds,
    int warmUpMillis,
    int sliceMillis,
    int slices,
    int limitSeconds,
    long cleaningBytes,
    int cleaningMillis) {
  /** As much as figures for a document need. */
  public static final KvEffort FULL = new KvEffort(3, 500, 100, 5, 600, 64 << 20, 20_000);

  /** As little as shows something. */
  public static final KvEffort QUICK = new KvEffort(2, 300, 50, 3, 600, 8 << 20, 800);

  /** Returns the same effort in another number of rounds. */
  public KvEffort withRounds(int other) {
    return new KvEffort(
        other, warmUpMillis, sliceMillis, slices, limitSeconds, cleaningBytes, cleaningMillis);
  }
}
