package io.lode.journal;

import io.lode.pool.OpenEnd;
import io.lode.pool.Pool;
import io.lode.pool.Segment;
import io.lode.pool.SegmentHeader;
import io.lode.store.Damage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads all segments of a pool and collects the damage: gaps, lost headers, and ends that were
 * promised and are not there. It writes nothing.
 */
final class JournalScan {
  private final Pool pool;
  private final List<Segment> segments;
  private final @Nullable SegmentScan[] scans;

  /** By the id of the thread: a thread that outlives the scan must not keep one. */
  private final Map<Long, SegmentScanner> scanners = new ConcurrentHashMap<>();

  private final List<Damage> damages = new ArrayList<>();
  private final List<Long> tornTails = new ArrayList<>();

  JournalScan(Pool pool) {
    this.pool = pool;
    this.segments = pool.segments();
    this.scans = new SegmentScan[segments.size()];
  }

  Recovered run(TaskRunner tasks) {
    tasks.run(scans.length, this::scan);
    for (int index = 0; index < scans.length; index++) {
      report(index);
    }
    segments.forEach(this::requirePredecessorOf);
    for (OpenEnd end : pool.device().lastOwner().openEnds()) {
      requireEnd(end, "of a pool that had been closed");
    }
    List<SegmentScan> found = Arrays.stream(scans).filter(Objects::nonNull).toList();
    if (pool.device().lastOwner().needsVerification()) {
      var records = new RecordAccess(pool);
      found.stream().filter(SegmentScan::sealed).forEach(scan -> verify(scan, records));
    }
    return new Recovered(pool, found, List.copyOf(damages), List.copyOf(tornTails), scanners);
  }

  private void scan(int index) {
    Segment segment = segments.get(index);
    SegmentHeader header = segment.header();
    if (header != null && !header.isFree()) {
      scans[index] = Recovered.scanner(scanners, pool).scan(segment, header);
    }
  }

  private void report(int index) {
    Segment segment = segments.get(index);
    SegmentScan scan = scans[index];
    if (segment.header() == null) {
      damages.add(
          new Damage(
              segment.offset(0),
              segment.lengthBytes(),
              "both headers of segment " + index + "; what it held is not known"));
    } else if (scan != null) {
      for (SegmentScan.Gap gap : scan.gaps()) {
        damages.add(
            new Damage(
                segment.offset(gap.position()),
                gap.lengthBytes(),
                "records whose keys are not known"));
      }
      if (scan.tornTail()) {
        tornTails.add(segment.offset(scan.tail()));
      }
    }
  }

  /**
   * A segment's header holds the end of the segment that it follows, and of the one that records
   * were moved to. If the records there end earlier, the end of that segment is not torn but lost,
   * and its summary with it.
   */
  private void requirePredecessorOf(Segment segment) {
    SegmentHeader follower = segment.header();
    if (follower != null) {
      require(follower.follows());
      require(follower.movedTo());
      if (follower.sealedTail() > 0) {
        requireEnd(
            new OpenEnd(segment.index(), follower.sealedTail()), "of a segment, and its summary");
      }
    }
  }

  private void require(SegmentHeader.@Nullable Predecessor follows) {
    if (follows == null || follows.segment() < 0 || follows.segment() >= scans.length) {
      return;
    }
    SegmentHeader header = segments.get(follows.segment()).header();
    if (header != null && (int) header.generation() == follows.generation()) {
      requireEnd(new OpenEnd(follows.segment(), follows.tail()), "of a segment, and its summary");
    }
  }

  private void requireEnd(OpenEnd promised, String ofWhat) {
    int index = promised.segment();
    SegmentScan scan = index >= 0 && index < scans.length ? scans[index] : null;
    if (scan == null || scan.tail() >= promised.tail()) {
      return;
    }
    long offset = scan.segment().offset(scan.tail());
    tornTails.removeIf(tail -> tail == offset);
    var lost =
        new Damage(
            offset,
            promised.tail() - scan.tail(),
            "records at the end " + ofWhat + "; their keys are not known");
    // Several headers may say so.
    if (!damages.contains(lost)) {
      damages.add(lost);
    }
  }

  /**
   * Verifies the records that a summary lists; those of open segments were verified by the scan.
   */
  private void verify(SegmentScan scan, RecordAccess records) {
    Segment segment = scan.segment();
    Summary said = Recovered.scanner(scanners, pool).records(scan);
    for (int i = 0; i < said.count(); i++) {
      long position = said.position(i);
      if (records.read(segment.address(position)) == null) {
        damages.add(
            new Damage(
                segment.offset(position),
                said.paddedLength(i),
                "a record of a device that "
                    + pool.device().lastOwner().whyVerified()
                    + ": version "
                    + said.sequence(i)));
      }
    }
  }
}
