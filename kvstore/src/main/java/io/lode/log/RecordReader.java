package io.lode.log;

import static io.lode.log.GroupEncoder.U16;
import static io.lode.log.LogFormat.*;
import static io.lode.pool.PoolFormat.U32;
import static io.lode.pool.PoolFormat.U64;

import io.lode.pool.Checksum;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Checks and reads one record in a copy on the heap. Nothing that it reads is believed before the
 * checksum was found right: lengths are bounded by the copy, so hostile ones lead nowhere.
 *
 * <p>Not safe for concurrent use.
 */
public final class RecordReader {
  private static final int LEAST_RESERVED_BYTES = 512;
  private static final int LARGEST_KEPT_BYTES = 1 << 20;
  private static final byte UNREAD = (byte) 0xA5;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long seed;
  private final Checksum checksum = new Checksum();
  private byte[] bytes = new byte[0];
  private MemorySegment memory = MemorySegment.ofArray(bytes);
  private int start;
  private int keyLength;
  private int valueLength;

  /**
   * Makes a reader for a pool.
   *
   * @param seed the pool's salt
   */
  public RecordReader(long seed) {
    this.seed = seed;
  }

  /**
   * Makes room for a record in memory of the reader's own, which is used again for the next one
   * unless it is large.
   *
   * @param length bytes
   * @return heap memory of at least so many bytes, to be filled and then checked from 0
   */
  public MemorySegment reserve(int length) {
    if (bytes.length < length || bytes.length > LARGEST_KEPT_BYTES) {
      use(new byte[Math.max(length, LEAST_RESERVED_BYTES)]);
    }
    // A copy that meets an unreadable page fails late and leaves what was there before. It must not
    // be the same record, read earlier, nor what records are full of.
    Arrays.fill(bytes, 0, length, UNREAD);
    return memory;
  }

  /**
   * Sets the copy to read from.
   *
   * @param copy bytes of a segment
   */
  public void use(byte[] copy) {
    bytes = copy;
    memory = MemorySegment.ofArray(copy);
  }

  /**
   * Checks the record that should stand at a place.
   *
   * @param at where it starts in the copy
   * @param limit where the copy's valid bytes end
   * @param segmentIndex the segment that the copy is of
   * @param generation the use of the segment
   * @param position where in the segment the record starts
   * @return true if it is one; the accessors then tell what it says
   */
  public boolean check(int at, int limit, int segmentIndex, long generation, long position) {
    if (at < 0 || limit - at < RECORD_HEADER_BYTES) {
      return false;
    }
    start = at;
    keyLength = Short.toUnsignedInt(memory.get(U16, at + R_KEY_LENGTH));
    valueLength = memory.get(U32, at + R_VALUE_LENGTH);
    if (memory.get(U32, at + R_GENERATION) != (int) generation
        || keyLength == 0
        || valueLength < 0
        || recordBytes(keyLength, valueLength) > limit - at
        || !RecordKind.isKnown(bytes[at + R_KIND])
        || bytes[at + R_FLAGS] != 0) {
      return false;
    }
    int crc = checksum.of(bytes, at + R_INDEX, lengthBytes() - R_INDEX);
    return memory.get(U32, at + R_CHECKSUM)
        == (crc ^ salt(seed, segmentIndex, generation, position));
  }

  /**
   * Returns the length of the record that a header speaks of, not verified.
   *
   * @param memory where the header is
   * @param offset its first byte
   * @return bytes, or -1 if no record can have such a header
   */
  public static long claimedLength(MemorySegment memory, long offset) {
    int key = Short.toUnsignedInt(memory.get(U16, offset + R_KEY_LENGTH));
    int value = memory.get(U32, offset + R_VALUE_LENGTH);
    return key == 0 || value < 0 ? -1 : recordBytes(key, value);
  }

  /**
   * Tells whether a record that is not verified says that it is of a key. Reads no further than the
   * memory goes.
   *
   * @param memory where the record is
   * @param offset its first byte
   * @param key the key to compare with
   * @return true if its key has the same bytes
   */
  public static boolean claimsKey(MemorySegment memory, long offset, byte[] key) {
    long at = offset + RECORD_HEADER_BYTES;
    if (memory.byteSize() - at < key.length
        || Short.toUnsignedInt(memory.get(U16, offset + R_KEY_LENGTH)) != key.length) {
      return false;
    }
    int index = 0;
    for (; index <= key.length - Long.BYTES; index += Long.BYTES) {
      if ((long) LONGS.get(key, index) != memory.get(U64, at + index)) {
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

  int index() {
    return Short.toUnsignedInt(memory.get(U16, start + R_INDEX));
  }

  int count() {
    return Short.toUnsignedInt(memory.get(U16, start + R_COUNT));
  }

  long group() {
    return memory.get(U64, start + R_GROUP);
  }

  int epoch() {
    return memory.get(U32, start + R_EPOCH);
  }

  /**
   * Returns the record's length.
   *
   * @return bytes without padding
   */
  public int lengthBytes() {
    return (int) recordBytes(keyLength, valueLength);
  }

  /**
   * Returns the record's version.
   *
   * @return the store's sequence when it was written
   */
  public long sequence() {
    return memory.get(U64, start + R_SEQUENCE);
  }

  /**
   * Returns what the record says.
   *
   * @return its kind
   */
  public RecordKind kind() {
    return RecordKind.of(bytes[start + R_KIND]);
  }

  /**
   * Returns the hash of the key.
   *
   * @return the hash under the pool's salt
   */
  public long keyHash() {
    return KeyHash.of(seed, bytes, start + RECORD_HEADER_BYTES, keyLength);
  }

  /**
   * Returns a copy of the key.
   *
   * @return a new array
   */
  public byte[] key() {
    return copy(start + RECORD_HEADER_BYTES, keyLength);
  }

  /**
   * Tells whether the record is of a key.
   *
   * @param key the key to compare with
   * @return true if it is the same
   */
  public boolean hasKey(byte[] key) {
    int from = start + RECORD_HEADER_BYTES;
    return Arrays.equals(bytes, from, from + keyLength, key, 0, key.length);
  }

  /**
   * Returns a copy of the value.
   *
   * @return a new array
   */
  public byte[] value() {
    return copy(start + RECORD_HEADER_BYTES + keyLength, valueLength);
  }

  /**
   * Returns where the value starts.
   *
   * @return bytes from the start of the record
   */
  public int valueStart() {
    return RECORD_HEADER_BYTES + keyLength;
  }

  /**
   * Returns the length of the value.
   *
   * @return bytes
   */
  public int valueLength() {
    return valueLength;
  }

  /**
   * Copies the value.
   *
   * @param target where to
   * @param offset the first byte to write
   */
  public void copyValueTo(MemorySegment target, long offset) {
    MemorySegment.copy(memory, (long) start + valueStart(), target, offset, valueLength);
  }

  private byte[] copy(int from, int length) {
    return Arrays.copyOfRange(bytes, from, from + length);
  }
}
