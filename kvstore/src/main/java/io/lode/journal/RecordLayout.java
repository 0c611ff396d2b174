package io.lode.journal;

import static io.lode.journal.JournalFormat.*;

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
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private RecordLayout() {}

  /** Writes what is known before the record has a place. */
  static void set(byte[] bytes, int at, RecordKind kind, int keyLength, int valueLength) {
    INTS.set(bytes, at + R_VALUE_LENGTH, valueLength);
    SHORTS.set(bytes, at + R_KEY_LENGTH, (short) keyLength);
    bytes[at + R_KIND] = (byte) kind.number();
    bytes[at + R_FLAGS] = 0;
  }

  /** Writes the record's place in its group. */
  static void setMember(byte[] bytes, int at, int index, int count, long group) {
    SHORTS.set(bytes, at + R_INDEX, (short) index);
    SHORTS.set(bytes, at + R_COUNT, (short) count);
    LONGS.set(bytes, at + R_GROUP, group);
  }

  static void setSequence(byte[] bytes, int at, long sequence) {
    LONGS.set(bytes, at + R_SEQUENCE, sequence);
  }

  /** Writes which use of the segment the record belongs to, and by which owner. */
  static void setUse(byte[] bytes, int at, int generation, int epoch) {
    INTS.set(bytes, at + R_GENERATION, generation);
    INTS.set(bytes, at + R_EPOCH, epoch);
  }

  static void setChecksum(byte[] bytes, int at, int checksum) {
    INTS.set(bytes, at + R_CHECKSUM, checksum);
  }

  static int checksum(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at + R_CHECKSUM);
  }

  static int index(byte[] bytes, int at) {
    return Short.toUnsignedInt((short) SHORTS.get(bytes, at + R_INDEX));
  }

  static int count(byte[] bytes, int at) {
    return Short.toUnsignedInt((short) SHORTS.get(bytes, at + R_COUNT));
  }

  static long group(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at + R_GROUP);
  }

  static long sequence(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at + R_SEQUENCE);
  }

  static int generation(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at + R_GENERATION);
  }

  static int epoch(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at + R_EPOCH);
  }

  static int keyLength(byte[] bytes, int at) {
    return Short.toUnsignedInt((short) SHORTS.get(bytes, at + R_KEY_LENGTH));
  }

  static int valueLength(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at + R_VALUE_LENGTH);
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

  static int lengthBytes(byte[] bytes, int at) {
    return (int) recordBytes(keyLength(bytes, at), valueLength(bytes, at));
  }

  /** Where the key starts, from the start of the record. */
  static int keyStart() {
    return RECORD_HEADER_BYTES;
  }

  /**
   * Returns the length of the record that a header in mapped memory speaks of, not verified.
   *
   * @return bytes, or -1 if no record can have such a header
   */
  static long claimedLength(MemorySegment memory, long offset) {
    int key = Short.toUnsignedInt(memory.get(U16, offset + R_KEY_LENGTH));
    int value = memory.get(PoolFormat.U32, offset + R_VALUE_LENGTH);
    return key == 0 || value < 0 ? -1 : recordBytes(key, value);
  }

  /**
   * Tells whether a record in mapped memory says that it is of a key; it is not verified. Reads no
   * further than the memory goes.
   */
  static boolean claimsKey(MemorySegment memory, long offset, byte[] key) {
    long at = offset + keyStart();
    if (memory.byteSize() - at < key.length
        || Short.toUnsignedInt(memory.get(U16, offset + R_KEY_LENGTH)) != key.length) {
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
