package io.lode.journal;

import static io.lode.journal.JournalFormat.*;

import io.lode.pool.Checksum;
import io.lode.pool.PoolFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The fields of a record, given the bytes and where the record starts in them: nothing else reads
 * or writes a record's header. In arrays, where records are built and checked; in mapped memory
 * only what is needed to tell whether a record is worth copying.
 */
final class RecordLayout {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  /** The length of a header with its extensions by its flags, 0 where no record has such flags. */
  private static final byte[] HEADER_BYTES = headerLengths();

  private RecordLayout() {}

  private static byte[] headerLengths() {
    byte[] lengths = new byte[1 << Byte.SIZE];
    lengths[0] = RECORD_HEADER_BYTES;
    int most = FLAG_FIRST | FLAG_SEVERAL | FLAG_GROUP_SEQUENCE;
    for (int flags = FLAG_FIRST; flags <= most; flags += 2 * FLAG_FIRST) {
      int groupSequence = (flags & FLAG_GROUP_SEQUENCE) == 0 ? 0 : GROUP_SEQUENCE_BYTES;
      lengths[flags] = (byte) (groupSequenceOffset(flags) + groupSequence);
      if ((flags & FLAG_SEVERAL) != 0) {
        lengths[flags | FLAG_LAST] = lengths[flags];
      }
    }
    lengths[FLAG_LAST] = RECORD_HEADER_BYTES;
    return lengths;
  }

  private static int groupSequenceOffset(int flags) {
    return (flags & FLAG_SEVERAL) == 0 ? SINGLE_HEADER_BYTES : B_CHECKSUM + Integer.BYTES;
  }

  /** Returns the length of a header with its extensions, 0 if no record has such flags. */
  static int headerBytes(int flags) {
    return HEADER_BYTES[flags & 0xFF];
  }

  /** Writes the fields that are known before the record has a place and a version. */
  static void set(
      byte[] bytes, int at, RecordKind kind, int flags, int keyLength, int valueLength) {
    SHORTS.set(bytes, at + R_KEY_LENGTH, (short) keyLength);
    bytes[at + R_KIND] = (byte) kind.number();
    bytes[at + R_FLAGS] = (byte) flags;
    INTS.set(bytes, at + R_VALUE_LENGTH, valueLength);
  }

  static void setSequence(byte[] bytes, int at, long sequence) {
    LONGS.set(bytes, at + R_SEQUENCE, sequence);
  }

  /** Writes the tag of the segment's use and the owner's epoch to a first record. */
  static void setUse(byte[] bytes, int at, int tag, int epoch) {
    INTS.set(bytes, at + G_TAG, tag);
    INTS.set(bytes, at + G_EPOCH, epoch);
  }

  /** Marks the last record of a group of several. */
  static void setLast(byte[] bytes, int at) {
    bytes[at + R_FLAGS] |= FLAG_LAST;
  }

  /** Writes the number of records, and the checksum of the checksums of all but the first. */
  static void setMembers(byte[] bytes, int at, int count, int checksum) {
    INTS.set(bytes, at + B_COUNT, count);
    INTS.set(bytes, at + B_CHECKSUM, checksum);
  }

  static void setGroup(byte[] bytes, int at, long group) {
    LONGS.set(bytes, at + groupSequenceOffset(flags(bytes, at)), group);
  }

  static void setChecksum(byte[] bytes, int at, int checksum) {
    INTS.set(bytes, at + R_CHECKSUM, checksum);
  }

  /**
   * Computes a record's checksum without its salt: of the header, in which the checksum of key and
   * value stands in place of its own. So the longer part can be done before the record has a
   * version.
   *
   * @param payload the CRC32C of key and value
   */
  static int computeChecksum(Checksum checksum, byte[] bytes, int at, int payload) {
    int before = checksum(bytes, at);
    setChecksum(bytes, at, payload);
    int computed = checksum.of(bytes, at, headerBytes(flags(bytes, at)));
    setChecksum(bytes, at, before);
    return computed;
  }

  static int checksum(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at + R_CHECKSUM);
  }

  /** Copies a record's checksum to an array of checksums. */
  static void copyChecksum(byte[] bytes, int at, byte[] checksums, int index) {
    INTS.set(checksums, index * Integer.BYTES, checksum(bytes, at));
  }

  static int keyLength(byte[] bytes, int at) {
    return Short.toUnsignedInt((short) SHORTS.get(bytes, at + R_KEY_LENGTH));
  }

  static int kindNumber(byte[] bytes, int at) {
    return bytes[at + R_KIND];
  }

  static RecordKind kind(byte[] bytes, int at) {
    return RecordKind.of(kindNumber(bytes, at));
  }

  static int flags(byte[] bytes, int at) {
    return bytes[at + R_FLAGS];
  }

  static boolean isFirst(byte[] bytes, int at) {
    return (flags(bytes, at) & FLAG_FIRST) != 0;
  }

  static long sequence(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at + R_SEQUENCE);
  }

  static int valueLength(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at + R_VALUE_LENGTH);
  }

  /** Returns the tag in a first record. */
  static int tag(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at + G_TAG);
  }

  /** Returns the epoch in a first record. */
  static int epoch(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at + G_EPOCH);
  }

  /** Returns the number of records in the group that a first record starts. */
  static int count(byte[] bytes, int at) {
    boolean several = (flags(bytes, at) & FLAG_SEVERAL) != 0;
    return several ? (int) INTS.get(bytes, at + B_COUNT) : 1;
  }

  /** Returns the checksum, in the first record of a group of several, of the others' checksums. */
  static int membersChecksum(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at + B_CHECKSUM);
  }

  /** Returns the sequence of the group that a first record starts. */
  static long group(byte[] bytes, int at) {
    int flags = flags(bytes, at);
    return (flags & FLAG_GROUP_SEQUENCE) == 0
        ? sequence(bytes, at)
        : (long) LONGS.get(bytes, at + groupSequenceOffset(flags));
  }

  static int lengthBytes(byte[] bytes, int at) {
    return headerBytes(flags(bytes, at)) + keyLength(bytes, at) + valueLength(bytes, at);
  }

  /**
   * Returns the length of the record that a header in mapped memory speaks of, not verified.
   *
   * @return bytes, or -1 if no record can have such a header
   */
  static long claimedLength(MemorySegment memory, long offset) {
    int word = memory.get(PoolFormat.U32, offset + R_KEY_LENGTH);
    int value = memory.get(PoolFormat.U32, offset + R_VALUE_LENGTH);
    int header = headerBytesIn(word);
    int key = keyLengthIn(word);
    return header == 0 || key == 0 || value < 0 ? -1 : (long) header + key + value;
  }

  /**
   * Returns the space of the record that a header in mapped memory speaks of, not verified: up to
   * where the next one starts.
   *
   * @return bytes, or -1 if no record can have such a header
   */
  static long claimedSpace(MemorySegment memory, long offset) {
    long length = claimedLength(memory, offset);
    if (length < 0) {
      return -1;
    }
    int flags = memory.get(ValueLayout.JAVA_BYTE, offset + R_FLAGS);
    boolean last = (flags & FLAG_LAST) != 0 || (flags & (FLAG_FIRST | FLAG_SEVERAL)) == FLAG_FIRST;
    long end = offset + length;
    return (last ? PoolFormat.roundUpToLine(end) : padded(end)) - offset;
  }

  /** The length of the key, the kind and the flags are read at once. */
  private static int keyLengthIn(int word) {
    return word & 0xFFFF;
  }

  private static int headerBytesIn(int word) {
    return headerBytes(word >>> ((R_FLAGS - R_KEY_LENGTH) * Byte.SIZE));
  }

  /**
   * Tells whether a record in mapped memory says that it is of a key; it is not verified. Reads no
   * further than the memory goes.
   */
  static boolean claimsKey(MemorySegment memory, long offset, byte[] key) {
    if (memory.byteSize() - offset < RECORD_HEADER_BYTES) {
      return false;
    }
    int word = memory.get(PoolFormat.U32, offset + R_KEY_LENGTH);
    long at = offset + headerBytesIn(word);
    if (keyLengthIn(word) != key.length || memory.byteSize() - at < key.length) {
      return false;
    }
    int index = 0;
    for (; index <= key.length - Long.BYTES; index += Long.BYTES) {
      if ((long) LONGS.get(key, index) != memory.get(PoolFormat.U64, at + index)) {
        return false;
      }
    }
    for (; index < key.length; index++) {
      if (key[index] != memory.get(ValueLayout.JAVA_BYTE, at + index)) {
        return false;
      }
    }
    return true;
  }
}
