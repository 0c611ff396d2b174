package io.lode.kv;

import io.lode.pmem.Granularity;
import io.lode.pool.PoolFormat;

/**
 * How a store is made and opened. Immutable; start from {@link #defaults} and change what is
 * needed.
 *
 * @param capacityBytes how large a new pool file is, headers included; a device is taken whole
 * @param segmentBytes how large the segments of a new pool are, 0 to choose by its size. A record
 *     with its key is always shorter than a segment
 * @param requiredGranularity the coarsest granularity that will do. {@link Granularity#PAGE}
 *     accepts every medium and is as durable as any, only slower
 * @param overwrite whether making a pool may destroy what is there
 * @param acceptLoss whether to open a pool of which parts are damaged beyond knowing what they
 *     held. Records in those parts are lost, and a key whose newest version was there shows an
 *     older one
 * @param maxWriters how many writes may be on their way to the device at a time, each to a segment
 *     of its own: 1 to 8, or 0 to choose by the pool's size, at most 4. Further ones wait
 * @param pinning whether writes run on the CPUs near the device only, where that is known: those of
 *     other threads are handed over
 */
public record KvConfig(
    long capacityBytes,
    long segmentBytes,
    Granularity requiredGranularity,
    boolean overwrite,
    boolean acceptLoss,
    int maxWriters,
    boolean pinning) {

  private static final long DEFAULT_CAPACITY_BYTES = 256L << 20;

  /** Checks what can be checked here. */
  public KvConfig {
    if (maxWriters < 0 || maxWriters > PoolFormat.MAX_OPEN_SEGMENTS) {
      throw new IllegalArgumentException(
          maxWriters + " writers: 1 to " + PoolFormat.MAX_OPEN_SEGMENTS + ", or 0 to choose");
    }
  }

  /**
   * Returns the defaults: 256 MiB, any medium, nothing overwritten, no loss accepted.
   *
   * @return a config
   */
  public static KvConfig defaults() {
    return new KvConfig(DEFAULT_CAPACITY_BYTES, 0, Granularity.PAGE, false, false, 0, true);
  }

  /**
   * Sets the size of a new pool file.
   *
   * @param bytes above 0
   * @return a config with it
   */
  public KvConfig withCapacity(long bytes) {
    return new KvConfig(
        bytes, segmentBytes, requiredGranularity, overwrite, acceptLoss, maxWriters, pinning);
  }

  /**
   * Sets the size of the segments of a new pool. A record has to fit one; chosen by the pool's size
   * they have 16 MiB in pools of 512 MiB to 64 GiB.
   *
   * @param bytes a multiple of 4096 from 16 KiB to 1 GiB, or 0 to choose by the pool's size
   * @return a config with it
   */
  public KvConfig withSegment(long bytes) {
    return new KvConfig(
        capacityBytes, bytes, requiredGranularity, overwrite, acceptLoss, maxWriters, pinning);
  }

  /**
   * Refuses media whose granularity is coarser.
   *
   * @param granularity the coarsest that will do
   * @return a config with it
   */
  public KvConfig withRequired(Granularity granularity) {
    return new KvConfig(
        capacityBytes, segmentBytes, granularity, overwrite, acceptLoss, maxWriters, pinning);
  }

  /**
   * Lets making a pool destroy what is there.
   *
   * @param allowed whether it may
   * @return a config with it
   */
  public KvConfig withOverwrite(boolean allowed) {
    return new KvConfig(
        capacityBytes, segmentBytes, requiredGranularity, allowed, acceptLoss, maxWriters, pinning);
  }

  /**
   * Lets a pool be opened although parts of it are lost.
   *
   * @param accepted whether it may
   * @return a config with it
   */
  public KvConfig withAcceptLoss(boolean accepted) {
    return new KvConfig(
        capacityBytes, segmentBytes, requiredGranularity, overwrite, accepted, maxWriters, pinning);
  }

  /**
   * Sets how many writes may be on their way to the device at a time.
   *
   * @param count 1 to 8, or 0 to choose
   * @return a config with it
   */
  public KvConfig withMaxWriters(int count) {
    return new KvConfig(
        capacityBytes, segmentBytes, requiredGranularity, overwrite, acceptLoss, count, pinning);
  }

  /**
   * Lets writes run on any CPU.
   *
   * @param wanted false to let each thread write wherever it runs
   * @return a config with it
   */
  public KvConfig withPinning(boolean wanted) {
    return new KvConfig(
        capacityBytes,
        segmentBytes,
        requiredGranularity,
        overwrite,
        acceptLoss,
        maxWriters,
        wanted);
  }
}
