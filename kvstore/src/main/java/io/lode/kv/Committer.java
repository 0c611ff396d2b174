package io.lode.kv;

import io.lode.journal.Group;
import io.lode.journal.Journal;
import io.lode.journal.KeyHash;
import io.lode.journal.NoSegmentException;
import io.lode.journal.RecordKind;
import io.lode.kv.index.HashIndex;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Makes changes durable, then visible: a group in the journal, then the {@link Publisher}.
 *
 * <p>Sequence, write, fence and publication of a change happen under the lock of its key's stripe,
 * so versions, fences and visibility have one order for each key. A write takes the locks of its
 * stripes in their order, then an appender, which it gives back before the stripes.
 *
 * <p>Safe for concurrent use.
 */
final class Committer {
  private final OpenState state;
  private final Stripes stripes;
  private final Space space;
  private final long seed;
  private final Journal journal;
  private final HashIndex index;
  private final KeyRecords records;
  private final RemoteFlushes remoteFlushes;
  private final Publisher publisher;

  Committer(
      OpenState state,
      long seed,
      Journal journal,
      HashIndex index,
      KeyRecords records,
      Stripes stripes,
      Space space,
      RemoteFlushes remoteFlushes) {
    this.state = state;
    this.seed = seed;
    this.journal = journal;
    this.index = index;
    this.records = records;
    this.stripes = stripes;
    this.space = space;
    this.remoteFlushes = remoteFlushes;
    this.publisher = new Publisher(journal, index, records, stripes);
  }

  void put(byte[] key, byte[] value) {
    while (true) {
      try {
        putOnce(key, value);
        return;
      } catch (NoSegmentException noRoom) {
        space.makeRoom(noRoom);
      }
    }
  }

  private void putOnce(byte[] key, byte[] value) {
    long hash = hash(key);
    long stripe = lockOf(hash);
    try {
      commit(RecordKind.PUT, hash, key, value);
    } finally {
      stripes.unlock(stripe);
    }
  }

  /** Removes a key; false if it has no value. */
  boolean delete(byte[] key) {
    while (true) {
      try {
        return deleteOnce(key);
      } catch (NoSegmentException noRoom) {
        space.makeRoom(noRoom);
      }
    }
  }

  private boolean deleteOnce(byte[] key) {
    long hash = hash(key);
    long stripe = lockOf(hash);
    try {
      if (index.find(hash, key) == 0) {
        return false;
      }
      commit(RecordKind.DELETE, hash, key, Change.NO_VALUE);
      return true;
    } finally {
      stripes.unlock(stripe);
    }
  }

  /** Sets a value if the key has a version, 0 for none; false if it has another. */
  boolean compareAndSet(byte[] key, long version, byte[] value) {
    while (true) {
      try {
        return compareAndSetOnce(key, version, value);
      } catch (NoSegmentException noRoom) {
        space.makeRoom(noRoom);
      }
    }
  }

  private boolean compareAndSetOnce(byte[] key, long version, byte[] value) {
    long hash = hash(key);
    long stripe = lockOf(hash);
    try {
      if (versionAt(index.find(hash, key)) != version) {
        return false;
      }
      commit(RecordKind.PUT, hash, key, value);
      return true;
    } finally {
      stripes.unlock(stripe);
    }
  }

  private void commit(RecordKind kind, long hash, byte[] key, byte[] value) {
    assert stripes.areHeld(Stripes.maskOf(hash));
    try (Group group = journal.begin(1)) {
      group.add(kind, key, value, hash);
      long address = group.commit();
      remoteFlushes.count(group.lengthBytes());
      publisher.publish(kind, hash, key, address);
    }
  }

  /** Makes all changes if all requirements hold. */
  boolean write(WriteBatch batch) {
    while (true) {
      try {
        return writeOnce(batch);
      } catch (NoSegmentException noRoom) {
        space.makeRoom(noRoom);
      }
    }
  }

  private boolean writeOnce(WriteBatch batch) {
    long mask = batch.stripes(seed);
    stripes.lock(mask);
    try {
      state.requireOpen();
      if (!isMet(batch)) {
        return false;
      }
      commit(List.of(withoutNeedlessDeletes(batch)));
      return true;
    } finally {
      stripes.unlock(mask);
    }
  }

  /**
   * Leaves out deletes of keys that have no value, neither in the store nor earlier in the batch.
   */
  private WriteBatch withoutNeedlessDeletes(WriteBatch batch) {
    if (batch.changes().stream().noneMatch(change -> change.kind().removes())) {
      return batch;
    }
    Set<Long> written = new HashSet<>();
    var needed = new WriteBatch();
    for (Change change : batch.changes()) {
      requireFits(change);
      long hash = hash(change.key());
      if (!change.kind().removes()
          || written.contains(hash)
          || index.find(hash, change.key()) != 0) {
        written.add(hash);
        needed.add(change);
      }
    }
    return needed;
  }

  /** Commits all changes of batches as one group. */
  private void commit(List<WriteBatch> batches) {
    assert batches.stream().allMatch(batch -> stripes.areHeld(batch.stripes(seed)));
    int count = batches.stream().mapToInt(WriteBatch::size).sum();
    if (count == 0) {
      return;
    }
    try (Group group = journal.begin(count)) {
      int number = 0;
      for (WriteBatch batch : batches) {
        for (Change change : batch.changes()) {
          group.add(change.kind(), change.key(), change.value(), hash(change.key()));
          index.prefetch(group.keyHash(number++));
        }
      }
      for (number = 0; number < count; number++) {
        records.prefetch(index.candidate(group.keyHash(number)));
      }
      group.commit();
      remoteFlushes.count(group.lengthBytes());
      number = 0;
      for (WriteBatch batch : batches) {
        for (Change change : batch.changes()) {
          publisher.publishPrefetched(
              change.kind(), group.keyHash(number), change.key(), group.address(number));
          number++;
        }
      }
    }
  }

  WriteRequest request(WriteBatch batch) {
    return new WriteRequest(batch, seed);
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
      state.requireOpen();
      requests.stream().filter(request -> isMet(request.batch())).forEach(met::add);
      commit(met.stream().map(WriteRequest::batch).toList());
    } catch (Throwable _) {
      // One of them may be too large, or have a key that is not allowed; the others must not fail
      // for it.
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
    assert stripes.areHeld(batch.stripes(seed));
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
  <T> T exclusively(Supplier<T> action) {
    stripes.lock(Stripes.ALL);
    try {
      state.requireOpen();
      for (int stripe = 0; stripe < HashIndex.STRIPES; stripe++) {
        index.drain(stripe);
      }
      return action.get();
    } finally {
      stripes.unlock(Stripes.ALL);
    }
  }

  /** Moves all staged entries to their buckets. */
  void drain() {
    for (int stripe = 0; stripe < HashIndex.STRIPES; stripe++) {
      stripes.lock(1L << stripe);
      try {
        index.drain(stripe);
      } finally {
        stripes.unlock(1L << stripe);
      }
    }
  }

  /** Counts the keys that have a value; only in buckets it shows whether a key is new. */
  long size() {
    drain();
    return index.size();
  }

  /** Refuses writes from now on, after waiting for those in progress. */
  void close() {
    stripes.lock(Stripes.ALL);
    try {
      state.close();
    } finally {
      stripes.unlock(Stripes.ALL);
    }
  }

  /** Whether the journal has one appender, and some thread is using it. */
  boolean isBusy() {
    return journal.isBusy();
  }

  /** Refuses a change that can never be written. */
  void requireFits(Change change) {
    journal.requireFits(change.key(), change.value().length);
  }

  private long lockOf(long hash) {
    long mask = Stripes.maskOf(hash);
    stripes.lock(mask);
    if (state.isClosed()) {
      stripes.unlock(mask);
      state.requireOpen();
    }
    return mask;
  }

  /** The version of the record at an address, 0 for none. */
  private long versionAt(long address) {
    return address == 0 ? 0 : records.read(address).sequence();
  }

  private long hash(byte[] key) {
    return KeyHash.of(seed, key, 0, key.length);
  }
}
