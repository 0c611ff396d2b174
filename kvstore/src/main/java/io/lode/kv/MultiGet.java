package io.lode.kv;

import io.lode.journal.RecordReader;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads several keys at a time: the CPU fetches the buckets of all, then the records of all, while
 * a single get waits for one after the other. Safe for concurrent use.
 */
final class MultiGet {
  /** Keys that are fetched at a time. Of more, the first would be gone when their turn comes. */
  private static final int AHEAD = 32;

  private final Reads reads;
  private final Finder finder;
  private final ThreadLocal<long[]> hashes = ThreadLocal.withInitial(() -> new long[AHEAD]);

  /** Finds the record of a key whose hash is known. */
  @FunctionalInterface
  interface Finder {
    /** Returns the record, until this thread reads another one; null if the key has no value. */
    @Nullable RecordReader find(long hash, byte[] key);
  }

  /**
   * Reads with a finder.
   *
   * @param reads what the finder looks through
   */
  MultiGet(Reads reads, Finder finder) {
    this.reads = reads;
    this.finder = finder;
  }

  /** Returns copies of the values. */
  List<Optional<byte[]>> values(List<byte[]> keys) {
    reads.requireOpen();
    return IntStream.range(0, keys.size())
        .mapToObj(number -> Optional.ofNullable(find(keys, number)).map(RecordReader::value))
        .toList();
  }

  /** Copies the values to memory, one after the other; returns how many keys it dealt with. */
  int copy(List<byte[]> keys, MemorySegment target, int[] lengths) {
    reads.requireOpen();
    Objects.checkFromIndexSize(0, keys.size(), lengths.length);
    long end = 0;
    for (int number = 0; number < keys.size(); number++) {
      RecordReader record = find(keys, number);
      lengths[number] = record == null ? -1 : record.valueLength();
      if (record != null) {
        if (record.valueLength() > target.byteSize() - end) {
          return number;
        }
        record.copyValueTo(target, end);
        end += record.valueLength();
      }
    }
    return keys.size();
  }

  private @Nullable RecordReader find(List<byte[]> keys, int number) {
    if (number % AHEAD == 0) {
      prefetch(keys, number);
    }
    return finder.find(hashes.get()[number % AHEAD], keys.get(number));
  }

  private void prefetch(List<byte[]> keys, int from) {
    int count = Math.min(AHEAD, keys.size() - from);
    long[] ahead = hashes.get();
    for (int number = 0; number < count; number++) {
      ahead[number] = reads.hash(keys.get(from + number));
      reads.prefetchBucket(ahead[number]);
    }
    for (int number = 0; number < count; number++) {
      reads.prefetchRecord(ahead[number]);
    }
  }
}
