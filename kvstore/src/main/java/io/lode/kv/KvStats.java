package io.lode.kv;

/**
 * Sizes and counts of an open store.
 *
 * @param entries how many keys have a value
 * @param nextSequence the version that the next write gets
 * @param space what is used and free of the pool
 * @param index what finds the entries
 * @param device how the device is written
 */
public record KvStats(long entries, long nextSequence, Space space, Index index, Device device) {

  /**
   * Space in the pool.
   *
   * @param usedBytes what all records take, overwritten and deleted ones included
   * @param capacityBytes what all segments together can take
   * @param maxRecordBytes the longest record that fits a segment: 28 bytes, the key and the value
   * @param segments how many segments there are
   * @param freeSegments how many of them are free
   */
  public record Space(
      long usedBytes, long capacityBytes, long maxRecordBytes, int segments, int freeSegments) {}

  /**
   * The index in memory.
   *
   * @param bytes memory that it takes, on the heap or off it
   */
  public record Index(long bytes) {}

  /**
   * Writes to the device.
   *
   * @param remoteFlushBytes how much was flushed since the store was opened by threads that may run
   *     far from the device: 0 if writes are pinned, and where it is not known which CPUs are near
   */
  public record Device(long remoteFlushBytes) {}
}
