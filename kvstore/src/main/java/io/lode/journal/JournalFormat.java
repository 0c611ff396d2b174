package io.lode.journal;

import io.lode.pool.PoolFormat;

/**
 * The layout of a segment's body: groups of records from its start, and once the segment is sealed
 * a summary that ends with the segment. {@code docs/FORMAT.md} draws what this class computes; a
 * test compares the two.
 *
 * <pre>
 *   record      0        4       6       8          16         24           28
 *               +--------+-------+-------+----------+----------+------------+---------+
 *               | check  | index | count | group    | sequence | generation | epoch   |
 *               +--------+-------+-------+----------+----------+------------+---------+
 *               32       36      38     39      40
 *               +--------+-------+------+-------+-----------+-------------+
 *               | value  | key   | kind | flags | key bytes | value bytes | zeros to 8
 *               | length | len.  |      |       |           |             |
 *               +--------+-------+------+-------+-----------+-------------+
 * </pre>
 *
 * A group is its records one after the other, each at a multiple of 8, and zeros to a whole cache
 * line.
 */
public final class JournalFormat {
  // Record header.
  static final int R_CHECKSUM = 0;
  static final int R_INDEX = R_CHECKSUM + 4;
  static final int R_COUNT = R_INDEX + 2;
  static final int R_GROUP = R_COUNT + 2;
  static final int R_SEQUENCE = R_GROUP + 8;
  static final int R_GENERATION = R_SEQUENCE + 8;
  static final int R_EPOCH = R_GENERATION + 4;
  static final int R_VALUE_LENGTH = R_EPOCH + 4;
  static final int R_KEY_LENGTH = R_VALUE_LENGTH + 4;
  static final int R_KIND = R_KEY_LENGTH + 2;
  static final int R_FLAGS = R_KIND + 1;

  /** Length of a record's header; the key follows, then the value. */
  public static final int RECORD_HEADER_BYTES = R_FLAGS + 1;

  /** Alignment of a record in its group. */
  static final int RECORD_ALIGNMENT_BYTES = 8;

  /** Most records in a group: their index and count are 16-bit numbers. */
  public static final int MAX_GROUP_RECORDS = 0xFFFF;

  /** Longest key: its length is a 16-bit number. */
  public static final int MAX_KEY_BYTES = 0xFFFF;

  // Summary footer: the last cache line of a sealed segment.
  static final int F_MAGIC = 0;
  static final int F_GENERATION = F_MAGIC + 8;
  static final int F_COUNT = F_GENERATION + 8;
  static final int F_RESERVED = F_COUNT + 4;
  static final int F_TAIL = F_RESERVED + 4;
  static final int F_LAST_GROUP = F_TAIL + 8;
  static final int F_ZEROS = F_LAST_GROUP + 8;
  static final int F_CHECKSUM = 60;

  /** Length of a footer. */
  static final int FOOTER_BYTES = F_CHECKSUM + 4;

  /** First field of a footer: "LODESUMM" in ASCII, as bytes in that order. */
  static final long FOOTER_MAGIC = 0x4D4D555345444F4CL;

  // Summary entry: one a record, in the order of the records, right before the footer.
  static final int E_HASH = 0;
  static final int E_SEQUENCE = E_HASH + 8;
  static final int E_POSITION = E_SEQUENCE + 8;
  static final int E_LENGTH_AND_KIND = E_POSITION + 4;

  /** Length of a summary entry. */
  static final int ENTRY_BYTES = E_LENGTH_AND_KIND + 4;

  /** The kind's place in an entry's last field; the record's length in words is above it. */
  static final int ENTRY_KIND_BITS = 3;

  private JournalFormat() {}

  /**
   * Returns the length of a record.
   *
   * @param keyLength bytes of the key
   * @param valueLength bytes of the value
   * @return bytes, without padding
   */
  public static long recordBytes(int keyLength, int valueLength) {
    return (long) RECORD_HEADER_BYTES + keyLength + valueLength;
  }

  /** Rounds a record's length up to where the next one of its group starts. */
  static long padded(long recordBytes) {
    return (recordBytes + RECORD_ALIGNMENT_BYTES - 1) & -RECORD_ALIGNMENT_BYTES;
  }

  /**
   * Returns what a group of one record takes in a body.
   *
   * @param recordBytes the record's length
   * @return bytes, whole cache lines
   */
  public static long groupBytes(long recordBytes) {
    return PoolFormat.roundUpToLine(recordBytes);
  }

  /** Returns what a summary takes at the end of a segment: whole cache lines. */
  static long summaryBytes(long recordCount) {
    return PoolFormat.roundUpToLine(recordCount * ENTRY_BYTES) + FOOTER_BYTES;
  }

  /**
   * Returns the length of the longest record that an empty segment takes.
   *
   * @param segmentBytes the size of a segment
   * @return bytes, header and key included
   */
  public static long maxRecordBytes(long segmentBytes) {
    return segmentBytes - PoolFormat.BODY_OFFSET - summaryBytes(1);
  }

  /**
   * Returns what is added to every checksum of one record, so that it is valid nowhere else: a
   * function of the pool, the segment, the use of the segment and the place in it. The mixing is
   * the finalizer of MurmurHash3 (Appleby, public domain).
   *
   * @param seed the pool's salt
   * @param segmentIndex which segment
   * @param generation which use of it
   * @param position where in the segment
   * @return the mask that is exclusive-ored into the CRC32C
   */
  static int salt(long seed, int segmentIndex, long generation, long position) {
    long mixed = mix(seed ^ mix(generation ^ ((long) segmentIndex << 32)));
    return (int) mix(mixed ^ position);
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 33)) * 0xFF51AFD7ED558CCDL;
    z = (z ^ (z >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return z ^ (z >>> 33);
  }
}
