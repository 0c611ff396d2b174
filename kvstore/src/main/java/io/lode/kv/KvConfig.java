package io.lode.kv;

import io.lode.journal.Journal;
import io.lode.pmem.Granularity;
import io.lode.pool.PoolFormat;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a store is made and opened. Immutable; {@link #builder} starts from the defaults, {@link
 * #toBuilder} from another config.
 */
public final class KvConfig {
  private static final long DEFAULT_CAPACITY_BYTES = 256L << 20;

  private final long capacityBytes;
  private final long segmentBytes;
  private final Granularity requiredGranularity;
  private final boolean overwrite;
  private final boolean acceptLoss;
  private final int maxWriters;
  private final boolean pinning;
  private final @Nullable UUID requiredId;
  private final boolean readOnly;
  private final long maxCapacityBytes;

  private KvConfig(Builder builder) {
    this.capacityBytes = builder.capacityBytes;
    this.segmentBytes = builder.segmentBytes;
    this.requiredGranularity = builder.requiredGranularity;
    this.overwrite = builder.overwrite;
    this.acceptLoss = builder.acceptLoss;
    this.maxWriters = builder.maxWriters;
    this.pinning = builder.pinning;
    this.requiredId = builder.requiredId;
    this.readOnly = builder.readOnly;
    this.maxCapacityBytes = builder.maxCapacityBytes;
  }

  /**
   * Returns the defaults: 256 MiB, any medium, nothing overwritten, no loss accepted.
   *
   * @return a config
   */
  public static KvConfig defaults() {
    return builder().build();
  }

  /**
   * Starts from the defaults.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts from this config.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    return new Builder()
        .capacityBytes(capacityBytes)
        .segmentBytes(segmentBytes)
        .requiredGranularity(requiredGranularity)
        .overwrite(overwrite)
        .acceptLoss(acceptLoss)
        .maxWriters(maxWriters)
        .pinning(pinning)
        .requiredId(requiredId)
        .readOnly(readOnly)
        .maxCapacityBytes(maxCapacityBytes);
  }

  /**
   * Returns how large a new pool file is.
   *
   * @return bytes
   */
  public long capacityBytes() {
    return capacityBytes;
  }

  /**
   * Returns how large the segments of a new pool are.
   *
   * @return bytes, 0 to choose by its size
   */
  public long segmentBytes() {
    return segmentBytes;
  }

  /**
   * Returns the coarsest granularity that will do.
   *
   * @return the granularity
   */
  public Granularity requiredGranularity() {
    return requiredGranularity;
  }

  /**
   * Tells whether making a pool may destroy what is there.
   *
   * @return true if it may
   */
  public boolean overwrite() {
    return overwrite;
  }

  /**
   * Tells whether to open a pool of which parts are lost.
   *
   * @return true if it may be opened
   */
  public boolean acceptLoss() {
    return acceptLoss;
  }

  /**
   * Returns how many writes may be on their way to the device at a time.
   *
   * @return the count, 0 to choose by the pool's size
   */
  public int maxWriters() {
    return maxWriters;
  }

  /**
   * Returns up to which size a pool grows by itself.
   *
   * @return bytes, 0 if it does not
   */
  public long maxCapacityBytes() {
    return maxCapacityBytes;
  }

  /**
   * Tells whether the pool is only read.
   *
   * @return true if nothing is written to its medium
   */
  public boolean readOnly() {
    return readOnly;
  }

  /**
   * Tells whether writes run on the CPUs near the device only, where these are known.
   *
   * @return false if each thread writes wherever it runs
   */
  public boolean pinning() {
    return pinning;
  }

  /**
   * Returns the only pool that may be opened, see {@link Builder#requiredId}.
   *
   * @return its id, empty for any
   */
  public Optional<UUID> requiredId() {
    return Optional.ofNullable(requiredId);
  }

  /** Makes a {@link KvConfig}. Not safe for concurrent use. */
  public static final class Builder {
    private long capacityBytes = DEFAULT_CAPACITY_BYTES;
    private long segmentBytes;
    private Granularity requiredGranularity = Granularity.PAGE;
    private boolean overwrite;
    private boolean acceptLoss;
    private int maxWriters;
    private boolean pinning = true;
    private @Nullable UUID requiredId;
    private boolean readOnly;
    private long maxCapacityBytes;

    private Builder() {}

    /**
     * Sets the size of a new pool file, headers included. A device is taken whole.
     *
     * @param bytes above 0
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder capacityBytes(long bytes) {
      if (bytes <= 0) {
        throw new IllegalArgumentException(
            bytes + " bytes: the size of a pool is a number above 0");
      }
      capacityBytes = bytes;
      return this;
    }

    /**
     * Sets the size of the segments of a new pool. A record with its key is always shorter than a
     * segment; chosen by the pool's size they have 16 MiB in pools of 512 MiB to 64 GiB.
     *
     * @param bytes a multiple of 4096 from 16 KiB to 1 GiB, or 0 to choose by the pool's size
     * @return this builder
     * @throws IllegalArgumentException if it is none of these
     */
    public Builder segmentBytes(long bytes) {
      if (bytes != 0) {
        PoolFormat.requireSegmentSize(bytes);
      }
      segmentBytes = bytes;
      return this;
    }

    /**
     * Refuses media whose granularity is coarser.
     *
     * @param granularity the coarsest that will do. {@link Granularity#PAGE} accepts every medium
     *     and is as durable as any, only slower
     * @return this builder
     */
    public Builder requiredGranularity(Granularity granularity) {
      requiredGranularity = granularity;
      return this;
    }

    /**
     * Allows making a pool to destroy what is there.
     *
     * @param allowed whether it may
     * @return this builder
     */
    public Builder overwrite(boolean allowed) {
      overwrite = allowed;
      return this;
    }

    /**
     * Allows opening a pool in which some parts are damaged and their content is unknown. Records
     * in those parts are lost, and a key whose newest version was there shows an older one.
     *
     * @param accepted whether it may be opened
     * @return this builder
     */
    public Builder acceptLoss(boolean accepted) {
      acceptLoss = accepted;
      return this;
    }

    /**
     * Sets how many writes may be on their way to the device at a time, each to a segment of its
     * own. Further ones wait.
     *
     * @param count 1 to 8, or 0 to choose by the pool's size, at most 4
     * @return this builder
     * @throws IllegalArgumentException if it is none of these
     */
    public Builder maxWriters(int count) {
      if (count < 0 || count > Journal.MAX_WRITERS) {
        throw new IllegalArgumentException(
            count + " writers: 1 to " + Journal.MAX_WRITERS + ", or 0 to choose");
      }
      maxWriters = count;
      return this;
    }

    /**
     * Sets whether writes run on the CPUs near the device only, where these are known: those of
     * other threads are handed over.
     *
     * @param wanted false to let each thread write wherever it runs
     * @return this builder
     */
    public Builder pinning(boolean wanted) {
      pinning = wanted;
      return this;
    }

    /**
     * Sets the only pool that may be opened. A path is not a pool: device nodes are numbered anew
     * when devices are, and a namespace that is made again over the same bytes shows the pool that
     * it held before. Where another pool is found, opening fails with {@link
     * io.lode.store.StoreException.OtherPool}, and nothing is changed.
     *
     * @param id what {@link KvStore#id} returned, null for any; creating a pool ignores it
     * @return this
     */
    public Builder requiredId(@Nullable UUID id) {
      requiredId = id;
      return this;
    }

    /**
     * Sets that a pool is only read: nothing is written to its medium, which need not be writable.
     * Any number of processes may read it at the same time; none can write it meanwhile. A change,
     * {@link KvStore#compact} and {@link KvStore#writer} fail with {@link
     * io.lode.store.StoreException.ReadOnly}. So does opening a pool that was not closed, unless
     * {@linkplain #acceptLoss loss is accepted}: what was written last may not be durable yet.
     *
     * @param wanted whether the pool is only read; creating a pool ignores it
     * @return this builder
     */
    public Builder readOnly(boolean wanted) {
      readOnly = wanted;
      return this;
    }

    /**
     * Sets up to which size a pool on a file grows by itself: by an eighth when more than three
     * quarters of it are live, or when a write finds no room. Where it cannot, because the file
     * system has no room or because it is on a device, it stays as it is, until the store is opened
     * again; a write without room then fails with {@link io.lode.store.StoreException.Full}.
     *
     * @param bytes the size, 0 to have it not grow; it is not kept in the pool
     * @return this builder
     * @throws IllegalArgumentException if it is negative
     */
    public Builder maxCapacityBytes(long bytes) {
      if (bytes < 0) {
        throw new IllegalArgumentException("a maximum of " + bytes + " bytes: 0 or more");
      }
      maxCapacityBytes = bytes;
      return this;
    }

    /**
     * Makes the config.
     *
     * @return a config with the values set so far
     */
    public KvConfig build() {
      return new KvConfig(this);
    }
  }
}
