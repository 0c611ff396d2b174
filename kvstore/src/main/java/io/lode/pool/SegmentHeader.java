package io.lode.pool;

import static io.lode.pool.PoolFormat.*;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The header of a segment, as values. It stands at the start of the segment twice, see {@link
 * SegmentHeaders}.
 *
 * @param generation counts the uses of the segment: records of an earlier use are not valid in this
 *     one
 * @param birth the store's sequence when the segment was allocated, 0 while it is free
 * @param epoch the owner that wrote this header
 * @param use what the segment is written with
 * @param follows the segment that its writer had filled before, null if none: this header promises
 *     that the records there reach that far; of a free segment, the one that was written to when it
 *     was freed
 * @param movedTo the segment that records were moved to before this one was freed the last time,
 *     null if none: a promise of the same kind
 * @param sealedTail where the records end once there is a summary, from the start of the segment; 0
 *     before: it tells a lost end from a torn tail where the summary is lost too
 */
public record SegmentHeader(
    long generation,
    long birth,
    long epoch,
    SegmentUse use,
    @Nullable Predecessor follows,
    @Nullable Predecessor movedTo,
    long sealedTail) {
  /**
   * How far the records of another segment reach, at the least.
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
    return new SegmentHeader(generation, 0, 0, SegmentUse.WRITES, null, null, 0);
  }

  /**
   * Tells whether the segment may be allocated.
   *
   * @return true if it holds nothing
   */
  public boolean isFree() {
    return birth == 0;
  }

  /** Reads the fields of a copy whose checksum was found right. */
  static SegmentHeader decode(MemorySegment bytes) {
    return new SegmentHeader(
        bytes.get(U64, S_GENERATION),
        bytes.get(U64, S_BIRTH),
        bytes.get(U64, S_EPOCH),
        SegmentUse.of(bytes.get(U32, S_USE)),
        reference(bytes, S_FOLLOWS),
        reference(bytes, S_MOVED_TO),
        (long) bytes.get(U32, S_SEALED_TAIL) * TAIL_UNIT_BYTES);
  }

  /** Reads a segment's number plus 1, or 0, then its generation, then a tail. */
  private static @Nullable Predecessor reference(MemorySegment bytes, int at) {
    int number = bytes.get(U32, at);
    return number == 0
        ? null
        : new Predecessor(
            number - 1,
            bytes.get(U32, at + Integer.BYTES),
            (long) bytes.get(U32, at + 2 * Integer.BYTES) * TAIL_UNIT_BYTES);
  }

  private static void setReference(MemorySegment bytes, int at, @Nullable Predecessor to) {
    if (to != null) {
      bytes.set(U32, at, to.segment + 1);
      bytes.set(U32, at + Integer.BYTES, to.generation);
      bytes.set(U32, at + 2 * Integer.BYTES, (int) (to.tail / TAIL_UNIT_BYTES));
    }
  }

  /** The header of the segment once it is free. */
  SegmentHeader freed(@Nullable Predecessor written, @Nullable Predecessor to) {
    return new SegmentHeader(
        generation, 0, 0, SegmentUse.WRITES, written, to == null ? movedTo : to, 0);
  }

  /** The header of the segment once it has a summary. */
  SegmentHeader sealed(long tail) {
    return new SegmentHeader(generation, birth, epoch, use, follows, movedTo, tail);
  }

  /**
   * Returns the bytes of one copy, on the heap.
   *
   * @param seed the pool's
   * @param deviceIndex which device
   * @param index which segment of it
   */
  MemorySegment encode(long seed, int deviceIndex, int index) {
    byte[] raw = new byte[SEGMENT_HEADER_BYTES];
    MemorySegment bytes = MemorySegment.ofArray(raw);
    bytes.set(U64, S_MAGIC, SEGMENT_MAGIC);
    bytes.set(U64, S_SEED, seed);
    bytes.set(U64, S_GENERATION, generation);
    bytes.set(U64, S_BIRTH, birth);
    bytes.set(U64, S_EPOCH, epoch);
    bytes.set(U32, S_DEVICE_INDEX, deviceIndex);
    bytes.set(U32, S_SEGMENT_INDEX, index);
    bytes.set(U32, S_USE, use.number());
    setReference(bytes, S_FOLLOWS, follows);
    setReference(bytes, S_MOVED_TO, movedTo);
    bytes.set(U32, S_SEALED_TAIL, (int) (sealedTail / TAIL_UNIT_BYTES));
    bytes.set(U32, S_CHECKSUM, new Checksum().of(raw, 0, S_CHECKSUM));
    return bytes;
  }
}
