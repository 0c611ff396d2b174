package io.lode.pool;

import io.lode.pmem.PmemMap;

/** Pools in maps, as tests need them. */
public final class TestPools {
  /** The smallest segment: two pages of headers, two of records. */
  public static final long SEGMENT_BYTES = PoolFormat.MIN_SEGMENT_BYTES;

  private TestPools() {}

  /** Returns what a map needs for a pool of so many small segments. */
  public static long bytes(int segments) {
    return PoolFormat.SEGMENTS_OFFSET + segments * SEGMENT_BYTES;
  }

  /** Makes a pool of small segments, whatever was there. */
  public static Pool format(PmemMap map) {
    Device.format(map, SEGMENT_BYTES, true);
    return read(map);
  }

  /** Makes a pool of small segments in the first part of a map, whatever was there. */
  public static void formatPart(PmemMap map, int segments) {
    Device.format(Device.mediumOf(map), map, bytes(segments), SEGMENT_BYTES, true);
  }

  /** Reads the pool in a map, of whose device nothing is known. */
  public static Pool read(PmemMap map) {
    return read(map, DeviceState.UNKNOWN);
  }

  /** Reads the pool in a map. */
  public static Pool read(PmemMap map, DeviceState state) {
    return Pool.of(Device.of(map, state));
  }
}
