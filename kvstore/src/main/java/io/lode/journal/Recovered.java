package io.lode.journal;

import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.store.Damage;
import java.util.List;

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
  private final ThreadLocal<SegmentScanner> scanners;

  Recovered(
      Pool pool,
      List<SegmentScan> scans,
      List<Damage> damages,
      List<Long> tornTails,
      ThreadLocal<SegmentScanner> scanners) {
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
   * Tells of each record of a segment. What is on the medium is not kept in memory but read again,
   * into memory of this thread.
   *
   * @param scan one of {@link #scans}
   * @return its records, of a sealed segment until this thread's next call
   * @throws io.lode.store.StoreException.Io if its summary cannot be read any more, or is another
   *     one
   */
  public Summary records(SegmentScan scan) {
    return scanners.get().records(scan);
  }

  /** Gives back the memory into which segments were read. */
  public void forgetBuffers() {
    scanners.remove();
  }

  /**
   * Returns what is damaged beyond knowing what it held.
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
   * Returns what the records take.
   *
   * @return bytes, padding included
   */
  public long usedBytes() {
    return scans.stream().mapToLong(scan -> scan.tail() - PoolFormat.BODY_OFFSET).sum();
  }

  /** Returns the sequence that the next group gets: above every one there is. */
  long nextSequence() {
    long next = Math.max(1, pool.device().lastOwner().sequence() + 1);
    for (SegmentScan scan : scans) {
      long recorded = Math.max(scan.lastGroup(), scan.lastSequence());
      next = Math.max(next, Math.max(scan.header().birth(), recorded + 1));
    }
    return next;
  }
}
