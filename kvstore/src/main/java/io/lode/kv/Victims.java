package io.lode.kv;

import io.lode.journal.Journal;
import io.lode.journal.SegmentScan;
import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.pool.Segment;
import io.lode.pool.SegmentHeader;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the segment that is cleaned next: by benefit and cost, as Rosenblum and Ousterhout's
 * log-structured file system does (SOSP 1991). What is gained counts the more the older a segment
 * is: of a young one more will be garbage soon. By the root of its age: in proportion to it old
 * segments are cleaned before much can be gained.
 *
 * <p>A delete is needed while an older record of its key may lie somewhere. A segment holds nothing
 * that is older than its birth and still hidden by a later delete: so a delete may go once all
 * other segments were born after it. Where that is all that can be gained, the oldest segments are
 * cleaned even if they are full, so that what is in them is born anew.
 *
 * <p>One thread's at a time.
 */
final class Victims {
  private final Pool pool;
  private final Journal journal;
  private final Liveness liveness;

  /** The lowest birth of a segment that is in use, whose it is, and the lowest of all others. */
  private long oldestBirth;

  private @Nullable Segment oldest;
  private long secondBirth;

  Victims(Pool pool, Journal journal, Liveness liveness) {
    this.pool = pool;
    this.journal = journal;
    this.liveness = liveness;
  }

  /**
   * Chooses a segment.
   *
   * @param leastGain how many bytes are to be gained, at the least
   * @param allowed whether a segment may be taken
   * @return null if none gives as much
   */
  @Nullable SegmentScan best(long leastGain, Predicate<SegmentScan> allowed) {
    findOldest();
    SegmentScan best = null;
    double bestScore = 0;
    long now = journal.nextSequence();
    for (SegmentScan candidate : journal.sealedSegments()) {
      long gain = gain(candidate);
      if (gain >= leastGain && allowed.test(candidate)) {
        double cost = 2.0 * usedBytes(candidate) - gain;
        double age = Math.max(1, now - Math.max(candidate.lastGroup(), candidate.lastSequence()));
        double score = gain / cost * Math.sqrt(age);
        if (gain == usedBytes(candidate)) {
          return candidate;
        }
        if (score > bestScore) {
          best = candidate;
          bestScore = score;
        }
      }
    }
    return best;
  }

  /**
   * Chooses the oldest segment if that lets deletes go which lie in younger ones.
   *
   * @param allowed whether a segment may be taken
   * @return null if no delete waits for it; the journal's own segments are sealed first
   */
  @Nullable SegmentScan oldestThatHoldsDeletes(Predicate<SegmentScan> allowed) {
    findOldest();
    Segment first = oldest;
    if (first == null || !deletesWait()) {
      return null;
    }
    journal.retireOpenSegments(oldestBirth);
    for (SegmentScan candidate : journal.sealedSegments()) {
      if (candidate.segment().index() == first.index()) {
        return allowed.test(candidate) ? candidate : null;
      }
    }
    return null;
  }

  private boolean deletesWait() {
    return journal.sealedSegments().stream()
        .anyMatch(other -> liveness.deleteBytes(other.segment()) > 0 && !mayDeletesGo(other));
  }

  private long gain(SegmentScan candidate) {
    Segment segment = candidate.segment();
    return liveness.garbageBytes(segment)
        + (mayDeletesGo(candidate) ? liveness.deleteBytes(segment) : 0);
  }

  private boolean mayDeletesGo(SegmentScan candidate) {
    return candidate.lastSequence() < othersBirth(candidate.segment());
  }

  private static long usedBytes(SegmentScan segment) {
    return segment.tail() - PoolFormat.BODY_OFFSET;
  }

  /**
   * Returns the sequence below which deletes in a segment hide nothing in any other.
   *
   * @param segment which segment, in use
   * @return the lowest birth of all others in use
   */
  long deletesHideNothingBelow(Segment segment) {
    findOldest();
    return othersBirth(segment);
  }

  private long othersBirth(Segment segment) {
    Segment first = oldest;
    return first != null && first.index() == segment.index() ? secondBirth : oldestBirth;
  }

  private void findOldest() {
    oldestBirth = Long.MAX_VALUE;
    secondBirth = Long.MAX_VALUE;
    oldest = null;
    for (Segment segment : pool.segments()) {
      SegmentHeader header = segment.header();
      if (header == null || !header.isFree()) {
        // What a segment without a header holds is not known.
        long birth = header == null ? 0 : header.birth();
        if (birth < oldestBirth) {
          secondBirth = oldestBirth;
          oldestBirth = birth;
          oldest = segment;
        } else {
          secondBirth = Math.min(secondBirth, birth);
        }
      }
    }
  }
}
