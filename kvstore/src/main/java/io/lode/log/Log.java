package io.lode.log;

import static io.lode.log.LogFormat.maxRecordBytes;

import io.lode.pool.OpenEnd;
import io.lode.pool.Pool;
import io.lode.pool.SegmentHeader;
import io.lode.store.StoreException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The log of a pool: groups appended one after the other, segment by segment, in one lane or
 * several at the same time.
 *
 * <p>After any failure between a group's first byte and its return nobody knows what of it will be
 * found, so the log is poisoned: it takes no more groups until the pool is opened again.
 *
 * <p><b>Threads.</b> One thread recovers and starts the log; then each lane is its owner's.
 */
public final class Log {
  private final Pool pool;
  private final Executor background;
  private final List<Lane> lanes = new ArrayList<>();
  private final List<SegmentWriter> open = new ArrayList<>();
  private final SummaryPieces summaryPieces = new SummaryPieces();
  private final AtomicLong nextSequence = new AtomicLong(1);
  private volatile @Nullable Throwable poison;

  /**
   * Makes the log of a pool, of which nothing is known yet: {@link #recovered} every segment, then
   * {@link #start}.
   *
   * @param pool where
   * @param laneCount how many groups may be written at a time, at most {@link
   *     io.lode.pool.PoolFormat#MAX_OPEN_SEGMENTS}
   * @param background runs what no group waits for: seals full segments, prepares the next
   */
  public Log(Pool pool, int laneCount, Executor background) {
    this.pool = pool;
    this.background = background;
    for (int lane = 0; lane < laneCount; lane++) {
      lanes.add(new Lane(this, pool));
    }
  }

  /**
   * Takes up what is needed to go on after a segment.
   *
   * @param header its header
   * @param scan what was found in it
   */
  public void recovered(SegmentHeader header, SegmentScan scan) {
    long recorded = Math.max(scan.lastGroup(), scan.lastSequence());
    long sequence = Math.max(header.birth(), recorded + 1);
    nextSequence.accumulateAndGet(sequence, Math::max);
    if (!scan.sealed()) {
      open.add(SegmentWriter.resumed(pool, header, scan));
    }
  }

  /**
   * Makes everything that was recovered durable and opens the log for writing. Of several unsealed
   * segments the youngest go on, one in each lane; the others are sealed, and so is one with gaps,
   * which are forgotten by that. One with a bad block is left alone.
   *
   * @param sealAll whether to go on in none of them
   * @throws StoreException.Io if something could not be persisted
   */
  public void start(boolean sealAll) {
    nextSequence.accumulateAndGet(pool.promisedSequence() + 1, Math::max);
    if (!pool.wasClean()) {
      pool.write(() -> open.forEach(SegmentWriter::persistAccepted));
    }
    open.removeIf(writer -> !writer.isHealthy());
    open.sort(Comparator.comparingLong(SegmentWriter::birth));
    for (Lane lane : lanes) {
      if (!sealAll && !open.isEmpty()) {
        lane.resume(open.removeLast());
      }
    }
    pool.write(() -> open.forEach(SegmentWriter::seal));
    open.clear();
    openEnds().forEach(end -> background.execute(() -> pool.prefaultAfter(end)));
    prefaultNext();
  }

  /**
   * Returns how much was appended since the log was started.
   *
   * @return bytes, padding included
   */
  public long appendedBytes() {
    return lanes.stream().mapToLong(Lane::appendedBytes).sum();
  }

  /**
   * Returns how many groups may be written at a time.
   *
   * @return the number of lanes
   */
  public int laneCount() {
    return lanes.size();
  }

  /**
   * Returns a lane.
   *
   * @param index which, from 0
   * @return the lane
   */
  public Lane lane(int index) {
    return lanes.get(index);
  }

  /**
   * Appends a group; it is durable on return.
   *
   * @param lane where to; the caller holds its lock
   * @param group one record or more
   * @param sequence the version of its first record: taken while the caller had the lock
   * @return where it starts on the device, for its records to be found; -1 if this lane has no room
   *     and no segment is free
   * @throws StoreException.Poisoned if an earlier append failed, or this one did
   * @throws IllegalArgumentException if it does not even fit an empty segment
   */
  public long append(Lane lane, GroupEncoder group, long sequence) {
    requireSound();
    requireFits(group.groupLength(), group.count());
    try {
      return lane.append(group, sequence);
    } catch (Throwable failure) {
      throw poisoned(failure);
    }
  }

  /**
   * Refuses a group that not even an empty segment takes.
   *
   * @param groupBytes its length
   * @param recordCount how many records it has
   * @throws IllegalArgumentException if so
   */
  public void requireFits(long groupBytes, int recordCount) {
    long most = maxGroupBytes(recordCount);
    if (groupBytes > most) {
      throw new IllegalArgumentException(
          poolName()
              + ": "
              + groupBytes
              + " bytes do not fit an empty segment, which takes "
              + most
              + "; make the pool with larger segments");
    }
  }

  /**
   * Lets the log take no more groups.
   *
   * @param failure why
   * @return the error for the caller of the write that failed
   */
  public StoreException.Poisoned poisoned(Throwable failure) {
    poison = failure;
    return new StoreException.Poisoned(
        poolName(),
        "a write failed, so what of it is durable is not known; close the store and open it again: "
            + failure.getMessage(),
        failure);
  }

  /**
   * Makes the error of a pool without room.
   *
   * @param group what did not fit
   * @return the error
   */
  public StoreException.Full full(GroupEncoder group) {
    return new StoreException.Full(
        poolName(),
        "has no free segment for "
            + group.groupLength()
            + " bytes; make a larger pool and load it from this one");
  }

  /** Writes the summary of a full segment, now or soon. */
  void seal(SegmentWriter full) {
    background.execute(() -> {
      try {
        full.seal();
      } catch (Throwable failure) {
        poison = failure;
        throw failure;
      }
    });
  }

  /** Has the segment prepared that some lane will need, soon. */
  void prefaultNext() {
    background.execute(pool::prefaultNext);
  }

  private void requireSound() {
    Throwable earlier = poison;
    if (earlier != null) {
      throw new StoreException.Poisoned(
          poolName(),
          "takes no writes since one failed; close the store and open it again",
          earlier);
    }
  }

  private long maxGroupBytes(int recordCount) {
    return maxRecordBytes(pool.segmentBytes())
        + LogFormat.summaryBytes(1)
        - LogFormat.summaryBytes(recordCount);
  }

  /** Returns where the lanes take what they remember of a segment. */
  SummaryPieces summaryPieces() {
    return summaryPieces;
  }

  /**
   * Takes versions for the records of a group. As all atomic operations it waits for what the CPU
   * was told to fetch before.
   *
   * @param count how many
   * @return the first; they follow each other
   */
  public long takeSequences(int count) {
    return nextSequence.getAndAdd(count);
  }

  /**
   * Returns the version that the next record gets.
   *
   * @return above every version there is
   */
  public long nextSequence() {
    return nextSequence.get();
  }

  /**
   * Tells how far the records of the open segments reach. Nobody may append meanwhile.
   *
   * @return the ends
   */
  public List<OpenEnd> openEnds() {
    List<OpenEnd> ends = new ArrayList<>();
    for (Lane lane : lanes) {
      OpenEnd end = lane.end();
      if (end != null) {
        ends.add(end);
      }
    }
    return ends;
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
