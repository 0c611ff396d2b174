package io.lode.journal;

import static io.lode.journal.JournalFormat.*;

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
  private static final int LEAST_RESERVED_BYTES = 512;
  private static final int LARGEST_KEPT_BYTES = 1 << 20;
  private static final byte UNREAD = (byte) 0xA5;

  private final Checksum checksum = new Checksum();
  private byte[] bytes = new byte[0];
  private MemorySegment memory = MemorySegment.ofArray(bytes);
  private int start;
  private int headerLength;
  private int keyLength;
  private int valueLength;

  /**
   * Reserves memory of the reader for a record. The memory is used again for the next record,
   * unless it is large.
   *
   * @param length bytes
   * @return heap memory of at least this length; fill it, then check the record at 0
   */
  public MemorySegment reserve(int length) {
    if (bytes.length < length || bytes.length > LARGEST_KEPT_BYTES) {
      use(new byte[Math.max(length, LEAST_RESERVED_BYTES)]);
    }
    // A copy that meets an unreadable page fails late and leaves what was there before. It must be
    // neither the same record, read earlier, nor a value that records often hold.
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
   * @param use of the segment that the copy is of, see {@link JournalFormat#use}
   * @param position where in the segment the record starts
   * @return true if a valid record stands there; the accessors then return its fields
   */
  boolean check(int at, int limit, long use, long position) {
    if (at < 0 || limit - at < RECORD_HEADER_BYTES) {
      return false;
    }
    start = at;
    headerLength = RecordLayout.headerBytes(RecordLayout.flags(bytes, at));
    keyLength = RecordLayout.keyLength(bytes, at);
    valueLength = RecordLayout.valueLength(bytes, at);
    if (headerLength == 0
        || keyLength == 0
        || valueLength < 0
        || (long) headerLength + keyLength + valueLength > limit - at
        || !RecordKind.isKnown(RecordLayout.kindNumber(bytes, at))) {
      return false;
    }
    int payload = checksum.of(bytes, at + headerLength, keyLength + valueLength);
    int crc = RecordLayout.computeChecksum(checksum, bytes, at, payload);
    return RecordLayout.checksum(bytes, at) == (crc ^ salt(use, position));
  }

  /**
   * Returns the record's length.
   *
   * @return bytes without padding
   */
  public int lengthBytes() {
    return headerLength + keyLength + valueLength;
  }

  /**
   * Returns the record's version.
   *
   * @return the store's sequence when it was written
   */
  public long sequence() {
    return RecordLayout.sequence(bytes, start);
  }

  /**
   * Returns the record's kind.
   *
   * @return put or delete
   */
  public RecordKind kind() {
    return RecordLayout.kind(bytes, start);
  }

  /**
   * Returns the hash of the key.
   *
   * @param seed the pool's salt
   * @return the hash under it
   */
  public long keyHash(long seed) {
    return KeyHash.of(seed, bytes, start + headerLength, keyLength);
  }

  /**
   * Returns a copy of the key.
   *
   * @return a new array
   */
  public byte[] key() {
    return copy(start + headerLength, keyLength);
  }

  /**
   * Tells whether the record is of a given key.
   *
   * @param key the key to compare with
   * @return true if the record's key has the same bytes
   */
  public boolean hasKey(byte[] key) {
    int from = start + headerLength;
    return Arrays.equals(bytes, from, from + keyLength, key, 0, key.length);
  }

  /** Returns the length of the key in bytes. */
  int keyLength() {
    return keyLength;
  }

  /** Copies key and value, one behind the other. */
  void copyPayloadTo(byte[] target, int at) {
    System.arraycopy(bytes, start + headerLength, target, at, keyLength + valueLength);
  }

  /**
   * Returns a copy of the value.
   *
   * @return a new array
   */
  public byte[] value() {
    return copy(start + headerLength + keyLength, valueLength);
  }

  /**
   * Returns where the value starts.
   *
   * @return bytes from the start of the record
   */
  public int valueStart() {
    return headerLength + keyLength;
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
