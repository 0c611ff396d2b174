package io.lode.pool;

import static io.lode.pool.PoolFormat.*;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.PmemMap;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The header of a segment, as values. It stands at the start of the segment twice, in different
 * pages; of two valid copies the one with the higher generation counts.
 *
 * @param generation counts the uses of the segment: what an earlier use left behind is not valid in
 *     this one
 * @param birth the store's sequence when the segment was allocated, 0 while it is free
 * @param epoch the owner that wrote this header
 * @param follows what its writer had filled before, null if nothing: that its records reach so far
 *     is promised by this header
 */
public record SegmentHeader(
    long generation, long birth, long epoch, @Nullable Predecessor follows) {
  private static final int COPIES = 2;

  /**
   * A segment that was full when another one was allocated in its place.
   *
   * @param segment which segment, from 0
   * @param generation low half of its generation then
   * @param tail where its records end, from its start
   */
  public record Predecessor(int segment, int generation, long tail) {}

  /**
   * Returns a header of a free segment.
   *
   * @param generation its uses so far
   * @return the header
   */
  static SegmentHeader free(long generation) {
    return new SegmentHeader(generation, 0, 0, null);
  }

  /**
   * Tells whether the segment may be allocated.
   *
   * @return true if it holds nothing
   */
  public boolean isFree() {
    return birth == 0;
  }

  /** Reads the copy that counts, or null if neither is valid. */
  static @Nullable SegmentHeader read(PmemMap map, long segmentOffset, long seed, int index) {
    SegmentHeader best = null;
    for (int copy = 0; copy < COPIES; copy++) {
      SegmentHeader header = readCopy(map, segmentOffset, copy, seed, index);
      if (header != null && (best == null || header.generation > best.generation)) {
        best = header;
      }
    }
    return best;
  }

  /** Tells whether both copies are there and agree. */
  static boolean copiesAgree(PmemMap map, long segmentOffset, long seed, int index) {
    SegmentHeader a = readCopy(map, segmentOffset, 0, seed, index);
    return a != null && a.equals(readCopy(map, segmentOffset, 1, seed, index));
  }

  private static @Nullable SegmentHeader readCopy(
      PmemMap map, long segmentOffset, int copy, long seed, int index) {
    byte[] raw = new byte[SEGMENT_HEADER_BYTES];
    MemorySegment bytes = MemorySegment.ofArray(raw);
    long offset = segmentOffset + copy * COPY_STRIDE_BYTES;
    boolean valid =
        GuardedRead.copy(map, offset, bytes, 0, SEGMENT_HEADER_BYTES)
            && bytes.get(U64, S_MAGIC) == SEGMENT_MAGIC
            && bytes.get(U64, S_SEED) == seed
            && bytes.get(U32, S_SEGMENT_INDEX) == index
            && bytes.get(U32, S_CHECKSUM) == new Checksum().of(raw, 0, S_CHECKSUM);
    return valid ? decode(bytes) : null;
  }

  private static SegmentHeader decode(MemorySegment bytes) {
    int number = bytes.get(U32, S_FOLLOWS);
    Predecessor follows =
        number == 0
            ? null
            : new Predecessor(
                number - 1,
                bytes.get(U32, S_FOLLOWS_GENERATION),
                (long) bytes.get(U32, S_FOLLOWS_TAIL) * TAIL_UNIT_BYTES);
    return new SegmentHeader(
        bytes.get(U64, S_GENERATION), bytes.get(U64, S_BIRTH), bytes.get(U64, S_EPOCH), follows);
  }

  /** Replaces both copies; each is durable before the next is touched. */
  void write(PmemMap map, long segmentOffset, long seed, int index) {
    MemorySegment bytes = encode(seed, index);
    for (int copy = 0; copy < COPIES; copy++) {
      map.copy(
          segmentOffset + copy * COPY_STRIDE_BYTES, bytes, 0, SEGMENT_HEADER_BYTES, CopyFlags.NONE);
    }
  }

  private MemorySegment encode(long seed, int index) {
    byte[] raw = new byte[SEGMENT_HEADER_BYTES];
    MemorySegment bytes = MemorySegment.ofArray(raw);
    bytes.set(U64, S_MAGIC, SEGMENT_MAGIC);
    bytes.set(U64, S_SEED, seed);
    bytes.set(U64, S_GENERATION, generation);
    bytes.set(U64, S_BIRTH, birth);
    bytes.set(U64, S_EPOCH, epoch);
    bytes.set(U32, S_DEVICE_INDEX, 0);
    bytes.set(U32, S_SEGMENT_INDEX, index);
    if (follows != null) {
      bytes.set(U32, S_FOLLOWS, follows.segment + 1);
      bytes.set(U32, S_FOLLOWS_GENERATION, follows.generation);
      bytes.set(U32, S_FOLLOWS_TAIL, (int) (follows.tail / TAIL_UNIT_BYTES));
    }
    bytes.set(U32, S_CHECKSUM, new Checksum().of(raw, 0, S_CHECKSUM));
    return bytes;
  }
}
