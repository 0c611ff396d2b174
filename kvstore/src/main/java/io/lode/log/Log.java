package io.lode.log;

import static io.lode.log.LogFormat.maxRecordBytes;

import io.lode.pool.Pool;
import io.lode.pool.SegmentHeader;
import io.lode.store.StoreException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of a pool: groups appended one after the other, segment by segment.
 *
 * <p>After any failure between a group's first byte and its return nobody knows what of it will be
 * found, so the log is poisoned: it takes no more groups until the pool is opened again.
 *
 * <p><b>Threads.</b> Not safe for concurrent use; the store's write lock guards it.
 */
public final class Log {
  private final Pool pool;
  private final SegmentScanner scanner;
  private final List<SegmentWriter> open = new ArrayList<>();
  private @Nullable SegmentWriter current;
  private long nextSequence = 1;
  private @Nullable Throwable poison;

  /**
   * Makes the log of a pool, of which nothing is known yet: {@link #recover} every segment, then
   * {@link #start}.
   *
   * @param pool where
   */
  public Log(Pool pool) {
    this.pool = pool;
    this.scanner = new SegmentScanner(pool);
  }

  /**
   * Reads a segment and takes up what it needs to go on writing it.
   *
   * @param index an allocated segment
   * @param header its header
   * @param visitor is shown the records
   * @return what was found
   */
  public SegmentScan recover(int index, SegmentHeader header, RecordVisitor visitor) {
    var summary = new Summary();
    SegmentScan scan =
        scanner.scan(
            index,
            header,
            (hash, sequence, position, length, kind) -> {
              summary.add(hash, sequence, position, length, kind);
              nextSequence = Math.max(nextSequence, sequence + 1);
              visitor.visit(hash, sequence, position, length, kind);
            });
    nextSequence = Math.max(nextSequence, Math.max(header.birth(), scan.lastGroup() + 1));
    if (!scan.sealed()) {
      open.add(SegmentWriter.resumed(pool, header, scan, summary));
    }
    return scan;
  }

  /**
   * Makes everything that was recovered durable and opens the log for writing. Of several unsealed
   * segments the youngest goes on; the others are sealed, and so is one with gaps, which are
   * forgotten by that.
   *
   * @param sealAll whether to go on in none of them
   * @throws StoreException.Io if something could not be persisted
   */
  public void start(boolean sealAll) {
    if (!pool.wasClean()) {
      pool.write(() -> open.forEach(SegmentWriter::persistAccepted));
    }
    open.sort(Comparator.comparingLong(SegmentWriter::birth));
    if (!sealAll && !open.isEmpty()) {
      current = open.removeLast();
    }
    pool.write(() -> open.forEach(SegmentWriter::seal));
    open.clear();
  }

  /**
   * Appends a group; it is durable on return.
   *
   * @param group one record or more
   * @return where it starts on the device, and its sequence
   * @throws StoreException.Full if the pool has no room for it; nothing was written
   * @throws StoreException.Poisoned if an earlier append failed, or this one did
   * @throws IllegalArgumentException if it does not even fit an empty segment
   */
  public Appended append(GroupEncoder group) {
    if (poison != null) {
      throw new StoreException.Poisoned(
          poolName(),
          "takes no writes since one failed; close the store and open it again",
          poison);
    }
    if (group.groupLength() > maxGroupBytes(group.count())) {
      throw new IllegalArgumentException(
          poolName()
              + ": "
              + group.groupLength()
              + " bytes do not fit an empty segment, which takes "
              + maxGroupBytes(group.count())
              + "; make the pool with larger segments");
    }
    long sequence = nextSequence;
    try {
      SegmentWriter writer = writerFor(group);
      long offset = writer.append(group, sequence);
      nextSequence = sequence + group.count();
      return new Appended(offset, sequence);
    } catch (StoreException.Full full) {
      throw full;
    } catch (Throwable failure) {
      poison = failure;
      throw new StoreException.Poisoned(
          poolName(),
          "a write failed, so what of it is durable is not known; close the store and open it again: "
              + failure.getMessage(),
          failure);
    }
  }

  /**
   * Where a group is.
   *
   * @param deviceOffset its first byte, from the start of the device
   * @param sequence the version of its first record; the others count on from there
   */
  public record Appended(long deviceOffset, long sequence) {}

  private SegmentWriter writerFor(GroupEncoder group) {
    SegmentWriter writer = current;
    if (writer != null && writer.hasRoom(group.groupLength(), group.count())) {
      return writer;
    }
    int index = pool.allocate(nextSequence);
    SegmentHeader header = index < 0 ? null : pool.segment(index);
    if (header == null) {
      throw new StoreException.Full(
          poolName(),
          "has no free segment for "
              + group.groupLength()
              + " bytes; make a larger pool and load it from this one");
    }
    if (writer != null) {
      writer.seal();
    }
    SegmentWriter fresh = SegmentWriter.fresh(pool, index, header);
    current = fresh;
    return fresh;
  }

  private long maxGroupBytes(int recordCount) {
    return maxRecordBytes(pool.segmentBytes())
        + LogFormat.summaryBytes(1)
        - LogFormat.summaryBytes(recordCount);
  }

  /**
   * Returns the version that the next record gets.
   *
   * @return above every version there is
   */
  public long nextSequence() {
    return nextSequence;
  }

  /**
   * Tells whether an append failed, so that no more are taken.
   *
   * @return true until the pool is opened again
   */
  public boolean isPoisoned() {
    return poison != null;
  }

  private String poolName() {
    return pool.medium().pool();
  }
}
