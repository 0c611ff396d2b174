package io.lode.log;

import static io.lode.log.LogFormat.*;
import static io.lode.pool.PoolFormat.U32;
import static io.lode.pool.PoolFormat.U64;

import io.lode.pool.Checksum;
import io.lode.pool.GuardedRead;
import io.lode.pool.Pool;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a segment holds, one entry a record: the hash of the key, the version, the place, the length
 * and the kind. It is gathered while the segment is written and stands at the end of a sealed one,
 * where it is a second witness: a record that rots is known to have been there.
 */
final class Summary {
  private byte[] entries;
  private MemorySegment memory;
  private int count;

  Summary() {
    this(new byte[16 * ENTRY_BYTES], 0);
  }

  private Summary(byte[] entries, int count) {
    this.entries = entries;
    this.memory = MemorySegment.ofArray(entries);
    this.count = count;
  }

  void add(long hash, long sequence, long position, long lengthBytes, RecordKind kind) {
    int at = count * ENTRY_BYTES;
    if (at == entries.length) {
      entries = Arrays.copyOf(entries, 2 * entries.length);
      memory = MemorySegment.ofArray(entries);
    }
    long words = padded(lengthBytes) / RECORD_ALIGNMENT_BYTES;
    memory.set(U64, at + E_HASH, hash);
    memory.set(U64, at + E_SEQUENCE, sequence);
    memory.set(U32, at + E_POSITION, (int) (position / RECORD_ALIGNMENT_BYTES));
    memory.set(U32, at + E_LENGTH_AND_KIND, (int) (words << ENTRY_KIND_BITS) | kind.number());
    count++;
  }

  int count() {
    return count;
  }

  long hash(int index) {
    return memory.get(U64, index * ENTRY_BYTES + E_HASH);
  }

  long sequence(int index) {
    return memory.get(U64, index * ENTRY_BYTES + E_SEQUENCE);
  }

  /** Bytes from the start of the segment. */
  long position(int index) {
    return Integer.toUnsignedLong(memory.get(U32, index * ENTRY_BYTES + E_POSITION))
        * RECORD_ALIGNMENT_BYTES;
  }

  /** The record's length rounded up to its alignment. */
  long paddedLength(int index) {
    int field = memory.get(U32, index * ENTRY_BYTES + E_LENGTH_AND_KIND);
    return (long) (field >>> ENTRY_KIND_BITS) * RECORD_ALIGNMENT_BYTES;
  }

  int kindNumber(int index) {
    return memory.get(U32, index * ENTRY_BYTES + E_LENGTH_AND_KIND) & ((1 << ENTRY_KIND_BITS) - 1);
  }

  /** Returns the bytes that seal a segment, to be written so that they end with it. */
  byte[] encode(long seed, int segmentIndex, long generation, long tail, long lastGroup) {
    byte[] raw = new byte[(int) summaryBytes(count)];
    MemorySegment bytes = MemorySegment.ofArray(raw);
    int footer = raw.length - FOOTER_BYTES;
    int first = footer - count * ENTRY_BYTES;
    System.arraycopy(entries, 0, raw, first, count * ENTRY_BYTES);
    bytes.set(U64, footer + F_MAGIC, FOOTER_MAGIC);
    bytes.set(U64, footer + F_GENERATION, generation);
    bytes.set(U32, footer + F_COUNT, count);
    bytes.set(U64, footer + F_TAIL, tail);
    bytes.set(U64, footer + F_LAST_GROUP, lastGroup);
    int crc = new Checksum().of(raw, first, raw.length - first - Integer.BYTES);
    bytes.set(U32, footer + F_CHECKSUM, crc ^ salt(seed, segmentIndex, generation, Long.MAX_VALUE));
    return raw;
  }

  /**
   * A summary read from a sealed segment.
   *
   * @param summary its entries
   * @param tail where the records end, from the start of the segment
   * @param lastGroup the sequence of the last group
   */
  record Sealed(Summary summary, long tail, long lastGroup) {}

  /** Reads the summary of a segment, or null if it has none that is valid for this generation. */
  static @Nullable Sealed read(Pool pool, int segmentIndex, long generation) {
    byte[] rawFooter = new byte[FOOTER_BYTES];
    MemorySegment footer = MemorySegment.ofArray(rawFooter);
    long segmentBytes = pool.segmentBytes();
    long end = pool.segmentOffset(segmentIndex) + segmentBytes;
    if (!GuardedRead.copy(pool.map(), end - FOOTER_BYTES, footer, 0, FOOTER_BYTES)
        || footer.get(U64, F_MAGIC) != FOOTER_MAGIC
        || footer.get(U64, F_GENERATION) != generation) {
      return null;
    }
    int count = footer.get(U32, F_COUNT);
    long tail = footer.get(U64, F_TAIL);
    if (count < 0 || tail < 0 || tail > segmentBytes || summaryBytes(count) > segmentBytes - tail) {
      return null;
    }
    int entryBytes = count * ENTRY_BYTES;
    byte[] raw = new byte[entryBytes + FOOTER_BYTES];
    if (!GuardedRead.copy(
        pool.map(), end - raw.length, MemorySegment.ofArray(raw), 0, raw.length)) {
      return null;
    }
    int crc = new Checksum().of(raw, 0, raw.length - Integer.BYTES);
    int salt = salt(pool.seed(), segmentIndex, generation, Long.MAX_VALUE);
    if ((crc ^ salt) != MemorySegment.ofArray(raw).get(U32, raw.length - Integer.BYTES)) {
      return null;
    }
    return new Sealed(
        new Summary(Arrays.copyOf(raw, Math.max(entryBytes, ENTRY_BYTES)), count),
        tail,
        footer.get(U64, F_LAST_GROUP));
  }
}
