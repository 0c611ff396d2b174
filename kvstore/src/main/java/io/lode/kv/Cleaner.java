package io.lode.kv;

import io.lode.journal.Group;
import io.lode.journal.Journal;
import io.lode.journal.NoSegmentException;
import io.lode.journal.RecordReader;
import io.lode.journal.SegmentScan;
import io.lode.journal.SegmentScanner;
import io.lode.journal.Summary;
import io.lode.kv.index.HashIndex;
import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.pool.Segment;
import io.lode.store.StoreException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Frees segments: what is live in one is moved, with its versions, to a segment of the cleaner's
 * own, and the index is led there. A record is verified before it is moved, and durable in its new
 * place before it is gone from the old one.
 *
 * <p><b>Against writers.</b> Whether a record is live is asked without a lock. So a group of moves
 * first gets its place in the order of sequences, then waits for every write that got its own
 * before: these are visible then. Later ones get later versions, which hide what was moved. The
 * index is led to a new place under the lock of the key's stripe, if it still leads to the old one.
 *
 * <p><b>Against readers.</b> A reader that has seen the old place believes what it has read there
 * only if no segment was taken into use meanwhile ({@link Reads#find}); pins hold segments back.
 *
 * <p>Safe for concurrent use: one thread cleans at a time.
 */
final class Cleaner {
  /** Moved in one group, at most; in small segments an eighth of the body. */
  private static final long GROUP_BYTES = 64 << 10;

  private static final int PART_OF_BODY = 8;

  /** Records of a group, at most. */
  private static final int GROUP_RECORDS = 1024;

  /** Entries of a summary whose buckets are fetched at a time. */
  private static final int AHEAD = 32;

  private final Pool pool;
  private final Journal journal;
  private final HashIndex index;
  private final KeyRecords records;
  private final OldVersions oldVersions;
  private final Stripes stripes;
  private final Pins pins;
  private final Victims victims;
  private final SegmentScanner scanner;
  private final long seed;
  private final long groupBytes;

  /** Fair: a writer that waits for room takes turns with the thread that cleans. */
  private final Lock lock = new ReentrantLock(true);

  /** Segments that nothing leads to, and that somebody may still look at. */
  private final List<Retired> retired = new CopyOnWriteArrayList<>();

  /**
   * Segments with damage, and what was garbage in them then: they stay as they are, as its witness,
   * until more is.
   */
  private final Map<Segment, Long> damaged = new HashMap<>();

  /** Where the records of a group were, 0 for deletes. */
  private final long[] from = new long[GROUP_RECORDS];

  private volatile boolean ended;

  private record Retired(SegmentScan segment, long time) {}

  Cleaner(
      Pool pool, Journal journal, HashIndex index, KeyRecords records, Stripes stripes, Pins pins) {
    this.pool = pool;
    this.journal = journal;
    this.index = index;
    this.records = records;
    this.oldVersions = records.oldVersions();
    this.stripes = stripes;
    this.pins = pins;
    this.victims = new Victims(pool, journal, records.liveness());
    this.scanner = new SegmentScanner(pool);
    this.seed = pool.seed();
    this.groupBytes =
        Math.min(GROUP_BYTES, (pool.segmentBytes() - PoolFormat.BODY_OFFSET) / PART_OF_BODY);
  }

  /** Returns the lock under which a thread cleans. */
  Lock lock() {
    return lock;
  }

  /** Cleans no more; a segment that is being cleaned is left half-way. */
  void end() {
    ended = true;
  }

  /**
   * Frees what can be freed, or else cleans one segment. The caller has the lock.
   *
   * @param leastGain a segment is not cleaned for fewer bytes
   * @param evenForDeletes whether full segments are cleaned so that deletes can go
   * @return false if there was nothing to gain
   */
  boolean clean(long leastGain, boolean evenForDeletes) {
    oldVersions.closeAbandoned(stripes);
    if (ended || freeRetired()) {
      return !ended;
    }
    SegmentScan victim = victims.best(leastGain, this::isAllowed);
    if (victim == null && evenForDeletes) {
      victim = victims.oldestThatHoldsDeletes(this::isAllowed);
    }
    return victim != null && clean(victim);
  }

  private boolean isAllowed(SegmentScan segment) {
    Long left = damaged.get(segment.segment());
    return (left == null || left != records.liveness().garbageBytes(segment.segment()))
        && segment.segment().isHealthy()
        && !oldVersions.areIn(segment.segment())
        && retired.stream().noneMatch(r -> r.segment.equals(segment));
  }

  private boolean clean(SegmentScan victim) {
    try {
      if (!moveAll(victim)) {
        leave(victim.segment());
        return true;
      }
    } catch (NoSegmentException _) {
      return false;
    } catch (StoreException.Io _) {
      // Its summary was read when the pool was opened, or written since, and no longer is there.
      leave(victim.segment());
      return true;
    }
    if (ended) {
      return false;
    }
    retired.add(new Retired(victim, pins.retire()));
    freeRetired();
    return true;
  }

  private void leave(Segment segment) {
    damaged.put(segment, records.liveness().garbageBytes(segment));
  }

  private boolean freeRetired() {
    List<Retired> free =
        retired.stream()
            .filter(r -> pins.havePassed(r.time) && !oldVersions.areIn(r.segment.segment()))
            .toList();
    retired.removeAll(free);
    for (Retired segment : free) {
      journal.free(segment.segment);
      records.freed(segment.segment.segment());
      damaged.remove(segment.segment.segment());
    }
    return !free.isEmpty();
  }

  /** Returns the space that pins hold back: in segments that were cleaned, and of old versions. */
  long heldBytes() {
    return sum(retired.stream()) + garbage(oldVersions::areIn);
  }

  /** Returns the space that a pin of a user's holds back, perhaps with others. */
  long heldBytes(Pins.Pin pin) {
    if (pin.kind() != Pins.Kind.SNAPSHOT) {
      return sum(retired.stream().filter(r -> !pin.allows(r.time)));
    }
    BitSet seen = oldVersions.segmentsOf(pin, stripes);
    return sum(retired.stream().filter(r -> seen.get(r.segment.segment().index())))
        + garbage(segment -> seen.get(segment.index()));
  }

  private static long sum(Stream<Retired> held) {
    return held.mapToLong(r -> r.segment.tail() - PoolFormat.BODY_OFFSET).sum();
  }

  /** Returns the garbage in segments that were not cleaned. */
  private long garbage(Predicate<Segment> wanted) {
    return pool.segments().stream()
        .filter(segment -> wanted.test(segment) && !isHeld(segment))
        .mapToLong(records.liveness()::garbageBytes)
        .sum();
  }

  /** Moves what is live; false if something live cannot be read. */
  private boolean moveAll(SegmentScan victim) {
    Segment segment = victim.segment();
    long deletesHideNothingBelow = victims.deletesHideNothingBelow(segment);
    Summary summary = scanner.records(victim);
    var left = new Left(summary, segment, deletesHideNothingBelow);
    while (left.next < summary.count() && !ended) {
      try (Group group = journal.beginMoves(GROUP_RECORDS)) {
        makeAllVisible();
        left.addTo(group);
        if (group.count() > 0) {
          group.commit();
          publish(group);
        }
      }
    }
    return !left.damaged;
  }

  /**
   * Waits for writes that have a version and are not visible yet. What they replace is then seen to
   * be replaced, also where the entry had been staged, and need not be moved.
   */
  private void makeAllVisible() {
    for (int stripe = 0; stripe < HashIndex.STRIPES; stripe++) {
      stripes.lock(1L << stripe);
      try {
        index.drain(stripe);
      } finally {
        stripes.unlock(1L << stripe);
      }
    }
  }

  private void publish(Group group) {
    try {
      Liveness liveness = records.liveness();
      for (int number = 0; number < group.count(); number++) {
        long to = group.address(number);
        if (from[number] == 0) {
          liveness.deleted(to, group.space(number));
        } else if (move(group.keyHash(number), from[number], to)) {
          records.moved(from[number]);
        } else {
          liveness.replaced(to, group.space(number));
        }
      }
    } catch (Throwable failure) {
      throw journal.poison(failure);
    }
  }

  private boolean move(long hash, long old, long to) {
    long stripe = Stripes.maskOf(hash);
    stripes.lock(stripe);
    try {
      return index.move(hash, old, to);
    } finally {
      stripes.unlock(stripe);
    }
  }

  /** The records of a segment that were not looked at yet. */
  private final class Left {
    private final Summary summary;
    private final Segment segment;
    private final long deletesHideNothingBelow;
    private int next;
    private int fetched;
    private boolean damaged;

    Left(Summary summary, Segment segment, long deletesHideNothingBelow) {
      this.summary = summary;
      this.segment = segment;
      this.deletesHideNothingBelow = deletesHideNothingBelow;
    }

    /** Adds live records until the group is full or there are no more. */
    void addTo(Group group) {
      while (next < summary.count() && group.count() < GROUP_RECORDS) {
        fetchBuckets();
        long address = segment.address(summary.position(next));
        RecordReader record = mayBeNeeded(address) ? readNeeded(address, group) : null;
        if (record != null) {
          if (group.count() > 0 && group.lengthBytes() + record.lengthBytes() > groupBytes) {
            return;
          }
          from[group.count()] = record.kind().removes() ? 0 : address;
          group.addMoved(record, summary.hash(next));
        }
        next++;
      }
    }

    private void fetchBuckets() {
      if (next == fetched) {
        fetched = Math.min(next + AHEAD, summary.count());
        for (int entry = next; entry < fetched; entry++) {
          index.prefetch(summary.hash(entry));
        }
      }
    }

    private boolean mayBeNeeded(long address) {
      return summary.kind(next).removes()
          ? summary.sequence(next) >= deletesHideNothingBelow
          : index.holds(summary.hash(next), address);
    }

    /** Whether a record is the one that the summary speaks of: what contradicts itself is left. */
    private boolean isAsSummarized(RecordReader record) {
      return record.sequence() == summary.sequence(next)
          && record.kind() == summary.kind(next)
          && record.keyHash(seed) == summary.hash(next);
    }

    /** Returns a record that is to be moved; null if it is not, or cannot be. */
    private @Nullable RecordReader readNeeded(long address, Group group) {
      RecordReader record = records.readIfSound(address);
      if (record != null && record.kind().removes() && isHidden(record.key())) {
        return null;
      }
      // Looking for the key of a delete has read other records with the same reader.
      record = summary.kind(next).removes() ? records.readIfSound(address) : record;
      if (record == null || !isAsSummarized(record) || !group.isOlder(record)) {
        damaged = true;
        return null;
      }
      return record;
    }

    /** Whether a key has a value again: a delete of it hides nothing then. */
    private boolean isHidden(byte[] key) {
      return index.find(summary.hash(next), key) != 0;
    }
  }

  /** Whether a segment is kept as it is because of damage. The caller has the lock. */
  boolean isDamaged(Segment segment) {
    return damaged.containsKey(segment);
  }

  /** Whether a segment was cleaned and waits for pins. */
  boolean isHeld(Segment segment) {
    return retired.stream().anyMatch(r -> r.segment.segment().equals(segment));
  }
}
