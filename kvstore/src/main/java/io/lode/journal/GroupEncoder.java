package io.lode.journal;

import static io.lode.journal.JournalFormat.*;

import io.lode.pool.Checksum;
import io.lode.pool.PoolFormat;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Builds the bytes of one group on the heap: {@link #clear}, {@link #add} the records, then {@link
 * #complete} once the group's place is known. All work that does not depend on the place is done
 * before. Used again and again by one thread at a time.
 */
final class GroupEncoder {
  /** Above this the buffer of a large group is given back when the next one starts. */
  private static final int KEPT_BYTES = 1 << 20;

  private final Checksum checksum = new Checksum();
  private byte[] bytes = new byte[1024];
  private MemorySegment memory = MemorySegment.ofArray(bytes);
  private int lengthBytes;
  private int[] starts = new int[16];
  private long[] hashes = new long[16];
  private long[] sequences = new long[16];
  private int[] payloads = new int[16];
  private byte[] checksums = new byte[0];
  private int firstFlags;
  private int count;

  /**
   * Starts a new group.
   *
   * @param several whether it may have more than one record
   * @param ownSequences whether the first record's version is not the group's sequence
   */
  void clear(boolean several, boolean ownSequences) {
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[1024];
      memory = MemorySegment.ofArray(bytes);
    }
    firstFlags =
        FLAG_FIRST | (several ? FLAG_SEVERAL : 0) | (ownSequences ? FLAG_GROUP_SEQUENCE : 0);
    lengthBytes = 0;
    count = 0;
  }

  /**
   * Adds a record.
   *
   * @param kind put or delete
   * @param key 1 to {@link JournalFormat#MAX_KEY_BYTES} bytes
   * @param value its value, empty for {@link RecordKind#DELETE}
   * @param hash the key's, under the pool's salt
   * @param sequence the record's version
   * @throws IllegalArgumentException if the key's length is not allowed, the group has as many
   *     records as it may, or it would pass 2 GiB
   */
  void add(RecordKind kind, byte[] key, byte[] value, long hash, long sequence) {
    requireKey(key);
    int start = startRecord(kind, key.length, value.length);
    int keyStart = start + RecordLayout.headerBytes(RecordLayout.flags(bytes, start));
    System.arraycopy(key, 0, bytes, keyStart, key.length);
    System.arraycopy(value, 0, bytes, keyStart + key.length, value.length);
    note(start, hash, sequence, checksum.of(bytes, keyStart, key.length + value.length));
  }

  /** Adds a record as it was read and verified, with its version. */
  void add(RecordReader record, long hash) {
    int start = startRecord(record.kind(), record.keyLength(), record.valueLength());
    int keyStart = start + RecordLayout.headerBytes(RecordLayout.flags(bytes, start));
    record.copyPayloadTo(bytes, keyStart);
    int payload = checksum.of(bytes, keyStart, record.keyLength() + record.valueLength());
    note(start, hash, record.sequence(), payload);
  }

  /** Returns where the record starts; its header is there but for what {@link #complete} adds. */
  private int startRecord(RecordKind kind, int keyLength, int valueLength) {
    requireOneMore();
    int flags = count == 0 ? firstFlags : 0;
    int start = (int) padded(lengthBytes);
    long end = (long) start + RecordLayout.headerBytes(flags) + keyLength + valueLength;
    reserve(PoolFormat.roundUpToLine(end));
    Arrays.fill(bytes, lengthBytes, start, (byte) 0);
    RecordLayout.set(bytes, start, kind, flags, keyLength, valueLength);
    lengthBytes = (int) end;
    return start;
  }

  private void requireOneMore() {
    if (count == (several() ? MAX_GROUP_RECORDS : 1)) {
      throw new IllegalArgumentException("a group has " + count + " records at most");
    }
  }

  private void note(int start, long hash, long sequence, int payload) {
    if (count == starts.length) {
      grow();
    }
    starts[count] = start;
    hashes[count] = hash;
    sequences[count] = sequence;
    payloads[count] = payload;
    count++;
  }

  private void grow() {
    starts = Arrays.copyOf(starts, 2 * count);
    hashes = Arrays.copyOf(hashes, 2 * count);
    sequences = Arrays.copyOf(sequences, 2 * count);
    payloads = Arrays.copyOf(payloads, 2 * count);
  }

  /**
   * Refuses a key that no record can have.
   *
   * @throws IllegalArgumentException if its length is not allowed
   */
  static void requireKey(byte[] key) {
    if (key.length == 0 || key.length > MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a key has 1 to " + MAX_KEY_BYTES + " bytes, this one has " + key.length);
    }
  }

  private boolean several() {
    return (firstFlags & FLAG_SEVERAL) != 0;
  }

  /** Whether all records are deletes. */
  boolean onlyRemoves() {
    for (int index = 0; index < count; index++) {
      if (!kind(index).removes()) {
        return false;
      }
    }
    return true;
  }

  /** Replaces the records' versions by consecutive ones. */
  void renumber(long firstSequence) {
    for (int index = 0; index < count; index++) {
      sequences[index] = firstSequence + index;
    }
  }

  /**
   * Writes the fields that depend on the place, and the checksums; the group is then ready to be
   * copied.
   *
   * @param use of the segment, see {@link JournalFormat#use}
   * @param epoch the owner's
   * @param position where the group starts in the segment
   * @param groupSequence above all before it in the segment
   */
  void complete(long use, long epoch, long position, long groupSequence) {
    if (several()) {
      RecordLayout.setLast(bytes, starts[count - 1]);
    }
    for (int index = 1; index < count; index++) {
      complete(index, use, position);
    }
    RecordLayout.setUse(bytes, 0, tag(use), (int) epoch);
    if (several()) {
      RecordLayout.setMembers(bytes, 0, count, membersChecksum());
    }
    if ((firstFlags & FLAG_GROUP_SEQUENCE) != 0) {
      RecordLayout.setGroup(bytes, 0, groupSequence);
    }
    complete(0, use, position);
    assert RecordLayout.group(bytes, 0) == groupSequence : "a group's sequence is its first's";
    Arrays.fill(bytes, lengthBytes, groupLength(), (byte) 0);
  }

  private void complete(int index, long use, long position) {
    int start = starts[index];
    RecordLayout.setSequence(bytes, start, sequences[index]);
    int crc = RecordLayout.computeChecksum(checksum, bytes, start, payloads[index]);
    RecordLayout.setChecksum(bytes, start, crc ^ salt(use, position + start));
  }

  private int membersChecksum() {
    int length = (count - 1) * Integer.BYTES;
    if (checksums.length < length) {
      checksums = new byte[2 * length];
    }
    for (int index = 1; index < count; index++) {
      RecordLayout.copyChecksum(bytes, starts[index], checksums, index - 1);
    }
    return checksum.of(checksums, 0, length);
  }

  /** Returns the group's bytes, of which the first {@link #groupLength} count. */
  MemorySegment memory() {
    return memory;
  }

  /** Returns the group's length in bytes: whole cache lines. */
  int groupLength() {
    return (int) PoolFormat.roundUpToLine(lengthBytes);
  }

  int count() {
    return count;
  }

  long keyHash(int index) {
    return hashes[index];
  }

  long sequence(int index) {
    return sequences[index];
  }

  /** Returns where a record starts, in bytes from the start of the group. */
  int recordStart(int index) {
    return starts[index];
  }

  /** Returns the space of a record: bytes up to where the next one starts. */
  int recordSpace(int index) {
    return (index == count - 1 ? groupLength() : starts[index + 1]) - starts[index];
  }

  RecordKind kind(int index) {
    return RecordLayout.kind(bytes, starts[index]);
  }

  private void reserve(long needed) {
    if (needed > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("a group of " + needed + " bytes passes 2 GiB");
    }
    if (needed > bytes.length) {
      bytes =
          Arrays.copyOf(
              bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * bytes.length)));
      memory = MemorySegment.ofArray(bytes);
    }
  }
}
