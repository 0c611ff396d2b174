package io.lode.kv;

import io.lode.journal.Journal;
import io.lode.journal.JournalFormat;
import io.lode.journal.NoSegmentException;
import io.lode.pool.OpenEnd;
import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.pool.Segment;
import io.lode.pool.SegmentHeader;
import io.lode.pool.SegmentUse;
import io.lode.store.StoreException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps room for writes: has segments cleaned in the background before the free ones run out, and
 * by the writer itself where that is too late or there is no thread. Safe for concurrent use.
 */
final class Space {
  /** In the background a segment is cleaned when that gains one part in this many. */
  private static final int BACKGROUND_PART = 16;

  /** When a writer waits for room, or somebody asks for it. */
  private static final int LEAST_PART = 64;

  /** Free segments wanted beside those in reserve: at least this many, */
  private static final int LEAST_WANTED = 2;

  /** and one for so many of the pool. */
  private static final int SEGMENTS_OF_ONE = 256;

  /** So old leases and snapshots become before a writer no longer waits for what they hold back. */
  private static final long PINS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long HAS_ROOM = -1;

  private final Pool pool;
  private final Journal journal;
  private final Liveness liveness;
  private final Cleaner cleaner;
  private final Pins pins;
  private final Workers thread;
  private final boolean hasThread;
  private final Growth growth;
  private final long startNanos = System.nanoTime();
  private final long liveAtStart;
  private final AtomicBoolean scheduled = new AtomicBoolean();

  Space(
      Pool pool,
      Journal journal,
      Liveness liveness,
      Cleaner cleaner,
      Pins pins,
      Growth growth,
      Workers thread,
      boolean hasThread) {
    this.pool = pool;
    this.journal = journal;
    this.liveness = liveness;
    this.cleaner = cleaner;
    this.pins = pins;
    this.growth = growth;
    this.thread = thread;
    this.hasThread = hasThread;
    this.liveAtStart = liveBytes();
    journal.whenSegmentTaken(this::segmentTaken);
  }

  private void segmentTaken() {
    if (hasThread && isScarce() && scheduled.compareAndSet(false, true)) {
      try {
        thread.execute(this::cleanInBackground);
      } catch (RuntimeException | Error _) {
        // The store is being closed, or there can be no thread: writers clean when they must.
        scheduled.set(false);
      }
    }
  }

  private boolean isScarce() {
    int wanted =
        pool.allocator().reservedFrom(SegmentUse.WRITES)
            + LEAST_WANTED
            + pool.segments().size() / SEGMENTS_OF_ONE;
    return pool.allocator().freeCount() < wanted;
  }

  /** Whether cleaning costs so much that a pool that may grow does so first. */
  private boolean isNearlyFull() {
    return liveBytes() > capacityBytes() / 4 * 3;
  }

  private void cleanInBackground() {
    scheduled.set(false);
    boolean goesOn = true;
    while (goesOn && isScarce()) {
      Lock lock = cleaner.lock();
      lock.lock();
      try {
        goesOn =
            (isNearlyFull() && growth.byItself())
                || cleaner.clean(part(BACKGROUND_PART), deletesAbound());
      } catch (StoreException _) {
        // The journal is poisoned, which the next write tells.
        goesOn = false;
      } finally {
        lock.unlock();
      }
    }
  }

  /** Whether a sixteenth of what is used are deletes. */
  private boolean deletesAbound() {
    return liveness.deleteBytes() > journal.usedBytes() / BACKGROUND_PART;
  }

  private long part(int partOfSegment) {
    return (pool.segmentBytes() - PoolFormat.BODY_OFFSET) / partOfSegment;
  }

  /**
   * Has segments cleaned until there is one for a write that found none. If all that could be
   * gained is held back by pins, waits for these until one is a second old. The caller holds no
   * lock.
   *
   * @throws StoreException.Full if nothing can be gained any more
   */
  void makeRoom(NoSegmentException refused) {
    SegmentUse use = refused.onlyRemoves() ? SegmentUse.DELETES : SegmentUse.WRITES;
    for (long held = clean(use); held != HAS_ROOM; held = clean(use)) {
      long left = PINS_NANOS - oldestPin().toNanos();
      if (held == 0 || left <= 0) {
        throw full(refused, held);
      }
      pins.awaitChange(left);
    }
  }

  private Duration oldestPin() {
    return pins.ofUsers().stream().findFirst().map(Pins.Pin::age).orElse(Duration.ZERO);
  }

  /** Cleans until there is room; else returns how many bytes pins hold back of what was cleaned. */
  private long clean(SegmentUse use) {
    Lock lock = cleaner.lock();
    lock.lock();
    try {
      while (pool.allocator().freeCount() <= pool.allocator().reservedFrom(use)) {
        // A segment that is full but not sealed yet may be what there is to gain.
        boolean isSealing = journal.isSealing();
        boolean gains =
            (isNearlyFull() && growth.byItself())
                || cleaner.clean(part(LEAST_PART), true)
                || (isSealing && journal.awaitSealed())
                || growth.byItself();
        if (!gains) {
          return cleaner.heldBytes();
        }
      }
      return HAS_ROOM;
    } finally {
      lock.unlock();
    }
  }

  private StoreException.Full full(NoSegmentException refused, long held) {
    return new StoreException.Full(
        pool.medium().pool(),
        "has no free segment for "
            + refused.groupBytes()
            + " bytes: of "
            + capacityBytes()
            + " bytes "
            + liveBytes()
            + " are live and "
            + (liveness.garbageBytes() + liveness.deleteBytes())
            + " garbage, the rest is in reserve for deletes and cleaning or at the ends of segments"
            + (held == 0
                ? ""
                : ", and "
                    + held
                    + " are held back by "
                    + pins.ofUsers().size()
                    + " leases, snapshots or iterators, the oldest for "
                    + oldestPin().toSeconds()
                    + " s")
            + "; delete entries, or copy them to a larger pool");
  }

  /**
   * Cleans all segments that are worth it.
   *
   * @return how many bytes more are free
   */
  long compact() {
    long before = pool.allocator().freeCount();
    // Each is cleaned once, and once more where deletes could not go at first.
    int most = 2 * pool.segments().size();
    boolean goesOn = true;
    for (int cleaned = 0; goesOn && cleaned < most; cleaned++) {
      Lock lock = cleaner.lock();
      lock.lock();
      try {
        goesOn = cleaner.clean(part(LEAST_PART), liveness.deleteBytes() > part(LEAST_PART));
      } finally {
        lock.unlock();
      }
    }
    return (pool.allocator().freeCount() - before) * pool.segmentBytes();
  }

  /** Returns what segments have for records. */
  long capacityBytes() {
    return pool.segments().size() * (pool.segmentBytes() - PoolFormat.BODY_OFFSET);
  }

  /** Returns the space of live records. */
  long liveBytes() {
    return Math.max(0, journal.usedBytes() - liveness.garbageBytes() - liveness.deleteBytes());
  }

  KvStats.Space stats() {
    int free = pool.allocator().freeCount();
    int reserved = pool.allocator().reservedFrom(SegmentUse.WRITES);
    long body = pool.segmentBytes() - PoolFormat.BODY_OFFSET;
    long live = liveBytes();
    long garbage = liveness.garbageBytes() + liveness.deleteBytes();
    long room = Math.max(0, free - reserved) * body + garbage;
    return new KvStats.Space(
        capacityBytes(),
        live,
        garbage,
        cleaner.heldBytes(),
        journal.usedBytes(),
        journal.writtenBytes(),
        journal.movedBytes(),
        room,
        untilFull(live, room),
        JournalFormat.maxRecordBytes(pool.segmentBytes()),
        pool.segments().size(),
        free,
        pool.sizeBytes(),
        pool.device().availableBytes(),
        growth.limitBytes());
  }

  /** Returns what holds space back, oldest first. */
  List<KvStats.Pin> pins() {
    return pins.ofUsers().stream()
        .map(pin ->
            new KvStats.Pin(
                pin.kind() == Pins.Kind.SNAPSHOT
                    ? KvStats.Pin.Kind.SNAPSHOT
                    : KvStats.Pin.Kind.LEASE,
                pin.age(),
                cleaner.heldBytes(pin)))
        .toList();
  }

  /** Goes on as it went since the store was opened. */
  private Optional<Duration> untilFull(long live, long room) {
    long grown = live - liveAtStart;
    if (grown <= 0) {
      return Optional.empty();
    }
    double nanos = (double) room / grown * (System.nanoTime() - startNanos);
    return Optional.of(Duration.ofNanos((long) Math.min(nanos, Long.MAX_VALUE)));
  }

  /** Returns what each segment is used for. */
  List<KvStats.Segment> segments() {
    Lock lock = cleaner.lock();
    lock.lock();
    try {
      Map<Integer, Long> tails = new HashMap<>();
      journal.sealedSegments().forEach(s -> tails.put(s.segment().index(), s.tail()));
      Set<Integer> open = new HashSet<>();
      for (OpenEnd end : journal.openEnds()) {
        tails.put(end.segment(), end.tail());
        open.add(end.segment());
      }
      return pool.segments().stream()
          .map(segment -> describe(segment, tails.get(segment.index()), open))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  private KvStats.Segment describe(Segment segment, @Nullable Long tail, Set<Integer> open) {
    long used = tail == null || segment.isFree() ? 0 : tail - PoolFormat.BODY_OFFSET;
    long lost = liveness.garbageBytes(segment) + liveness.deleteBytes(segment);
    SegmentHeader header = segment.header();
    return new KvStats.Segment(
        segment.index(),
        stateOf(segment, tail, open),
        pool.segmentBytes() - PoolFormat.BODY_OFFSET,
        used,
        Math.max(0, used - lost),
        header == null || header.isFree() ? 0 : journal.nextSequence() - header.birth());
  }

  private KvStats.Segment.State stateOf(Segment segment, @Nullable Long tail, Set<Integer> open) {
    if (segment.isFree()) {
      return segment.isHealthy() ? KvStats.Segment.State.FREE : KvStats.Segment.State.DAMAGED;
    }
    if (tail == null || cleaner.isDamaged(segment)) {
      return KvStats.Segment.State.DAMAGED;
    }
    if (cleaner.isHeld(segment)) {
      return KvStats.Segment.State.HELD;
    }
    return open.contains(segment.index()) ? KvStats.Segment.State.OPEN : KvStats.Segment.State.FULL;
  }

  /** Cleans no more, after the group that is being moved. */
  void close() {
    cleaner.end();
    thread.close();
  }
}
