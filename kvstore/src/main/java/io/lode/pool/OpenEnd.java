package io.lode.pool;

/**
 * Where the records of a segment end that has no summary yet.
 *
 * @param segment which segment, from 0
 * @param tail bytes from the start of the segment
 */
public record OpenEnd(int segment, long tail) {}
