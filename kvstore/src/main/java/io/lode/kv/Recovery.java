package io.lode.kv;

import io.lode.kv.index.HashIndex;
import io.lode.log.Log;
import io.lode.log.SegmentScan;
import io.lode.log.SegmentScanner;
import io.lode.log.Summary;
import io.lode.pool.OpenEnd;
import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.pool.SegmentHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds what is in memory from what is on the medium: reads every segment, keeps the newest
 * version of each key, and gathers what is damaged. It writes nothing.
 */
final class Recovery {
  private final Pool pool;
  private final Log log;
  private final Records records;
  private final Workers workers;
  private final @Nullable SegmentScan[] scans;
  private final ThreadLocal<SegmentScanner> scanners;
  private final List<Damage> damages = new ArrayList<>();
  private final List<Long> tornTails = new ArrayList<>();
  private int segments;
  private int sealedSegments;
  private long usedBytes;

  Recovery(Pool pool, Log log, Records records, Workers workers) {
    this.pool = pool;
    this.log = log;
    this.records = records;
    this.workers = workers;
    this.scans = new SegmentScan[pool.segmentCount()];
    this.scanners = ThreadLocal.withInitial(() -> new SegmentScanner(pool));
  }

  /** Reads all segments into the index. */
  RecoveryReport run(HashIndex index) {
    long start = System.nanoTime();
    workers.run(scans.length, this::scan);
    for (int segment = 0; segment < scans.length; segment++) {
      report(segment);
    }
    for (int segment = 0; segment < scans.length; segment++) {
      requirePredecessorOf(segment);
    }
    for (OpenEnd end : pool.promisedEnds()) {
      requireEnd(end, "of a pool that had been closed");
    }
    List<SegmentScan> found = scans();
    if (pool.isDoubtful()) {
      found.forEach(this::verify);
    }
    long entries = found.stream().mapToLong(SegmentScan::recordCount).sum();
    new IndexBuilder(pool, workers, scanners::get, records::areOfOneKey, entries)
        .fill(index, found);
    scanners.remove();
    return new RecoveryReport(
        pool.wasClean(),
        index.size(),
        segments,
        sealedSegments,
        List.copyOf(damages),
        List.copyOf(tornTails),
        pool.isDoubtful(),
        System.nanoTime() - start);
  }

  /** What was found in the segments that hold something. */
  List<SegmentScan> scans() {
    return Arrays.stream(scans).filter(Objects::nonNull).toList();
  }

  long usedBytes() {
    return usedBytes;
  }

  private void scan(int segment) {
    SegmentHeader header = pool.segment(segment);
    if (header != null && !header.isFree()) {
      scans[segment] = scanners.get().scan(segment, header);
    }
  }

  private void report(int segment) {
    SegmentHeader header = pool.segment(segment);
    SegmentScan scan = scans[segment];
    long base = pool.segmentOffset(segment);
    if (header == null) {
      damages.add(
          new Damage(
              base,
              pool.segmentBytes(),
              "both headers of segment " + segment + "; what it held is not known"));
      return;
    }
    if (scan == null) {
      return;
    }
    log.recovered(header, scan);
    segments++;
    sealedSegments += scan.sealed() ? 1 : 0;
    usedBytes += scan.tail() - PoolFormat.BODY_OFFSET;
    for (SegmentScan.Gap gap : scan.gaps()) {
      damages.add(
          new Damage(base + gap.position(), gap.lengthBytes(), "records whose keys are not known"));
    }
    if (scan.tornTail()) {
      tornTails.add(base + scan.tail());
    }
  }

  /**
   * A segment notes how far the one went that it follows: where that one's records end earlier, its
   * end is not torn but lost, and its summary with it.
   */
  private void requirePredecessorOf(int segment) {
    SegmentHeader follower = pool.segment(segment);
    SegmentHeader.Predecessor follows = follower == null ? null : follower.follows();
    if (follows == null || follows.segment() < 0 || follows.segment() >= scans.length) {
      return;
    }
    SegmentHeader header = pool.segment(follows.segment());
    if (header != null && (int) header.generation() == follows.generation()) {
      requireEnd(new OpenEnd(follows.segment(), follows.tail()), "of a segment, and its summary");
    }
  }

  /** What a summary speaks of must be there: open segments were read record by record. */
  private void verify(SegmentScan scan) {
    Summary said = scanners.get().records(scan);
    long base = pool.segmentOffset(scan.segmentIndex());
    for (int i = 0; i < said.count(); i++) {
      if (scan.sealed() && records.read(base + said.position(i)) == null) {
        damages.add(
            new Damage(
                base + said.position(i),
                said.paddedLength(i),
                "a record of a device that was not shut down safely: version " + said.sequence(i)));
      }
    }
  }

  private void requireEnd(OpenEnd promised, String ofWhat) {
    int segment = promised.segment();
    SegmentScan scan = segment >= 0 && segment < scans.length ? scans[segment] : null;
    if (scan == null || scan.tail() >= promised.tail()) {
      return;
    }
    long offset = pool.segmentOffset(segment) + scan.tail();
    tornTails.removeIf(tail -> tail == offset);
    damages.add(
        new Damage(
            offset,
            promised.tail() - scan.tail(),
            "records at the end " + ofWhat + "; their keys are not known"));
  }
}
