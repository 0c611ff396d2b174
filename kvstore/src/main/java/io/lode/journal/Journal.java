package io.lode.journal;

import io.lode.pool.OpenEnd;
import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.pool.SegmentUse;
import io.lode.store.StoreException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The journal of a pool: groups of records, appended one after the other, segment by segment, by
 * one appender or several at the same time.
 *
 * <pre>
 *   Recovered found = Journal.read(pool, tasks);        // writes nothing
 *   Journal journal = Journal.resume(found, …);         // owns the pool
 *   try (Group group = journal.begin(1)) {
 *     group.add(RecordKind.PUT, key, value, hash);
 *     long address = group.commit();                    // durable
 *   }
 * </pre>
 *
 * <p>After a failure between a group's first byte and the return of its commit it is unknown which
 * part of the group a scan will find. The journal is then poisoned: it takes no more groups until
 * the pool is opened again.
 *
 * <p><b>Threads.</b> Safe for concurrent use once resumed; closing is one thread's.
 */
public final class Journal {
  /** Half of a pool's open segments; the rest is reserved for moves, deletes and what will come. */
  public static final int MAX_WRITERS = PoolFormat.MAX_OPEN_SEGMENTS / 2;

  /** To write a summary takes some milliseconds, on a slow disk perhaps a hundred. */
  private static final long SEALING_NANOS = 1_000_000_000;

  /** A power of two. Threads whose numbers agree modulo this share an entry. */
  private static final int REMEMBERED_THREADS = 64;

  private final Pool pool;
  private final Executor background;

  /** The writers' appenders, then those of moves and of deletes without room. */
  private final Appender[] appenders;

  private final int writers;
  private final Appender mover;
  private final Appender remover;
  private final SealedSegments sealed;

  /** Of a journal that is only viewed, the ends of the segments that an owner would resume. */
  private final List<OpenEnd> unsealed = new ArrayList<>();

  private final SummaryPieces summaryPieces = new SummaryPieces();
  private final AtomicLong nextSequence;
  private final long recoveredBytes;
  private volatile @Nullable Throwable poison;
  private volatile Runnable whenSegmentTaken = () -> {};

  /**
   * The appender that each thread took last, by the thread's number. All threads begin with the
   * first appender until two of them collide, so a single thread fills one segment. No lock: any
   * appender is correct.
   */
  private final byte[] appenderOfThread = new byte[REMEMBERED_THREADS];

  private Journal(Recovered recovered, int appenderCount, Executor background) {
    this.pool = recovered.pool();
    this.background = background;
    this.nextSequence = new AtomicLong(recovered.nextSequence());
    this.recoveredBytes = recovered.usedBytes();
    assert appenderCount > 0 && appenderCount <= MAX_WRITERS : appenderCount;
    this.sealed = new SealedSegments();
    this.writers = appenderCount;
    this.mover = new Appender(this, pool, SegmentUse.MOVES);
    this.remover = new Appender(this, pool, SegmentUse.DELETES);
    this.appenders = new Appender[appenderCount + 2];
    for (int number = 0; number < appenderCount; number++) {
      appenders[number] = new Appender(this, pool, SegmentUse.WRITES);
    }
    appenders[appenderCount] = mover;
    appenders[appenderCount + 1] = remover;
  }

  /**
   * Reads all segments of a pool; writes nothing.
   *
   * @param pool where
   * @param tasks runs the reading of segments
   * @return the result of the scan
   */
  public static Recovered read(Pool pool, TaskRunner tasks) {
    return new JournalScan(pool).run(tasks);
  }

  /**
   * Makes the caller the owner of the pool, makes everything that was recovered durable, and opens
   * the journal for appending. Each appender resumes one of the youngest unsealed segments; the
   * others are sealed. Sealing a segment with gaps forgets the gaps. One with a bad block is left
   * alone.
   *
   * @param recovered the result of {@link #read}
   * @param appenderCount how many groups may be written at a time, at most {@link #MAX_WRITERS}
   * @param background runs the tasks that no group waits for: sealing full segments and preparing
   *     the next ones
   * @param sealAll whether to resume none of the segments
   * @return the journal
   * @throws StoreException.Io if something could not be persisted
   */
  public static Journal resume(
      Recovered recovered, int appenderCount, Executor background, boolean sealAll) {
    recovered.pool().own();
    var journal = new Journal(recovered, appenderCount, background);
    journal.start(recovered, sealAll);
    return journal;
  }

  /**
   * Opens a journal that nothing is appended to: it writes nothing and owns nothing, and must not
   * be told to begin a group, free a segment, or {@linkplain #end end}.
   *
   * @param recovered the result of {@link #read}
   * @return the journal
   */
  public static Journal view(Recovered recovered) {
    var journal = new Journal(recovered, 1, Runnable::run);
    for (SegmentScan scan : recovered.scans()) {
      if (scan.sealed()) {
        journal.sealed.add(scan);
      } else {
        journal.unsealed.add(new OpenEnd(scan.segment().index(), scan.tail()));
      }
    }
    return journal;
  }

  private void start(Recovered recovered, boolean sealAll) {
    List<SegmentWriter> open = new ArrayList<>();
    for (SegmentScan scan : recovered.scans()) {
      if (scan.sealed()) {
        sealed.add(scan);
      } else {
        open.add(SegmentWriter.resumed(scan, pool.seed()));
      }
    }
    if (!pool.device().lastOwner().isClean()) {
      pool.guarded(() -> open.forEach(SegmentWriter::persistAccepted));
    }
    open.removeIf(writer -> !writer.isHealthy());
    open.sort(Comparator.comparingLong(SegmentWriter::birth));
    if (!sealAll) {
      for (Appender appender : appenders) {
        resumeYoungest(appender, open);
      }
    }
    pool.guarded(() -> open.forEach(writer -> sealed.add(writer.seal())));
    prefaultNext();
  }

  private void resumeYoungest(Appender appender, List<SegmentWriter> open) {
    for (int index = open.size() - 1; index >= 0; index--) {
      SegmentWriter youngest = open.get(index);
      if (youngest.writtenWith() == appender.use()) {
        open.remove(index);
        appender.resume(youngest);
        background.execute(youngest::prefault);
        return;
      }
    }
  }

  /**
   * Has something done each time a segment was taken into use. It runs while the writer waits, so
   * it must neither wait nor write.
   *
   * @param action what to do
   */
  public void whenSegmentTaken(Runnable action) {
    whenSegmentTaken = action;
  }

  /**
   * Begins a group: takes an appender that nobody uses, waiting for one if there is none, and
   * versions for the records.
   *
   * @param recordCount how many records will be added at most
   * @return the group, to be closed by this thread
   */
  public Group begin(int recordCount) {
    Group group = takeAppender().group();
    // Like every atomic operation this waits for earlier prefetches of the CPU.
    group.begin(nextSequence.getAndAdd(recordCount), recordCount);
    return group;
  }

  /**
   * Begins a group of records that are moved, with their versions, out of segments that are to be
   * freed. They go to segments of their own, apart from what is new: what has lived long is likely
   * to live on.
   *
   * <p>A record may be taken out of use by a change that got its version before this call and is
   * not visible yet. So it is decided after the call, and after such changes are visible, which
   * records are moved.
   *
   * @param recordCount how many records will be added at most
   * @return the group, to be closed by this thread
   */
  public Group beginMoves(int recordCount) {
    mover.begin();
    Group group = mover.group();
    group.beginMoves(nextSequence.getAndIncrement(), recordCount);
    return group;
  }

  /**
   * Takes an appender that nobody uses, the same one again if possible: its segment, summary and
   * buffers are in this CPU's cache.
   */
  private Appender takeAppender() {
    int thread = (int) Thread.currentThread().threadId() & (REMEMBERED_THREADS - 1);
    Appender appender = appenders[appenderOfThread[thread]];
    if (appender.tryBegin()) {
      return appender;
    }
    for (int other = 0; other < writers; other++) {
      if (appenders[other].tryBegin()) {
        appenderOfThread[thread] = (byte) other;
        return appenders[other];
      }
    }
    appender.begin();
    return appender;
  }

  /** Appends a group to its own appender, which the caller holds, or to another one with room. */
  long append(Appender own, GroupEncoder group, long sequence) {
    requireSound();
    requireFits(group.groupLength(), group.count());
    try {
      assert sequence > 0 && sequence < nextSequence() : sequence;
      long address = own.append(group, sequence);
      if (address < 0 && own != mover) {
        address = appendElsewhere(own, group);
      }
      if (address >= 0) {
        return address;
      }
    } catch (StoreException.Full noRoom) {
      // Found before a byte was written, so nothing is in doubt.
      throw noRoom;
    } catch (Throwable failure) {
      throw poison(failure);
    }
    throw new NoSegmentException(group.groupLength(), group.onlyRemoves());
  }

  /**
   * Tries the other writers' appenders, whose open segments may have room when the pool has no free
   * one; for deletes, then the segments kept for them.
   */
  private long appendElsewhere(Appender own, GroupEncoder group) {
    for (int number = 0; number < writers; number++) {
      Appender other = appenders[number];
      if (other != own && other.tryBegin()) {
        try {
          if (other.hasRoom(group)) {
            return appendTo(other, group);
          }
        } finally {
          other.end();
        }
      }
    }
    if (!group.onlyRemoves()) {
      return -1;
    }
    // Whoever has it waits for no appender.
    remover.begin();
    try {
      return appendTo(remover, group);
    } finally {
      remover.end();
    }
  }

  private long appendTo(Appender other, GroupEncoder group) {
    long sequence = nextSequence.getAndAdd(group.count());
    group.renumber(sequence);
    return other.append(group, sequence);
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

  /**
   * Refuses a record that can never be written.
   *
   * @param key its key
   * @param valueLength bytes of its value
   * @throws IllegalArgumentException if the key's length is not allowed, or not even an empty
   *     segment takes the record
   */
  public void requireFits(byte[] key, int valueLength) {
    GroupEncoder.requireKey(key);
    requireFits(JournalFormat.groupBytes(JournalFormat.recordBytes(key.length, valueLength)), 1);
  }

  /** Refuses a group that not even an empty segment takes. */
  void requireFits(long groupBytes, int recordCount) {
    long needed = groupBytes + JournalFormat.summaryBytes(recordCount, false);
    long most = JournalFormat.recordSpace(pool.segmentBytes());
    if (needed > most) {
      throw new IllegalArgumentException(
          poolName()
              + ": "
              + (recordCount == 1 ? "a record needs " : "a batch needs at least ")
              + needed
              + " bytes of an empty segment, which has "
              + most
              + "; make the pool with larger segments");
    }
  }

  /**
   * Makes the journal take no more groups.
   *
   * @param failure why
   * @return the exception to throw from the write that failed
   */
  public StoreException.Poisoned poison(Throwable failure) {
    poison = failure;
    return new StoreException.Poisoned(
        poolName(),
        "a write failed, so what of it is durable is not known; close the store and open it again: "
            + failure.getMessage(),
        failure);
  }

  /**
   * Tells whether an append failed, so that no more are taken.
   *
   * @return true until the pool is opened again
   */
  public boolean isPoisoned() {
    return poison != null;
  }

  /** Writes the summary of a full segment, in the background. */
  void seal(SegmentWriter full) {
    sealed.expect();
    try {
      background.execute(() -> sealExpected(full));
    } catch (Throwable refused) {
      sealed.settle();
      throw refused;
    }
  }

  private void sealExpected(SegmentWriter full) {
    try {
      sealNow(full);
    } finally {
      sealed.settle();
    }
  }

  /**
   * Tells whether full segments wait to be sealed; until then they cannot be freed.
   *
   * @return false if all are among {@link #sealedSegments}
   */
  public boolean isSealing() {
    return sealed.areExpected();
  }

  /**
   * Waits until the full segments are sealed. The caller holds no appender and is no thread of the
   * background.
   *
   * @return false if that takes longer than a second, or the thread is interrupted
   */
  public boolean awaitSealed() {
    return sealed.await(SEALING_NANOS);
  }

  void sealNow(SegmentWriter full) {
    try {
      sealed.add(full.seal());
    } catch (Throwable failure) {
      poison = failure;
      throw failure;
    }
  }

  /**
   * Returns the sealed segments.
   *
   * @return as they are now, in the order of their addresses
   */
  public List<SegmentScan> sealedSegments() {
    return sealed.all();
  }

  /**
   * Returns the ends of the open segments.
   *
   * @return as they are now
   */
  public List<OpenEnd> openEnds() {
    List<OpenEnd> ends = new ArrayList<>(unsealed);
    for (Appender appender : appenders) {
      OpenEnd end = appender.openEnd();
      if (end != null) {
        ends.add(end);
      }
    }
    return ends;
  }

  /**
   * Frees a sealed segment, durably.
   *
   * @param segment one of {@link #sealedSegments}; nothing leads to its records any more
   * @throws StoreException.Poisoned if that failed
   */
  public void free(SegmentScan segment) {
    requireSound();
    try {
      sealed.remove(segment);
      pool.allocator().free(segment.segment(), appenders[0].reaches(), mover.reaches());
    } catch (Throwable failure) {
      throw poison(failure);
    }
  }

  /**
   * Seals the open segments that are as old as that, so that they can be freed.
   *
   * @param birth a sequence
   */
  public void retireOpenSegments(long birth) {
    requireSound();
    for (Appender appender : appenders) {
      appender.retire(birth);
    }
  }

  /** An appender has taken a segment into use. */
  void segmentTaken() {
    prefaultNext();
    whenSegmentTaken.run();
  }

  /** Prepares, in the background, the segment that the next appender will need. */
  private void prefaultNext() {
    background.execute(() -> pool.allocator().prefaultNext(pool.device()));
  }

  /** Returns the pieces of memory from which the appenders build summaries. */
  SummaryPieces summaryPieces() {
    return summaryPieces;
  }

  /**
   * Tells whether some thread is at work with the only appender there is.
   *
   * @return false if there are several
   */
  public boolean isBusy() {
    return writers == 1 && appenders[0].isBusy();
  }

  /**
   * Returns the space that all records take.
   *
   * @return bytes, including padding and the recovered records
   */
  public long usedBytes() {
    return recoveredBytes + writtenBytes() - sealed.freedBytes();
  }

  /**
   * Returns how much was written since the journal was resumed.
   *
   * @return bytes of records, moved ones among them, padding included
   */
  public long writtenBytes() {
    long sum = 0;
    for (Appender appender : appenders) {
      sum += appender.appendedBytes();
    }
    return sum;
  }

  /**
   * Returns how much was moved since the journal was resumed.
   *
   * @return bytes of records, padding included
   */
  public long movedBytes() {
    return mover.appendedBytes();
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
   * Marks the pool clean, unless the journal is poisoned. Nobody may append from now on.
   *
   * @throws StoreException.Io if the headers could not be persisted
   */
  public void end() {
    if (isPoisoned()) {
      return;
    }
    pool.release(nextSequence() - 1, openEnds());
  }

  private String poolName() {
    return pool.medium().pool();
  }
}
