package io.lode.journal;

import static io.lode.journal.JournalFormat.*;
import static io.lode.pool.PoolFormat.BODY_OFFSET;
import static io.lode.pool.PoolFormat.LINE_BYTES;

import io.lode.journal.SegmentScan.Gap;
import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.pool.Segment;
import io.lode.pool.SegmentHeader;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records of a segment: from its summary if it is sealed, else group by group. It works
 * on a copy on the heap, so that neither an unreadable page nor a change behind its back can hurt.
 *
 * <p>Where a group is expected and none is valid, either the log ends there or something rotted.
 * Only one group is in flight in a segment at a time, so any valid group of this generation further
 * on proves damage; every cache line up to the end is tried before the place is called the tail.
 *
 * <p>Not safe for concurrent use; its buffers are kept from segment to segment.
 */
public final class SegmentScanner {
  private static final long INCONSISTENT = -1;

  private final Pool pool;
  private final RecordReader reader;
  private byte[] summaryBuffer = new byte[0];
  private byte[] copy = new byte[0];
  private MemorySegment memory = MemorySegment.ofArray(copy);

  private int segmentIndex;
  private long generation;
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
    this.reader = new RecordReader(pool.seed());
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
    Summary.Sealed sealed = readSummary(segment, header);
    long lastSequence = sealed == null ? INCONSISTENT : lastSequence(sealed);
    if (sealed == null || lastSequence == INCONSISTENT) {
      return scanRecords(segment, header);
    }
    return new SegmentScan(
        segment,
        header,
        true,
        sealed.summary().count(),
        lastSequence,
        null,
        sealed.tail(),
        sealed.lastGroup(),
        List.of(),
        false);
  }

  /**
   * Tells of each record of a segment that was scanned. What is on the medium is not kept in memory
   * but read again.
   *
   * @param scan what was found in it
   * @return its records, of a sealed segment until the next call
   * @throws StoreException.Io if its summary cannot be read any more, or is another one
   */
  public Summary records(SegmentScan scan) {
    if (scan.unsealed() != null) {
      return scan.unsealed();
    }
    Summary.Sealed sealed = readSummary(scan.segment(), scan.header());
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

  private Summary.@Nullable Sealed readSummary(Segment segment, SegmentHeader header) {
    Summary.Sealed sealed = Summary.read(segment, pool.seed(), header.generation(), summaryBuffer);
    if (sealed != null) {
      summaryBuffer = sealed.summary().buffer();
    }
    return sealed;
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
    segmentIndex = segment.index();
    generation = header.generation();
    birth = header.birth();
    limit = length - FOOTER_BYTES;
    lastGroup = 0;
    lastEpoch = (int) header.epoch();
  }

  /** Whether a group that may stand here starts here; if so {@link #groupEnd} is where it ends. */
  private boolean isGroup(int position) {
    if (!mayStart(position) || !reader.check(position, limit, segmentIndex, generation, position)) {
      return false;
    }
    int count = reader.count();
    long group = reader.group();
    int epoch = reader.epoch();
    int next = position;
    for (int index = 0; index < count; index++) {
      if (!isMember(next, index, count, group, epoch)) {
        return false;
      }
      next += (int) padded(reader.lengthBytes());
    }
    groupEnd = (int) Math.min(limit, PoolFormat.roundUpToLine(next));
    return true;
  }

  /** Whether a group's record with an index stands here, and agrees with the first one. */
  private boolean isMember(int position, int index, int count, long group, int epoch) {
    return reader.check(position, limit, segmentIndex, generation, position)
        && reader.index() == index
        && reader.count() == count
        && reader.group() == group
        && reader.epoch() == epoch;
  }

  /** The fields that need no checksum: cheap, and the second witness beside it. */
  private boolean mayStart(int position) {
    if (limit - position < RECORD_HEADER_BYTES
        || RecordLayout.generation(copy, position) != (int) generation
        || RecordLayout.index(copy, position) != 0
        || RecordLayout.count(copy, position) == 0) {
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
      reader.check(next, limit, segmentIndex, generation, next);
      records.add(reader.keyHash(), reader.sequence(), next, reader.lengthBytes(), reader.kind());
      next += (int) padded(reader.lengthBytes());
    }
    lastGroup = reader.group();
    lastEpoch = reader.epoch();
  }

  /** Whether the line after the last group was begun in this use of the segment. */
  private boolean looksTorn(int position) {
    return limit - position >= RECORD_HEADER_BYTES
        && (RecordLayout.generation(copy, position) == (int) generation
            || (RecordLayout.group(copy, position) >= birth
                && RecordLayout.group(copy, position) <= lastGroup + MAX_GROUP_RECORDS));
  }

  /** Returns the highest version of a summary, {@link #INCONSISTENT} if it contradicts itself. */
  private static long lastSequence(Summary.Sealed sealed) {
    Summary summary = sealed.summary();
    long last = 0;
    for (int i = 0; i < summary.count(); i++) {
      long position = summary.position(i);
      boolean inside =
          position >= BODY_OFFSET && summary.paddedLength(i) <= sealed.tail() - position;
      if (!inside || !RecordKind.isKnown(summary.kindNumber(i))) {
        return INCONSISTENT;
      }
      last = Math.max(last, summary.sequence(i));
    }
    return last;
  }
}
