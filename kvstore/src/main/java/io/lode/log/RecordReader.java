package io.lode.log;

import static io.lode.log.GroupEncoder.U16;
import static io.lode.log.LogFormat.*;
import static io.lode.pool.PoolFormat.U32;
import static io.lode.pool.PoolFormat.U64;

import io.lode.pool.Checksum;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Checks and reads one record in a copy on the heap. Nothing that it reads is believed before the
 * checksum was found right: lengths are bounded by the copy, so hostile ones lead nowhere.
 *
 * <p>Not safe for concurrent use.
 */
public final class RecordReader {
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

  private byte[] copy(int from, int length) {
    return Arrays.copyOfRange(bytes, from, from + length);
  }
}
