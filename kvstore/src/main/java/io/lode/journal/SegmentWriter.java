package io.lode.journal;

import static io.lode.journal.JournalFormat.*;
import static io.lode.pool.PoolFormat.BODY_OFFSET;
import static io.lode.pool.PoolFormat.LINE_BYTES;

import io.lode.pmem.CopyFlags;
import io.lode.pool.OpenEnd;
import io.lode.pool.PoolFormat;
import io.lode.pool.Segment;
import io.lode.pool.SegmentHeader;
import io.lode.pool.SegmentUse;
import java.util.List;
import java.util.Objects;

/**
 * The open end of one segment. A place is written once in a generation, and one group is in flight
 * at a time: it is durable before the next is begun.
 */
final class SegmentWriter {
  /** A group is whole cache lines that nobody reads soon, so it is streamed at any length. */
  private static final CopyFlags STREAMED = CopyFlags.NON_TEMPORAL;

  private final Segment segment;
  private final SegmentHeader header;
  private final long use;
  private final Summary summary;
  private long tail;
  private long lastGroup;

  private SegmentWriter(
      Segment segment, SegmentHeader header, long seed, Summary summary, long tail) {
    this.segment = segment;
    this.header = header;
    this.use = use(seed, segment.number(), header.generation());
    this.summary = summary;
    this.tail = tail;
  }

  /** Opens a segment that was just allocated. */
  static SegmentWriter fresh(Segment segment, long seed, SummaryPieces spare) {
    SegmentHeader header = Objects.requireNonNull(segment.header(), "a segment just allocated");
    return new SegmentWriter(segment, header, seed, new Summary(spare), BODY_OFFSET);
  }

  /** Resumes after the groups that the scan of an unsealed segment found. */
  static SegmentWriter resumed(SegmentScan scan, long seed) {
    Summary records = Objects.requireNonNull(scan.unsealed(), "a sealed segment takes no more");
    var writer = new SegmentWriter(scan.segment(), scan.header(), seed, records, scan.tail());
    writer.lastGroup = scan.lastGroup();
    return writer;
  }

  /** Whether a group fits, with room left for the summary of all records. */
  boolean hasRoom(GroupEncoder group) {
    long records = summary.count() + (long) group.count();
    long needed = group.groupLength() + summaryBytes(records, summary.isWideWith(group));
    return needed <= segment.lengthBytes() - tail;
  }

  /** Writes a group; it is durable on return. Returns the address of its first record. */
  long append(GroupEncoder group, long groupSequence, long epoch) {
    long position = tail;
    assert mayFollow(group, groupSequence) : this;
    group.complete(use, epoch, position, groupSequence);
    segment.copy(position, group.memory(), group.groupLength(), STREAMED);
    tail = position + group.groupLength();
    lastGroup = groupSequence;
    for (int index = 0; index < group.count(); index++) {
      summary.add(
          group.keyHash(index),
          group.sequence(index),
          position + group.recordStart(index),
          group.recordSpace(index),
          group.kind(index));
    }
    assert isTailOfSummary() && isAddressOf(position) : this;
    return segment.address(position);
  }

  // The conditions of assertions are methods: written out they make append too large for the
  // compiler to inline it where it is used.

  private boolean mayFollow(GroupEncoder group, long groupSequence) {
    return tail % LINE_BYTES == 0
        && isTailOfSummary()
        && groupSequence > lastGroup
        && groupSequence >= header.birth()
        && hasRoom(group);
  }

  private boolean isAddressOf(long position) {
    long address = segment.address(position);
    return segment.position(address) == position && segment.isOf(address);
  }

  @Override
  public String toString() {
    return "segment "
        + segment.index()
        + " of "
        + header
        + ", written to "
        + tail
        + ", last group "
        + lastGroup;
  }

  /** Whether the two notes of where the records end agree; the next scan relies on both. */
  private boolean isTailOfSummary() {
    return tail == Math.max(BODY_OFFSET, PoolFormat.roundUpToLine(summary.end()));
  }

  /** Makes the groups that a scan accepted durable: a killed process leaves them in caches only. */
  void persistAccepted() {
    segment.persistSkippingBadBlocks(BODY_OFFSET, tail - BODY_OFFSET);
  }

  /** Writes the summary; the segment is never written again in this generation. */
  SegmentScan seal() {
    assert isTailOfSummary() : tail;
    SummaryFile.write(summary, segment, use, header.generation(), tail, lastGroup);
    segment.seal(tail);
    int count = summary.count();
    long lastSequence = summary.lastSequence();
    summary.release();
    return new SegmentScan(
        segment, header, true, count, lastSequence, null, tail, lastGroup, List.of(), false);
  }

  SegmentUse writtenWith() {
    return header.use();
  }

  long birth() {
    return header.birth();
  }

  /**
   * Whether more can be written; otherwise the segment stays as it is, and is read group by group.
   * A segment without room for its summary was not written by this class.
   */
  boolean isHealthy() {
    long summaryBytes = summaryBytes(summary.count(), summary.isWide());
    return segment.isHealthy() && summaryBytes <= segment.lengthBytes() - tail;
  }

  /** Has the operating system map the rest of the segment. */
  void prefault() {
    segment.prefault(tail);
  }

  /** Where the records end now. */
  OpenEnd end() {
    return new OpenEnd(segment.index(), tail);
  }

  /** Returns the reference to this segment for the header of the one that follows it. */
  SegmentHeader.Predecessor asPredecessor() {
    return new SegmentHeader.Predecessor(segment.index(), (int) header.generation(), tail);
  }
}
