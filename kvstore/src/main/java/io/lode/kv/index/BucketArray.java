package io.lode.kv.index;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Buckets by number, in chunks that stay where they are while the array grows. Only the first chunk
 * of a small array is ever moved. One thread grows at a time; others read meanwhile.
 */
final class BucketArray {
  /** Eight longs: a cache line. */
  static final int BUCKET_BYTES = 64;

  /** Buckets of a whole chunk: 2 MiB, a huge page. */
  private static final int CHUNK_SHIFT = 15;

  private static final int CHUNK_BUCKETS = 1 << CHUNK_SHIFT;
  private static final int CHUNK_MASK = CHUNK_BUCKETS - 1;

  private final IndexMemory memory;
  private volatile MemorySegment[] chunks;
  private int capacity;

  BucketArray(IndexMemory memory, int initialBuckets) {
    this.memory = memory;
    this.capacity = Math.min(initialBuckets, CHUNK_BUCKETS);
    this.chunks = new MemorySegment[] {memory.allocate((long) capacity * BUCKET_BYTES)};
  }

  /** Returns the memory that a bucket is in; {@link #offset} tells where. */
  MemorySegment chunk(int bucket) {
    return chunks[bucket >>> CHUNK_SHIFT];
  }

  /** Returns where a bucket starts in its chunk. */
  static long offset(int bucket) {
    return (long) (bucket & CHUNK_MASK) * BUCKET_BYTES;
  }

  /** Makes room for a bucket; new ones are zero. */
  void reserve(int bucket) {
    while (bucket >= capacity) {
      if (capacity < CHUNK_BUCKETS) {
        doubleFirstChunk();
      } else {
        MemorySegment[] more = Arrays.copyOf(chunks, chunks.length + 1);
        more[chunks.length] = memory.allocate((long) CHUNK_BUCKETS * BUCKET_BYTES);
        chunks = more;
        capacity += CHUNK_BUCKETS;
      }
    }
  }

  private void doubleFirstChunk() {
    MemorySegment old = chunks[0];
    MemorySegment larger = memory.allocate(2 * old.byteSize());
    MemorySegment.copy(old, 0, larger, 0, old.byteSize());
    chunks = new MemorySegment[] {larger};
    capacity *= 2;
  }
}
