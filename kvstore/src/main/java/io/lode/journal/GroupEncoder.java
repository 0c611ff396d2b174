package io.lode.journal;

import static io.lode.journal.JournalFormat.*;

import io.lode.pool.Checksum;
import io.lode.pool.PoolFormat;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Builds the bytes of one group on the heap: {@link #clear}, {@link #add} the records, then {@link
 * #complete} once it is known where the group goes. Used again and again by one thread at a time.
 */
final class GroupEncoder {
  /** Above this the buffer of a large group is given back when the next one starts. */
  private static final int KEPT_BYTES = 1 << 20;

  private final long seed;
  private final Checksum checksum = new Checksum();
  private byte[] bytes = new byte[1024];
  private MemorySegment memory = MemorySegment.ofArray(bytes);
  private int lengthBytes;
  private int[] starts = new int[16];
  private long[] hashes = new long[16];
  private long[] sequences = new long[16];
  private int count;

  /**
   * Makes an encoder for a pool.
   *
   * @param seed the pool's salt
   */
  GroupEncoder(long seed) {
    this.seed = seed;
  }

  /** Starts a new group. */
  void clear() {
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[1024];
      memory = MemorySegment.ofArray(bytes);
    }
    lengthBytes = 0;
    count = 0;
  }

  /**
   * Adds a record.
   *
   * @param kind what it says
   * @param key 1 to {@link JournalFormat#MAX_KEY_BYTES} bytes
   * @param value its value, empty for {@link RecordKind#DELETE}
   * @param hash the key's, under the pool's salt
   * @param sequence the record's version
   * @throws IllegalArgumentException if the key's length is not allowed, the group has {@link
   *     JournalFormat#MAX_GROUP_RECORDS} records, or it would pass 2 GiB
   */
  void add(RecordKind kind, byte[] key, byte[] value, long hash, long sequence) {
    requireKey(key);
    if (count == MAX_GROUP_RECORDS) {
      throw new IllegalArgumentException("a group has " + MAX_GROUP_RECORDS + " records at most");
    }
    int start = (int) padded(lengthBytes);
    long end = start + recordBytes(key.length, value.length);
    reserve(PoolFormat.roundUpToLine(end));
    Arrays.fill(bytes, lengthBytes, start, (byte) 0);
    RecordLayout.set(bytes, start, kind, key.length, value.length);
    int keyStart = start + RecordLayout.keyStart();
    System.arraycopy(key, 0, bytes, keyStart, key.length);
    System.arraycopy(value, 0, bytes, keyStart + key.length, value.length);
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      hashes = Arrays.copyOf(hashes, 2 * count);
      sequences = Arrays.copyOf(sequences, 2 * count);
    }
    starts[count] = start;
    hashes[count] = hash;
    sequences[count] = sequence;
    count++;
    lengthBytes = (int) end;
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

  /** Gives the records other versions, which follow each other. */
  void renumber(long firstSequence) {
    for (int index = 0; index < count; index++) {
      sequences[index] = firstSequence + index;
    }
  }

  /** Fills in what depends on the place, with checksums; the group is then ready to be copied. */
  void complete(int segmentIndex, long generation, long epoch, long position, long groupSequence) {
    for (int index = 0; index < count; index++) {
      int start = starts[index];
      RecordLayout.setMember(bytes, start, index, count, groupSequence);
      RecordLayout.setSequence(bytes, start, sequences[index]);
      RecordLayout.setUse(bytes, start, (int) generation, (int) epoch);
      int length = recordLength(index);
      int crc = checksum.of(bytes, start + R_INDEX, length - R_INDEX);
      int salt = salt(seed, segmentIndex, generation, position + start);
      RecordLayout.setChecksum(bytes, start, crc ^ salt);
    }
    Arrays.fill(bytes, lengthBytes, groupLength(), (byte) 0);
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

  /** Returns the length of a record in bytes, without padding. */
  int recordLength(int index) {
    return RecordLayout.lengthBytes(bytes, starts[index]);
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
