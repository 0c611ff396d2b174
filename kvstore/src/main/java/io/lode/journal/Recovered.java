package io.lode.journal;

import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.store.Damage;
import java.util.List;
import java.util.Map;

/**
 * What {@link Journal#read} found in a pool. Nothing was written for it: {@link Journal#resume}
 * goes on from here, a check stops here.
 *
 * <p>Safe for concurrent use.
 */
public final class Recovered {
  private final Pool pool;
  private final List<SegmentScan> scans;
  private final List<Damage> damages;
  private final List<Long> tornTails;
  private final Map<Long, SegmentScanner> scanners;

  Recovered(
      Pool pool,
      List<SegmentScan> scans,
      List<Damage> damages,
      List<Long> tornTails,
      Map<Long, SegmentScanner> scanners) {
    this.pool = pool;
    this.scans = scans;
    this.damages = damages;
    this.tornTails = tornTails;
    this.scanners = scanners;
  }

  /**
   * Returns the pool that was read.
   *
   * @return the pool
   */
  public Pool pool() {
    return pool;
  }

  /**
   * Returns the segments that hold something.
   *
   * @return in the order of their addresses
   */
  public List<SegmentScan> scans() {
    return scans;
  }

  /**
   * Returns an entry for each record of a segment. A sealed segment's summary is not kept in memory
   * but read again, into a buffer of the calling thread.
   *
   * @param scan one of {@link #scans}
   * @return its records; those of a sealed segment are valid until this thread's next call
   * @throws io.lode.store.StoreException.Io if its summary cannot be read any more, or is another
   *     one
   */
  public Summary records(SegmentScan scan) {
    return scanner(scanners, pool).records(scan);
  }

  /** Returns the calling thread's scanner of those that are kept by the id of their thread. */
  static SegmentScanner scanner(Map<Long, SegmentScanner> scanners, Pool pool) {
    return scanners.computeIfAbsent(
        Thread.currentThread().threadId(), _ -> new SegmentScanner(pool));
  }

  /** Releases all threads' buffers for reading segments: each has the size of a segment. */
  public void forgetBuffers() {
    scanners.clear();
  }

  /**
   * Returns the ranges whose content is lost and unknown.
   *
   * @return the ranges, empty if nothing is lost
   */
  public List<Damage> damages() {
    return damages;
  }

  /**
   * Returns where groups were in flight when the last owner ended.
   *
   * @return offsets on the device
   */
  public List<Long> tornTails() {
    return tornTails;
  }

  /**
   * Returns how many segments were read from their summary.
   *
   * @return the count
   */
  public int sealedCount() {
    return (int) scans.stream().filter(SegmentScan::sealed).count();
  }

  /**
   * Returns how many records there are, readable or not.
   *
   * @return the count
   */
  public long recordCount() {
    return scans.stream().mapToLong(SegmentScan::recordCount).sum();
  }

  /**
   * Returns the space that the records take.
   *
   * @return bytes, padding included
   */
  public long usedBytes() {
    return scans.stream().mapToLong(scan -> scan.tail() - PoolFormat.BODY_OFFSET).sum();
  }

  /** Returns the sequence of the next group, above every sequence in the pool. */
  long nextSequence() {
    long next = Math.max(1, pool.device().lastOwner().sequence() + 1);
    for (SegmentScan scan : scans) {
      long recorded = Math.max(scan.lastGroup(), scan.lastSequence());
      next = Math.max(next, Math.max(scan.header().birth(), recorded + 1));
    }
    return next;
  }
}
