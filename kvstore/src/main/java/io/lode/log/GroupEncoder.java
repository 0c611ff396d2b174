package io.lode.log;

import static io.lode.log.LogFormat.*;
import static io.lode.pool.PoolFormat.U32;
import static io.lode.pool.PoolFormat.U64;

import io.lode.pool.Checksum;
import io.lode.pool.PoolFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Builds one group on the heap: {@link #clear}, {@link #add} the records, then {@link #complete}
 * once it is known where the group goes. Used again and again by one thread at a time.
 */
public final class GroupEncoder {
  static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Above this the buffer of a large group is given back when the next one starts. */
  private static final int KEPT_BYTES = 1 << 20;

  private final long seed;
  private final Checksum checksum = new Checksum();
  private byte[] bytes = new byte[1024];
  private MemorySegment memory = MemorySegment.ofArray(bytes);
  private int lengthBytes;
  private int[] starts = new int[16];
  private long[] hashes = new long[16];
  private int count;

  /**
   * Makes an encoder for a pool.
   *
   * @param seed the pool's salt
   */
  public GroupEncoder(long seed) {
    this.seed = seed;
  }

  /** Starts a new group. */
  public void clear() {
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
   * @param key 1 to {@link LogFormat#MAX_KEY_BYTES} bytes
   * @param value its value, empty for {@link RecordKind#DELETE}
   * @throws IllegalArgumentException if the key's length is not allowed, the group has {@link
   *     LogFormat#MAX_GROUP_RECORDS} records, or it would pass 2 GiB
   */
  public void add(RecordKind kind, byte[] key, byte[] value) {
    add(kind, key, value, KeyHash.of(seed, key, 0, key.length));
  }

  /**
   * Adds a record.
   *
   * @param kind what it says
   * @param key as {@link #add(RecordKind, byte[], byte[])}
   * @param value as there
   * @param hash the key's, under the pool's salt
   */
  public void add(RecordKind kind, byte[] key, byte[] value, long hash) {
    requireKey(key);
    if (count == MAX_GROUP_RECORDS) {
      throw new IllegalArgumentException("a group has " + MAX_GROUP_RECORDS + " records at most");
    }
    int start = (int) padded(lengthBytes);
    long end = start + recordBytes(key.length, value.length);
    reserve(PoolFormat.roundUpToLine(end));
    Arrays.fill(bytes, lengthBytes, start, (byte) 0);
    memory.set(U32, start + R_VALUE_LENGTH, value.length);
    memory.set(U16, start + R_KEY_LENGTH, (short) key.length);
    bytes[start + R_KIND] = (byte) kind.number();
    bytes[start + R_FLAGS] = 0;
    System.arraycopy(key, 0, bytes, start + RECORD_HEADER_BYTES, key.length);
    System.arraycopy(value, 0, bytes, start + RECORD_HEADER_BYTES + key.length, value.length);
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      hashes = Arrays.copyOf(hashes, 2 * count);
    }
    starts[count] = start;
    hashes[count] = hash;
    count++;
    lengthBytes = (int) end;
  }

  /**
   * Refuses a key that no record can have.
   *
   * @param key the key
   * @throws IllegalArgumentException if its length is not allowed
   */
  public static void requireKey(byte[] key) {
    if (key.length == 0 || key.length > MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a key has 1 to " + MAX_KEY_BYTES + " bytes, this one has " + key.length);
    }
  }

  /** Fills in what depends on the place, with checksums; the group is then ready to be copied. */
  void complete(int segmentIndex, long generation, long epoch, long position, long groupSequence) {
    for (int index = 0; index < count; index++) {
      int start = starts[index];
      memory.set(U16, start + R_INDEX, (short) index);
      memory.set(U16, start + R_COUNT, (short) count);
      memory.set(U64, start + R_GROUP, groupSequence);
      memory.set(U64, start + R_SEQUENCE, groupSequence + index);
      memory.set(U32, start + R_GENERATION, (int) generation);
      memory.set(U32, start + R_EPOCH, (int) epoch);
      int length = recordLength(index);
      int crc = checksum.of(bytes, start + R_INDEX, length - R_INDEX);
      int salt = salt(seed, segmentIndex, generation, position + start);
      memory.set(U32, start + R_CHECKSUM, crc ^ salt);
    }
    Arrays.fill(bytes, lengthBytes, groupLength(), (byte) 0);
  }

  /** Returns the group's bytes, of which the first {@link #groupLength} count. */
  MemorySegment memory() {
    return memory;
  }

  /**
   * Returns the group's length.
   *
   * @return bytes, whole cache lines
   */
  public int groupLength() {
    return (int) PoolFormat.roundUpToLine(lengthBytes);
  }

  /**
   * Returns the number of records so far.
   *
   * @return the count
   */
  public int count() {
    return count;
  }

  /**
   * Returns the hash of a record's key.
   *
   * @param index which record, from 0
   * @return its hash under the pool's salt
   */
  public long keyHash(int index) {
    return hashes[index];
  }

  /**
   * Returns where a record starts in the group.
   *
   * @param index which record, from 0
   * @return bytes from the start of the group
   */
  public int recordStart(int index) {
    return starts[index];
  }

  /**
   * Returns the length of a record.
   *
   * @param index which record, from 0
   * @return bytes without padding
   */
  public int recordLength(int index) {
    int start = starts[index];
    return (int)
        recordBytes(
            Short.toUnsignedInt(memory.get(U16, start + R_KEY_LENGTH)),
            memory.get(U32, start + R_VALUE_LENGTH));
  }

  /**
   * Returns what a record says.
   *
   * @param index which record, from 0
   * @return its kind
   */
  public RecordKind kind(int index) {
    return RecordKind.of(bytes[starts[index] + R_KIND]);
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
