package io.lode.journal;

import io.lode.pool.Segment;
import io.lode.pool.SegmentHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found in a segment; {@link SegmentScanner#records} tells of each record.
 *
 * @param segment which segment
 * @param header its header then
 * @param sealed whether it has a valid summary
 * @param recordCount how many records it has: of a sealed segment readable or not
 * @param lastSequence the highest version of its records, 0 if there is none
 * @param unsealed an entry for each record of a segment that is not sealed
 * @param tail where its records end, from the start of the segment
 * @param lastGroup the highest group sequence, 0 if there is no group
 * @param gaps ranges that held records and no longer do; what they held is not known
 * @param tornTail whether the bytes after the tail look like a group that was never finished
 */
public record SegmentScan(
    Segment segment,
    SegmentHeader header,
    boolean sealed,
    int recordCount,
    long lastSequence,
    @Nullable Summary unsealed,
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
