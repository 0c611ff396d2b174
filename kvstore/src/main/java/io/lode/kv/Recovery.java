package io.lode.kv;

import io.lode.kv.index.HashIndex;
import io.lode.log.Log;
import io.lode.log.SegmentScan;
import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.pool.SegmentHeader;
import java.util.ArrayList;
import java.util.List;

/**
 * Rebuilds what is in memory from what is on the medium: reads every segment, keeps the newest
 * version of each key, and gathers what is damaged. It writes nothing.
 */
final class Recovery {
  private final Pool pool;
  private final Log log;
  private final VersionTable versions;
  private final List<Damage> damages = new ArrayList<>();
  private final List<Long> tornTails = new ArrayList<>();
  private final List<OpenEnd> openEnds = new ArrayList<>();
  private final List<Long> births = new ArrayList<>();
  private int segments;
  private int sealedSegments;
  private long usedBytes;

  Recovery(Pool pool, Log log, Records records) {
    this.pool = pool;
    this.log = log;
    this.versions = new VersionTable(records::areOfOneKey);
  }

  /**
   * The end of a segment without a summary.
   *
   * @param birth the store's sequence when the segment was allocated
   * @param next the sequence after the last one found in it
   * @param offset where its records end on the device
   */
  private record OpenEnd(long birth, long next, long offset) {}

  /** Reads all segments into the index. */
  RecoveryReport run(HashIndex index) {
    long start = System.nanoTime();
    for (int segment = 0; segment < pool.segmentCount(); segment++) {
      SegmentHeader header = pool.segment(segment);
      if (header == null) {
        damages.add(
            new Damage(
                pool.segmentOffset(segment),
                pool.segmentBytes(),
                "both headers of segment " + segment + "; what it held is not known"));
      } else if (!header.isFree()) {
        recover(segment, header);
      }
    }
    checkOpenEnds();
    checkPromise();
    versions.forEachLive(index::add);
    return new RecoveryReport(
        pool.wasClean(),
        index.size(),
        segments,
        sealedSegments,
        List.copyOf(damages),
        List.copyOf(tornTails),
        System.nanoTime() - start);
  }

  long usedBytes() {
    return usedBytes;
  }

  private void recover(int segment, SegmentHeader header) {
    long base = pool.segmentOffset(segment);
    long[] next = {header.birth()};
    SegmentScan scan =
        log.recover(
            segment,
            header,
            (hash, sequence, position, length, kind) -> {
              next[0] = Math.max(next[0], sequence + 1);
              versions.add(hash, sequence, base + position, kind);
            });
    segments++;
    births.add(header.birth());
    if (scan.sealed()) {
      sealedSegments++;
    } else {
      openEnds.add(new OpenEnd(header.birth(), next[0], base + scan.tail()));
    }
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
   * A segment is allocated when the one before it is full, and notes the sequence then: where that
   * one's records end earlier, its end is not torn but lost, and its summary with it.
   */
  private void checkOpenEnds() {
    for (OpenEnd end : openEnds) {
      long reached =
          births.stream().filter(birth -> birth > end.birth()).min(Long::compare).orElse(0L);
      if (end.next() < reached) {
        tornTails.removeIf(tail -> tail == end.offset());
        damages.add(
            new Damage(
                end.offset(),
                PoolFormat.LINE_BYTES,
                (reached - end.next())
                    + " records at the end of a segment and its summary; their keys are not known"));
      }
    }
  }

  /** A pool that was closed says how far it went: less than that is not a torn tail but damage. */
  private void checkPromise() {
    long found = log.nextSequence() - 1;
    long promised = pool.promisedSequence();
    if (found < promised) {
      long offset = tornTails.isEmpty() ? pool.segmentOffset(0) : tornTails.getLast();
      tornTails.clear();
      damages.add(
          new Damage(
              offset,
              PoolFormat.LINE_BYTES,
              "the last "
                  + (promised - found)
                  + " records of a pool that had been closed; their keys are not known"));
    }
  }
}
