package io.lode.kv.index;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Buckets by number, in chunks that stay where they are while the array grows. Threads may read and
 * write buckets that are there while another one reserves more.
 */
final class BucketArray {
  /** Eight longs: a cache line. */
  static final int BUCKET_BYTES = 64;

  private final IndexMemory memory;
  private final int chunkShift;
  private final int chunkMask;
  private final Lock growth = new ReentrantLock();

  /** Replaced under the lock, read without it. */
  private volatile MemorySegment[] chunks = {};

  /**
   * Makes an empty array.
   *
   * @param memory the source of its memory
   * @param chunkBuckets how many buckets are added at a time, a power of two
   */
  BucketArray(IndexMemory memory, int chunkBuckets) {
    this.memory = memory;
    this.chunkShift = Integer.numberOfTrailingZeros(chunkBuckets);
    this.chunkMask = chunkBuckets - 1;
  }

  /** Returns the memory that a bucket is in; {@link #offset} tells where. */
  MemorySegment chunk(int bucket) {
    return chunks[bucket >>> chunkShift];
  }

  /** Returns where a bucket starts in its chunk. */
  long offset(int bucket) {
    return (long) (bucket & chunkMask) * BUCKET_BYTES;
  }

  /** Tells whether there is room for a bucket. */
  boolean has(int bucket) {
    return bucket >>> chunkShift < chunks.length;
  }

  /** Makes room for a bucket and all before it; new ones are zero. */
  void reserve(int bucket) {
    if (!has(bucket)) {
      growth.lock();
      try {
        grow(bucket >>> chunkShift);
      } finally {
        growth.unlock();
      }
    }
  }

  @GuardedBy("growth")
  private void grow(int lastChunk) {
    int present = chunks.length;
    if (lastChunk < present) {
      return;
    }
    MemorySegment[] more = Arrays.copyOf(chunks, lastChunk + 1);
    for (int chunk = present; chunk <= lastChunk; chunk++) {
      more[chunk] = memory.allocate((long) BUCKET_BYTES << chunkShift);
    }
    chunks = more;
  }
}
