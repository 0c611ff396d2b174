package io.lode.kv;

import io.lode.kv.index.HashIndex;
import io.lode.log.GroupEncoder;
import io.lode.log.KeyHash;
import io.lode.log.Lane;
import io.lode.log.Log;
import io.lode.log.LogFormat;
import io.lode.log.RecordKind;
import io.lode.log.RecordReader;
import io.lode.pool.Pool;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings log and index together: what was appended, and is durable, is then shown by the index.
 *
 * <p><b>Threads.</b> Safe for concurrent use. A write takes the locks of its keys' stripes, then a
 * lane's; it gives the lane back before the stripes.
 */
final class Writes {
  private static final byte[] NO_VALUE = {};

  /** A power of two; threads beyond share what is remembered. */
  private static final int REMEMBERED_THREADS = 64;

  private final Pool pool;
  private final Log log;
  private final HashIndex index;
  private final Records records;
  private final FlushDistance distance;
  private final Stripes stripes = new Stripes();
  private final long recoveredBytes;

  /**
   * The lane that threads took last, by their number. At first all take lane 0, until they meet
   * there: one thread alone fills one segment. No lock: any lane is right.
   */
  private final byte[] laneOfThread = new byte[REMEMBERED_THREADS];

  private volatile boolean closed;

  Writes(
      Pool pool,
      Log log,
      HashIndex index,
      Records records,
      FlushDistance distance,
      long recoveredBytes) {
    this.pool = pool;
    this.log = log;
    this.index = index;
    this.records = records;
    this.distance = distance;
    this.recoveredBytes = recoveredBytes;
  }

  void put(byte[] key, byte[] value) {
    long hash = hash(key);
    long stripe = lockOf(hash);
    try {
      append(hash, RecordKind.PUT, key, value);
    } finally {
      stripes.unlock(stripe);
    }
  }

  /** Removes a key; false if it has no value. */
  boolean delete(byte[] key) {
    long hash = hash(key);
    long stripe = lockOf(hash);
    try {
      if (index.find(hash, key) == 0) {
        return false;
      }
      append(hash, RecordKind.DELETE, key, NO_VALUE);
      return true;
    } finally {
      stripes.unlock(stripe);
    }
  }

  /** Sets a value if the key has a version, 0 for none; false if it has another. */
  boolean compareAndSet(byte[] key, long version, byte[] value) {
    long hash = hash(key);
    long stripe = lockOf(hash);
    try {
      if (versionAt(index.find(hash, key)) != version) {
        return false;
      }
      append(hash, RecordKind.PUT, key, value);
      return true;
    } finally {
      stripes.unlock(stripe);
    }
  }

  /** Makes all changes if all requirements hold. */
  boolean write(WriteBatch batch) {
    long mask = batch.stripes(pool.seed());
    stripes.lock(mask);
    try {
      requireOpen();
      if (!isMet(batch)) {
        return false;
      }
      append(List.of(batch));
      return true;
    } finally {
      stripes.unlock(mask);
    }
  }

  WriteRequest request(WriteBatch batch) {
    return new WriteRequest(batch, pool.seed());
  }

  /** Writes requests of several threads as one group and tells them. */
  void writeTogether(List<WriteRequest> requests) {
    if (requests.size() == 1) {
      writeAlone(requests.getFirst());
      return;
    }
    List<WriteRequest> met = new ArrayList<>();
    long mask = requests.stream().mapToLong(WriteRequest::stripes).reduce(0, (a, b) -> a | b);
    stripes.lock(mask);
    try {
      requireOpen();
      requests.stream().filter(request -> isMet(request.batch())).forEach(met::add);
      append(met.stream().map(WriteRequest::batch).toList());
    } catch (Throwable _) {
      // Perhaps one of them is too large, or its key not allowed: that is no business of the
      // others.
      met.clear();
    } finally {
      stripes.unlock(mask);
    }
    int told = 0;
    for (WriteRequest request : requests) {
      if (told < met.size() && met.get(told).equals(request)) {
        told++;
        request.written().complete(true);
      } else {
        writeAlone(request);
      }
    }
  }

  private void writeAlone(WriteRequest request) {
    try {
      request.written().complete(write(request.batch()));
    } catch (Throwable failure) {
      request.written().completeExceptionally(failure);
    }
  }

  private boolean isMet(WriteBatch batch) {
    for (WriteBatch.Requirement requirement : batch.requirements()) {
      byte[] key = requirement.key();
      long found = index.find(hash(key), key);
      boolean met =
          requirement.version() == WriteBatch.ANY_VERSION
              ? found != 0
              : versionAt(found) == requirement.version();
      if (!met) {
        return false;
      }
    }
    return true;
  }

  /** Runs something while nobody writes and every entry is in its bucket. */
  void exclusively(Runnable action) {
    stripes.lock(Stripes.ALL);
    try {
      for (int stripe = 0; stripe < HashIndex.STRIPES; stripe++) {
        index.settle(stripe);
      }
      action.run();
    } finally {
      stripes.unlock(Stripes.ALL);
    }
  }

  /** Counts the keys that have a value; of what is staged nobody knows whether it is new. */
  long size() {
    for (int stripe = 0; stripe < HashIndex.STRIPES; stripe++) {
      stripes.lock(1L << stripe);
      try {
        index.settle(stripe);
      } finally {
        stripes.unlock(1L << stripe);
      }
    }
    return index.size();
  }

  /** Lets no write begin from now on and waits for those in progress. */
  void close() {
    stripes.lock(Stripes.ALL);
    try {
      closed = true;
    } finally {
      stripes.unlock(Stripes.ALL);
    }
  }

  boolean isClosed() {
    return closed;
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException(pool.medium().pool() + " is closed");
    }
  }

  long usedBytes() {
    return recoveredBytes + log.appendedBytes();
  }

  /** Whether some thread is at work in the only lane there is. */
  boolean isBusy() {
    return log.laneCount() == 1 && log.lane(0).lock().isLocked();
  }

  /** Refuses what can never be written. */
  void requireFits(byte[] key, int valueLength) {
    GroupEncoder.requireKey(key);
    log.requireFits(LogFormat.groupBytes(LogFormat.recordBytes(key.length, valueLength)), 1);
  }

  private long lockOf(long hash) {
    long mask = Stripes.maskOf(hash);
    stripes.lock(mask);
    if (closed) {
      stripes.unlock(mask);
      requireOpen();
    }
    return mask;
  }

  /** The version of the record at an offset, 0 for none. */
  private long versionAt(long offset) {
    if (offset == 0) {
      return 0;
    }
    RecordReader record = records.read(offset);
    if (record == null) {
      throw records.damaged(offset);
    }
    return record.sequence();
  }

  private void append(long hash, RecordKind kind, byte[] key, byte[] value) {
    Lane lane = takeLane();
    try {
      long sequence = log.takeSequences(1);
      GroupEncoder group = lane.encoder();
      group.clear();
      group.add(kind, key, value, hash);
      long offset = append(lane, group, sequence);
      try {
        if (kind == RecordKind.PUT) {
          index.stage(hash, key, offset);
        } else {
          index.remove(hash, key);
        }
      } catch (Throwable failure) {
        // What is durable and not shown would come back as a surprise.
        throw log.poisoned(failure);
      }
    } finally {
      lane.lock().unlock();
    }
  }

  /** Appends all changes of batches as one group. */
  private void append(List<WriteBatch> batches) {
    int count = batches.stream().mapToInt(WriteBatch::size).sum();
    if (count == 0) {
      return;
    }
    Lane lane = takeLane();
    try {
      long sequence = log.takeSequences(count);
      GroupEncoder group = lane.encoder();
      group.clear();
      for (WriteBatch batch : batches) {
        for (WriteBatch.Change change : batch.changes()) {
          group.add(change.kind(), change.key(), change.value());
          index.prefetch(group.keyHash(group.count() - 1));
        }
      }
      for (int number = 0; number < count; number++) {
        records.expect(index.candidate(group.keyHash(number)));
      }
      show(batches, group, append(lane, group, sequence));
    } finally {
      lane.lock().unlock();
    }
  }

  /** Lets the index show the records of a group that is durable now. */
  private void show(List<WriteBatch> batches, GroupEncoder group, long offset) {
    try {
      int number = 0;
      for (WriteBatch batch : batches) {
        for (WriteBatch.Change change : batch.changes()) {
          show(change, group.keyHash(number), offset + group.recordStart(number));
          number++;
        }
      }
    } catch (Throwable failure) {
      throw log.poisoned(failure);
    }
  }

  private void show(WriteBatch.Change change, long hash, long offset) {
    if (change.kind() == RecordKind.PUT) {
      index.put(hash, change.key(), offset);
    } else {
      index.remove(hash, change.key());
    }
  }

  private long append(Lane own, GroupEncoder group, long sequence) {
    long offset = log.append(own, group, sequence);
    for (int other = 0; offset < 0 && other < log.laneCount(); other++) {
      offset = appendElsewhere(log.lane(other), own, group);
    }
    if (offset < 0) {
      throw log.full(group);
    }
    distance.count(group.groupLength());
    return offset;
  }

  /** The pool has no free segment: perhaps the one of another lane has room. */
  private long appendElsewhere(Lane lane, Lane own, GroupEncoder group) {
    if (lane == own || !lane.lock().tryLock()) {
      return -1;
    }
    try {
      return lane.hasRoom(group) ? log.append(lane, group, log.takeSequences(group.count())) : -1;
    } finally {
      lane.lock().unlock();
    }
  }

  /**
   * Takes a lane that nobody uses, the same one again if possible: its segment, summary and buffers
   * are in this CPU's cache.
   */
  private Lane takeLane() {
    int thread = (int) Thread.currentThread().threadId() & (REMEMBERED_THREADS - 1);
    Lane lane = log.lane(laneOfThread[thread]);
    if (lane.lock().tryLock()) {
      return lane;
    }
    for (int other = 0; other < log.laneCount(); other++) {
      Lane candidate = log.lane(other);
      if (candidate.lock().tryLock()) {
        laneOfThread[thread] = (byte) other;
        return candidate;
      }
    }
    lane.lock().lock();
    return lane;
  }

  private long hash(byte[] key) {
    return KeyHash.of(pool.seed(), key, 0, key.length);
  }
}
