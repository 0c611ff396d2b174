package io.lode.journal;

import static io.lode.journal.JournalFormat.*;
import static io.lode.pool.PoolFormat.BODY_OFFSET;
import static io.lode.pool.PoolFormat.LINE_BYTES;

import io.lode.journal.SegmentScan.Gap;
import io.lode.pool.Checksum;
import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.pool.Segment;
import io.lode.pool.SegmentHeader;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the records of a segment: from its summary if it is sealed, else group by group. It works
 * on a copy on the heap, so neither an unreadable page nor a concurrent change of the memory can
 * mislead it.
 *
 * <p>Where a group is expected and none is valid, either the log ends there or something rotted.
 * Only one group is in flight in a segment at a time, so any valid group of this generation further
 * on proves damage; every cache line up to the end is tried before the place is called the tail.
 *
 * <p>Not safe for concurrent use; its buffers are kept from segment to segment.
 */
public final class SegmentScanner {
  private final Pool pool;
  private final RecordReader reader;
  private final SummaryFile summaries = new SummaryFile();
  private final Checksum checksum = new Checksum();
  private byte[] copy = new byte[0];
  private MemorySegment memory = MemorySegment.ofArray(copy);

  private byte[] checksums = new byte[0];

  private long use;
  private long birth;
  private int limit;
  private long lastGroup;
  private int lastEpoch;
  private int groupEnd;
  private long unreadableBytes;

  /**
   * Makes a scanner for a pool.
   *
   * @param pool where
   */
  public SegmentScanner(Pool pool) {
    this.pool = pool;
    this.reader = new RecordReader();
  }

  /**
   * Reads a segment, from its summary where there is one: whether a record can still be read is
   * then not checked.
   *
   * @param segment an allocated segment
   * @param header its header
   * @return what was found
   */
  public SegmentScan scan(Segment segment, SegmentHeader header) {
    SummaryFile.Sealed sealed = summaries.read(segment, header, useOf(segment, header));
    if (sealed == null) {
      return scanRecords(segment, header);
    }
    return new SegmentScan(
        segment,
        header,
        true,
        sealed.summary().count(),
        sealed.summary().lastSequence(),
        null,
        sealed.tail(),
        sealed.lastGroup(),
        List.of(),
        false);
  }

  /**
   * Returns an entry for each record of a segment that was scanned. A sealed segment's summary is
   * not kept in memory but read again.
   *
   * @param scan the result of scanning it
   * @return its records; those of a sealed segment are valid until the next call
   * @throws StoreException.Io if its summary cannot be read any more, or is another one
   */
  public Summary records(SegmentScan scan) {
    if (scan.unsealed() != null) {
      return scan.unsealed();
    }
    long scanned = useOf(scan.segment(), scan.header());
    SummaryFile.Sealed sealed = summaries.read(scan.segment(), scan.header(), scanned);
    if (sealed == null || sealed.summary().count() != scan.recordCount()) {
      throw new StoreException.Io(
          pool.medium().pool(),
          "the summary of segment "
              + scan.segment().index()
              + " was read once, and cannot be read again",
          null);
    }
    return sealed.summary();
  }

  private long useOf(Segment segment, SegmentHeader header) {
    return JournalFormat.use(pool.seed(), segment.number(), header.generation());
  }

  /**
   * Finds all records of a segment that are valid, whatever its summary says.
   *
   * @param segment an allocated segment
   * @param header its header
   * @return what was found
   */
  public SegmentScan scanRecords(Segment segment, SegmentHeader header) {
    load(segment, header);
    List<Gap> gaps = new ArrayList<>();
    var records = new Summary();
    int position = BODY_OFFSET;
    while (position < limit) {
      if (isGroup(position)) {
        addGroup(position, records);
        position = groupEnd;
        continue;
      }
      int next = nextGroup(position + LINE_BYTES);
      if (next < 0) {
        break;
      }
      gaps.add(new Gap(position, next - position));
      position = next;
    }
    if (unreadableBytes > 0 && gaps.isEmpty() && position < limit) {
      // What cannot be read may have held groups: that is not known to be the tail.
      gaps.add(new Gap(position, Math.min(unreadableBytes, limit - position)));
    }
    boolean torn = position < limit && looksTorn(position);
    return new SegmentScan(
        segment,
        header,
        false,
        records.count(),
        records.lastSequence(),
        records,
        position,
        lastGroup,
        gaps,
        torn);
  }

  private void load(Segment segment, SegmentHeader header) {
    int length = (int) segment.lengthBytes();
    if (copy.length < length) {
      copy = new byte[length];
      memory = MemorySegment.ofArray(copy);
      reader.use(copy);
    }
    unreadableBytes = segment.readBody(memory);
    use = useOf(segment, header);
    birth = header.birth();
    limit = length - FOOTER_BYTES;
    lastGroup = 0;
    lastEpoch = (int) header.epoch();
  }

  /** Whether a group that may stand here starts here; if so {@link #groupEnd} is where it ends. */
  private boolean isGroup(int position) {
    if (!mayStart(position) || !reader.check(position, limit, use, position)) {
      return false;
    }
    groupEnd = position + (int) padded(reader.lengthBytes());
    boolean whole = areThere(position, RecordLayout.count(copy, position));
    groupEnd = (int) Math.min(limit, PoolFormat.roundUpToLine(groupEnd));
    return whole;
  }

  /**
   * Whether the first record of a group is followed by the records that were written with it, as
   * the checksum of their checksums tells. The remains of a torn group may lie behind a later one.
   */
  private boolean areThere(int first, int count) {
    if (count > MAX_GROUP_RECORDS) {
      return false;
    }
    int length = (count - 1) * Integer.BYTES;
    if (checksums.length < length) {
      checksums = new byte[length];
    }
    for (int index = 1; index < count; index++) {
      if (!reader.check(groupEnd, limit, use, groupEnd) || RecordLayout.isFirst(copy, groupEnd)) {
        return false;
      }
      RecordLayout.copyChecksum(copy, groupEnd, checksums, index - 1);
      groupEnd += (int) padded(reader.lengthBytes());
    }
    return (RecordLayout.flags(copy, first) & FLAG_SEVERAL) == 0
        || RecordLayout.membersChecksum(copy, first) == checksum.of(checksums, 0, length);
  }

  /** Checks the fields that need no checksum: cheap, and independent evidence beside it. */
  private boolean mayStart(int position) {
    if (limit - position < SINGLE_HEADER_BYTES
        || !RecordLayout.isFirst(copy, position)
        || RecordLayout.tag(copy, position) != tag(use)) {
      return false;
    }
    int header = RecordLayout.headerBytes(RecordLayout.flags(copy, position));
    if (header == 0 || limit - position < header || RecordLayout.count(copy, position) < 1) {
      return false;
    }
    long group = RecordLayout.group(copy, position);
    int epoch = RecordLayout.epoch(copy, position);
    return group >= birth
        && group > lastGroup
        && Integer.compareUnsigned(epoch, lastEpoch) >= 0
        && Integer.compareUnsigned(epoch, (int) pool.epoch()) <= 0;
  }

  private int nextGroup(int from) {
    for (int position = from; position < limit; position += LINE_BYTES) {
      if (isGroup(position)) {
        return position;
      }
    }
    return -1;
  }

  private void addGroup(int position, Summary records) {
    int next = position;
    int count = RecordLayout.count(copy, position);
    for (int index = 0; index < count; index++) {
      reader.check(next, limit, use, next);
      long hash = reader.keyHash(pool.seed());
      int end = index == count - 1 ? groupEnd : next + (int) padded(reader.lengthBytes());
      records.add(hash, reader.sequence(), next, end - next, reader.kind());
      next = end;
    }
    lastGroup = RecordLayout.group(copy, position);
    lastEpoch = RecordLayout.epoch(copy, position);
  }

  /** Whether the line after the last group was begun in this use of the segment. */
  private boolean looksTorn(int position) {
    return limit - position >= SINGLE_HEADER_BYTES
        && (RecordLayout.tag(copy, position) == tag(use)
            || (RecordLayout.sequence(copy, position) >= birth
                && RecordLayout.sequence(copy, position) <= lastGroup + MAX_GROUP_RECORDS));
  }
}
