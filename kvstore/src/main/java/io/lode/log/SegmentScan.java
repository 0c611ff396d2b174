package io.lode.log;

import java.util.List;

/**
 * What was found in a segment.
 *
 * @param segmentIndex which segment
 * @param sealed whether it has a valid summary
 * @param records an entry for each record: of a sealed segment readable or not
 * @param tail where its records end, from the start of the segment
 * @param lastGroup the highest group sequence, 0 if there is no group
 * @param gaps ranges that held records and no longer do; what they held is not known
 * @param tornTail whether the bytes after the tail look like a group that was never finished
 */
public record SegmentScan(
    int segmentIndex,
    boolean sealed,
    Summary records,
    long tail,
    long lastGroup,
    List<Gap> gaps,
    boolean tornTail) {

  /**
   * A damaged range of a segment.
   *
   * @param position its first byte, from the start of the segment
   * @param lengthBytes how much of it
   */
  public record Gap(long position, long lengthBytes) {}
}
