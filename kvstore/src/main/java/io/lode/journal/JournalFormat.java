package io.lode.journal;

import io.lode.pool.PoolFormat;

/**
 * The layout of a segment's body: groups of records from its start, and once the segment is sealed
 * a summary that ends with the segment. {@code docs/FORMAT.md} draws what this class computes; a
 * test compares the two.
 *
 * <pre>
 *   group   := first record, further records, zeros to a whole cache line
 *   record  := header, extensions, key, value, zeros to a multiple of 8
 *
 *   header      0        4        6      7       8          16       20
 *               +--------+--------+------+-------+----------+--------+
 *               | check  | key    | kind | flags | sequence | value  |
 *               |        | length |      |       |          | length |
 *               +--------+--------+------+-------+----------+--------+
 *   first       20       24       28
 *               +--------+--------+
 *               | tag    | epoch  |
 *               +--------+--------+
 *   of several  28       32       36
 *               +--------+--------+
 *               | count  | check  |
 *               |        | of all |
 *               +--------+--------+
 *   moved       28 or 36 +8
 *               +-----------------+
 *               | group sequence  |
 *               +-----------------+
 * </pre>
 */
public final class JournalFormat {
  // Record header.
  static final int R_CHECKSUM = 0;
  static final int R_KEY_LENGTH = R_CHECKSUM + 4;
  static final int R_KIND = R_KEY_LENGTH + 2;
  static final int R_FLAGS = R_KIND + 1;
  static final int R_SEQUENCE = R_FLAGS + 1;
  static final int R_VALUE_LENGTH = R_SEQUENCE + 8;

  /** Length of the header that every record has; its extensions follow, the key, the value. */
  public static final int RECORD_HEADER_BYTES = R_VALUE_LENGTH + 4;

  // Extension of a group's first record.
  static final int G_TAG = RECORD_HEADER_BYTES;
  static final int G_EPOCH = G_TAG + 4;

  /** Length of the header of a record that is a group alone. */
  public static final int SINGLE_HEADER_BYTES = G_EPOCH + 4;

  // Extension of the first record of a group of several.
  static final int B_COUNT = SINGLE_HEADER_BYTES;
  static final int B_CHECKSUM = B_COUNT + 4;

  /** Length of the extension that holds a group's sequence where it is not the first record's. */
  static final int GROUP_SEQUENCE_BYTES = 8;

  /** Flag: the record is the first of its group. Others never start one. */
  static final int FLAG_FIRST = 1;

  /** Flag of a first record: the group has several, or could have had. */
  static final int FLAG_SEVERAL = 2;

  /** Flag of a first record: the group's sequence is not the record's. */
  static final int FLAG_GROUP_SEQUENCE = 4;

  /** Flag: the record is the last of a group of several, and takes the rest of its line. */
  static final int FLAG_LAST = 8;

  /** Alignment of a record in its group. */
  static final int RECORD_ALIGNMENT_BYTES = 8;

  /** Most records in a group: as many as its sequence may be behind the journal's. */
  public static final int MAX_GROUP_RECORDS = 0xFFFF;

  /** Longest key: its length is a 16-bit number. */
  public static final int MAX_KEY_BYTES = 0xFFFF;

  // Summary footer: the last cache line of a sealed segment.
  static final int F_MAGIC = 0;
  static final int F_GENERATION = F_MAGIC + 8;
  static final int F_COUNT = F_GENERATION + 8;
  static final int F_FLAGS = F_COUNT + 4;
  static final int F_TAIL = F_FLAGS + 4;
  static final int F_LAST_GROUP = F_TAIL + 8;
  static final int F_FIRST_SEQUENCE = F_LAST_GROUP + 8;
  static final int F_ZEROS = F_FIRST_SEQUENCE + 8;
  static final int F_CHECKSUM = 60;

  /** Length of a footer. */
  static final int FOOTER_BYTES = F_CHECKSUM + 4;

  /** First field of a footer: "LODESUMM" in ASCII, as bytes in that order. */
  static final long FOOTER_MAGIC = 0x4D4D555345444F4CL;

  /** Flag of a footer: the entries are {@link #WIDE_ENTRY_BYTES} long. */
  static final int FLAG_WIDE = 1;

  // Summary entry: one a record, in the order of the records, right before the footer.
  static final int E_HASH = 0;
  static final int E_SEQUENCE = E_HASH + 8;
  static final int E_POSITION_AND_KIND = E_SEQUENCE + 4;

  /** Length of a summary entry. */
  static final int ENTRY_BYTES = E_POSITION_AND_KIND + 4;

  static final int E_SEQUENCE_HIGH = ENTRY_BYTES;

  /** Length of an entry where the versions in a segment are further apart than 32 bits say. */
  static final int WIDE_ENTRY_BYTES = E_SEQUENCE_HIGH + 4;

  /** The kind's place in an entry's last field; the position in words is above it. */
  static final int ENTRY_KIND_BITS = 5;

  private JournalFormat() {}

  /**
   * Returns the length of a record that is a group alone.
   *
   * @param keyLength bytes of the key
   * @param valueLength bytes of the value
   * @return bytes, without padding
   */
  public static long recordBytes(int keyLength, int valueLength) {
    return (long) SINGLE_HEADER_BYTES + keyLength + valueLength;
  }

  /** Rounds a record's length up to where the next one of its group starts. */
  static long padded(long recordBytes) {
    return (recordBytes + RECORD_ALIGNMENT_BYTES - 1) & -RECORD_ALIGNMENT_BYTES;
  }

  /**
   * Returns the length of a group of one record.
   *
   * @param recordBytes the record's length
   * @return bytes, whole cache lines
   */
  public static long groupBytes(long recordBytes) {
    return PoolFormat.roundUpToLine(recordBytes);
  }

  /** Returns the length of a summary at the end of a segment, in bytes: whole cache lines. */
  static long summaryBytes(long recordCount, boolean wide) {
    int entryBytes = wide ? WIDE_ENTRY_BYTES : ENTRY_BYTES;
    return PoolFormat.roundUpToLine(recordCount * entryBytes) + FOOTER_BYTES;
  }

  /**
   * Returns what an empty segment has for a group and its summary: a line less than its body, for
   * what moving a record adds to its header.
   */
  static long recordSpace(long segmentBytes) {
    return segmentBytes - PoolFormat.BODY_OFFSET - PoolFormat.LINE_BYTES;
  }

  /**
   * Returns the length of the longest record that an empty segment takes.
   *
   * @param segmentBytes the size of a segment
   * @return bytes, header and key included
   */
  public static long maxRecordBytes(long segmentBytes) {
    return recordSpace(segmentBytes) - summaryBytes(1, false);
  }

  /**
   * Returns a number that tells one use of one segment from every other: a function of the pool,
   * the segment and the use. Its upper half is the {@linkplain #tag tag} of its groups, and with a
   * position it is the {@linkplain #salt salt} of the record there. The mixing is the finalizer of
   * MurmurHash3 (Appleby, public domain).
   *
   * @param seed the pool's random number
   * @param segmentNumber which segment of which device
   * @param generation which use of it
   * @return any number
   */
  static long use(long seed, long segmentNumber, long generation) {
    return mix(seed ^ mix(generation ^ mix(segmentNumber)));
  }

  /**
   * Returns the tag in a group's first record, by which a scan rejects most other bytes without
   * computing a checksum.
   */
  static int tag(long use) {
    return (int) (use >>> Integer.SIZE);
  }

  /**
   * Returns the mask that makes the checksum of one record valid in its place only.
   *
   * @param use the segment's, see {@link #use}
   * @param position where in the segment
   * @return the mask, to be exclusive-ored into the CRC32C
   */
  static int salt(long use, long position) {
    return (int) mix(use ^ position);
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 33)) * 0xFF51AFD7ED558CCDL;
    z = (z ^ (z >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return z ^ (z >>> 33);
  }
}
