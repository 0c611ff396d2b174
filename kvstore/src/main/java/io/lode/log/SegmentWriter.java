package io.lode.log;

import static io.lode.log.LogFormat.*;
import static io.lode.pool.PoolFormat.BODY_OFFSET;

import io.lode.pmem.CopyFlags;
import io.lode.pool.OpenEnd;
import io.lode.pool.Pool;
import io.lode.pool.SegmentHeader;
import java.util.Objects;

/**
 * The open end of one segment. A place is written once in a generation, and one group is in flight
 * at a time: it is durable before the next is begun.
 */
final class SegmentWriter {
  /**
   * A group is whole cache lines that nobody reads soon, so it is streamed at any length: at 200
   * bytes that takes 119 ns where storing and writing back takes 190.
   */
  private static final CopyFlags STREAMED = CopyFlags.NON_TEMPORAL;

  private final Pool pool;
  private final int segmentIndex;
  private final SegmentHeader header;
  private final Summary summary;
  private long tail;
  private long lastGroup;

  private SegmentWriter(
      Pool pool, int segmentIndex, SegmentHeader header, Summary summary, long tail) {
    this.pool = pool;
    this.segmentIndex = segmentIndex;
    this.header = header;
    this.summary = summary;
    this.tail = tail;
  }

  /** Opens a segment that was just allocated. */
  static SegmentWriter fresh(
      Pool pool, int segmentIndex, SegmentHeader header, SummaryPieces spare) {
    return new SegmentWriter(pool, segmentIndex, header, new Summary(spare), BODY_OFFSET);
  }

  /** Goes on after the groups that a scan of an unsealed segment found. */
  static SegmentWriter resumed(Pool pool, SegmentHeader header, SegmentScan scan) {
    Summary records = Objects.requireNonNull(scan.unsealed(), "a sealed segment takes no more");
    var writer = new SegmentWriter(pool, scan.segmentIndex(), header, records, scan.tail());
    writer.lastGroup = scan.lastGroup();
    return writer;
  }

  /** Whether a group fits, with room left for the summary of all records. */
  boolean hasRoom(long groupBytes, int recordCount) {
    long needed = groupBytes + summaryBytes(summary.count() + (long) recordCount);
    return needed <= pool.segmentBytes() - tail;
  }

  /** Writes a group; it is durable on return. Returns where it starts on the device. */
  long append(GroupEncoder group, long groupSequence) {
    long position = tail;
    long deviceOffset = pool.segmentOffset(segmentIndex) + position;
    group.complete(segmentIndex, header.generation(), pool.epoch(), position, groupSequence);
    pool.map().copy(deviceOffset, group.memory(), 0, group.groupLength(), STREAMED);
    tail = position + group.groupLength();
    lastGroup = groupSequence;
    for (int index = 0; index < group.count(); index++) {
      summary.add(
          group.keyHash(index),
          groupSequence + index,
          position + group.recordStart(index),
          group.recordLength(index),
          group.kind(index));
    }
    return deviceOffset;
  }

  /** Makes what a scan accepted durable: a killed process leaves it in caches only. */
  void persistAccepted() {
    pool.persistSkippingBadBlocks(
        pool.segmentOffset(segmentIndex) + BODY_OFFSET, tail - BODY_OFFSET);
  }

  /** Writes the summary; the segment is never written again in this generation. */
  void seal() {
    summary.writeTo(pool, segmentIndex, header.generation(), tail, lastGroup);
  }

  long birth() {
    return header.birth();
  }

  /** Whether more can be written; else the segment stays as it is, and is read group by group. */
  boolean isHealthy() {
    return pool.isHealthy(segmentIndex);
  }

  /** Where the records end now. */
  OpenEnd end() {
    return new OpenEnd(segmentIndex, tail);
  }

  /** What a segment says that goes on for this one. */
  SegmentHeader.Predecessor asPredecessor() {
    return new SegmentHeader.Predecessor(segmentIndex, (int) header.generation(), tail);
  }
}
