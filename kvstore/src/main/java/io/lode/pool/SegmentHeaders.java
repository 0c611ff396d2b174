package io.lode.pool;

import static io.lode.pool.PoolFormat.*;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.PmemMap;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The two copies of a segment's header, in different pages; of two valid ones the one with the
 * higher generation counts.
 *
 * @param map the device, or a part of it
 * @param base where the segment starts there
 * @param seed the pool's: a header of an earlier pool on this device is not valid
 * @param deviceIndex which device of the pool
 * @param index which segment of the device
 */
record SegmentHeaders(PmemMap map, long base, long seed, int deviceIndex, int index) {
  private static final int COPIES = 2;

  /** Reads the copy that counts, or null if neither is valid. */
  @Nullable SegmentHeader read() {
    SegmentHeader best = null;
    for (int copy = 0; copy < COPIES; copy++) {
      SegmentHeader header = read(copy);
      if (header != null && (best == null || header.generation() > best.generation())) {
        best = header;
      }
    }
    return best;
  }

  /** Returns how many copies are not valid. */
  int damagedCopies() {
    int count = 0;
    for (int copy = 0; copy < COPIES; copy++) {
      count += read(copy) == null ? 1 : 0;
    }
    return count;
  }

  /** Tells whether both copies are there and agree. */
  boolean agree() {
    SegmentHeader a = read(0);
    return a != null && a.equals(read(1));
  }

  private @Nullable SegmentHeader read(int copy) {
    byte[] raw = new byte[SEGMENT_HEADER_BYTES];
    MemorySegment bytes = MemorySegment.ofArray(raw);
    boolean valid =
        GuardedRead.copy(map, base + copy * COPY_STRIDE_BYTES, bytes, 0, SEGMENT_HEADER_BYTES)
            && bytes.get(U64, S_MAGIC) == SEGMENT_MAGIC
            && bytes.get(U64, S_SEED) == seed
            && bytes.get(U32, S_DEVICE_INDEX) == deviceIndex
            && bytes.get(U32, S_SEGMENT_INDEX) == index
            && SegmentUse.isKnown(bytes.get(U32, S_USE))
            && bytes.get(U32, S_CHECKSUM) == new Checksum().of(raw, 0, S_CHECKSUM);
    return valid ? SegmentHeader.decode(bytes) : null;
  }

  /** Replaces both copies; each is durable before the next is touched. */
  void write(SegmentHeader header) {
    MemorySegment bytes = header.encode(seed, deviceIndex, index);
    for (int copy = 0; copy < COPIES; copy++) {
      map.copy(base + copy * COPY_STRIDE_BYTES, bytes, 0, SEGMENT_HEADER_BYTES, CopyFlags.NONE);
    }
  }
}
