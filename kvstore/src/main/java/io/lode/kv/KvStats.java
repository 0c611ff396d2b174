package io.lode.kv;

/**
 * Sizes and counts of an open store.
 *
 * @param entries how many keys have a value
 * @param usedBytes what all records take, overwritten and deleted ones included
 * @param capacityBytes what all segments together can take
 * @param maxRecordBytes the longest record that fits a segment: 40 bytes, the key and the value
 * @param segments how many segments there are
 * @param freeSegments how many of them are free
 * @param nextSequence the version that the next write gets
 * @param indexBytes memory that the index takes, on the heap or off it
 * @param farBytes how much was flushed since the store was opened by CPUs that are not near the
 *     device: 0 if writes are pinned, and where it is not known which are near
 */
public record KvStats(
    long entries,
    long usedBytes,
    long capacityBytes,
    long maxRecordBytes,
    int segments,
    int freeSegments,
    long nextSequence,
    long indexBytes,
    long farBytes) {}
