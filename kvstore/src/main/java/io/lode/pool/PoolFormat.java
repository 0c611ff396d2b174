package io.lode.pool;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The layout of a device: its header, and the header of each segment. All numbers are
 * little-endian. {@code docs/FORMAT.md} draws what this class computes; a test compares the two.
 *
 * <pre>
 *   0          4096       8192                  8192 + segment length
 *   +----------+----------+---------------------+---------------------+--
 *   | header A | header B | segment 0           | segment 1           | ...
 *   +----------+----------+---------------------+---------------------+--
 *                         | seg A | seg B | body | footer |
 * </pre>
 */
public final class PoolFormat {
  /** A 64-bit field; unaligned, because headers are built and checked in arrays of bytes. */
  public static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** A 32-bit field. */
  public static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * The version that this code writes and the only one that it reads. It stays: what is added gets
   * a bit of {@link #D_COMPATIBLE} or {@link #D_INCOMPATIBLE}. Versions 0 and 1 were never
   * released.
   */
  public static final int VERSION = 2;

  /** First field of a device header: "LODEPOOL" in ASCII, as bytes in that order. */
  public static final long DEVICE_MAGIC = 0x4C4F4F5045444F4CL;

  /** First field of a segment header: "LODESEGM" in ASCII, as bytes in that order. */
  public static final long SEGMENT_MAGIC = 0x4D47455345444F4CL;

  /** Distance of the two copies of a header: one page, so that no single bad block takes both. */
  public static final long COPY_STRIDE_BYTES = 4096;

  /** Cache line: the unit of flushing, of group padding and of probing. */
  public static final int LINE_BYTES = 64;

  /** First byte of segment 0. */
  public static final long SEGMENTS_OFFSET = 2 * COPY_STRIDE_BYTES;

  /** First byte of a segment's body, from the start of the segment. */
  public static final int BODY_OFFSET = (int) (2 * COPY_STRIDE_BYTES);

  /** Smallest segment: its headers and as much body. Small segments serve tests. */
  public static final long MIN_SEGMENT_BYTES = 2L * BODY_OFFSET;

  /** Largest segment: positions within one are 32-bit numbers of 8-byte words in its summary. */
  public static final long MAX_SEGMENT_BYTES = 1L << 30;

  // Device header.
  static final int D_MAGIC = 0;
  static final int D_VERSION = D_MAGIC + 8;
  static final int D_FLAGS = D_VERSION + 4;
  static final int D_INCOMPATIBLE = D_FLAGS + 4;
  static final int D_COMPATIBLE = D_INCOMPATIBLE + 8;
  static final int D_POOL_ID_HIGH = D_COMPATIBLE + 8;
  static final int D_POOL_ID_LOW = D_POOL_ID_HIGH + 8;
  static final int D_SEED = D_POOL_ID_LOW + 8;
  static final int D_DEVICE_INDEX = D_SEED + 8;
  static final int D_DEVICE_COUNT = D_DEVICE_INDEX + 4;
  static final int D_SIZE = D_DEVICE_COUNT + 4;
  static final int D_SEGMENT_BYTES = D_SIZE + 8;
  static final int D_SEGMENT_COUNT = D_SEGMENT_BYTES + 8;
  static final int D_REVISION = D_SEGMENT_COUNT + 8;
  static final int D_EPOCH = D_REVISION + 8;
  static final int D_NONCE = D_EPOCH + 8;
  static final int D_SHUTDOWN_COUNT = D_NONCE + 8;
  static final int D_DEVICE_ID = D_SHUTDOWN_COUNT + 8;
  static final int D_NAMESPACE_HIGH = D_DEVICE_ID + 8;
  static final int D_NAMESPACE_LOW = D_NAMESPACE_HIGH + 8;
  static final int D_CONFIGURATION = D_NAMESPACE_LOW + 8;
  static final int D_CHECKPOINT_SEGMENT = D_CONFIGURATION + 8;
  static final int D_CHECKPOINT_GENERATION = D_CHECKPOINT_SEGMENT + 4;
  static final int D_CHECKPOINT_BYTES = D_CHECKPOINT_GENERATION + 4;
  static final int D_LAST_SEQUENCE = D_CHECKPOINT_BYTES + 8;
  static final int D_OPEN_ENDS = D_LAST_SEQUENCE + 8;
  static final int D_RESERVED = D_OPEN_ENDS + 128;
  static final int D_CHECKSUM = 508;

  /** Length of a device header: one sector of a disk. */
  static final int DEVICE_HEADER_BYTES = D_CHECKSUM + 4;

  /** Most segments that are open at a time, each with an appender; a device header has room. */
  public static final int MAX_OPEN_SEGMENTS = 16;

  /** Ends of records are whole cache lines; header fields count them in words of 8 bytes. */
  static final int TAIL_UNIT_BYTES = 8;

  /** Flag: the pool was closed and nothing was in flight. */
  static final int FLAG_CLEAN = 1;

  // Segment header.
  static final int S_MAGIC = 0;
  static final int S_SEED = S_MAGIC + 8;
  static final int S_GENERATION = S_SEED + 8;
  static final int S_BIRTH = S_GENERATION + 8;
  static final int S_EPOCH = S_BIRTH + 8;
  static final int S_DEVICE_INDEX = S_EPOCH + 8;
  static final int S_SEGMENT_INDEX = S_DEVICE_INDEX + 4;
  static final int S_FOLLOWS = S_SEGMENT_INDEX + 4;
  static final int S_FOLLOWS_GENERATION = S_FOLLOWS + 4;
  static final int S_FOLLOWS_TAIL = S_FOLLOWS_GENERATION + 4;
  static final int S_USE = S_FOLLOWS_TAIL + 4;
  static final int S_LOG = S_USE + 4;
  static final int S_EXPIRY_FLOOR = S_LOG + 8;
  static final int S_MOVED_TO = S_EXPIRY_FLOOR + 8;
  static final int S_MOVED_TO_GENERATION = S_MOVED_TO + 4;
  static final int S_MOVED_TO_TAIL = S_MOVED_TO_GENERATION + 4;
  static final int S_SEALED_TAIL = S_MOVED_TO_TAIL + 4;
  static final int S_RESERVED = S_SEALED_TAIL + 4;
  static final int S_CHECKSUM = 124;

  /** Length of a segment header. */
  static final int SEGMENT_HEADER_BYTES = S_CHECKSUM + 4;

  private PoolFormat() {}

  /**
   * Returns the number of segments that fit on a device.
   *
   * @param sizeBytes size of the device
   * @param segmentBytes size of a segment
   * @return the count, 0 if not even one fits
   */
  static long fittingSegments(long sizeBytes, long segmentBytes) {
    return Math.max(0, (sizeBytes - SEGMENTS_OFFSET) / segmentBytes);
  }

  /**
   * Tells whether a segment size is one that the format allows: whole pages within the limits.
   *
   * @param segmentBytes the size
   * @return true if it is allowed
   */
  static boolean isSegmentSize(long segmentBytes) {
    return segmentBytes >= MIN_SEGMENT_BYTES
        && segmentBytes <= MAX_SEGMENT_BYTES
        && segmentBytes % COPY_STRIDE_BYTES == 0;
  }

  /**
   * Refuses a segment size that the format does not allow.
   *
   * @param segmentBytes the size
   * @throws IllegalArgumentException with the rule, if it is not allowed
   */
  public static void requireSegmentSize(long segmentBytes) {
    if (!isSegmentSize(segmentBytes)) {
      throw new IllegalArgumentException(
          "segments of "
              + segmentBytes
              + " bytes: a segment has a multiple of "
              + COPY_STRIDE_BYTES
              + " bytes, from "
              + MIN_SEGMENT_BYTES
              + " (16 KiB) to "
              + MAX_SEGMENT_BYTES
              + " (1 GiB)");
    }
  }

  /**
   * Rounds up to whole cache lines.
   *
   * @param lengthBytes a length
   * @return the next multiple of {@link #LINE_BYTES}
   */
  public static long roundUpToLine(long lengthBytes) {
    return (lengthBytes + LINE_BYTES - 1) & -LINE_BYTES;
  }
}
