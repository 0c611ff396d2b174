package io.lode.kv;

/**
 * Sizes and counts of an open store.
 *
 * @param entries how many keys have a value
 * @param nextSequence the version that the next write gets
 * @param space used and free space in the pool
 * @param index the index in memory
 * @param device writes to the device
 */
public record KvStats(long entries, long nextSequence, Space space, Index index, Device device) {

  /**
   * Space in the pool.
   *
   * @param usedBytes the space that all records take, including overwritten and deleted ones
   * @param capacityBytes the space that all segments have for records
   * @param maxRecordBytes the longest record that fits a segment: 28 bytes, the key and the value
   * @param segments how many segments there are
   * @param freeSegments how many of them are free
   */
  public record Space(
      long usedBytes, long capacityBytes, long maxRecordBytes, int segments, int freeSegments) {}

  /**
   * The index in memory.
   *
   * @param bytes its size, on the heap or off it
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
