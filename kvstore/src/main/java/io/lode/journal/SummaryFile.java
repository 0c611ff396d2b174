package io.lode.journal;

import static io.lode.journal.JournalFormat.*;
import static io.lode.pool.PoolFormat.BODY_OFFSET;
import static io.lode.pool.PoolFormat.U32;
import static io.lode.pool.PoolFormat.U64;

import io.lode.pmem.CopyFlags;
import io.lode.pool.Checksum;
import io.lode.pool.Segment;
import io.lode.pool.SegmentHeader;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The summary at the end of a sealed segment: entries, then a footer, under one checksum. Reading
 * believes nothing that contradicts itself, so what it returns lies in the segment.
 *
 * <p>Not safe for concurrent use; the memory that is read into is kept from segment to segment.
 */
final class SummaryFile {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** Entries that are written at a time. */
  private static final int WRITTEN_ENTRIES = 1 << 11;

  /** In place of a record's position: no place in a segment has it. */
  private static final long SALT_POSITION = Long.MAX_VALUE;

  private byte[] raw = new byte[0];
  private long[] words = new long[0];

  /**
   * A summary that was read.
   *
   * @param summary its entries, until the next one is read
   * @param tail where the records end, from the start of the segment
   * @param lastGroup the sequence of the last group
   */
  record Sealed(Summary summary, long tail, long lastGroup) {}

  /**
   * Seals a segment, durably.
   *
   * @param use the segment's, see {@link JournalFormat#use}
   */
  static void write(
      Summary summary, Segment segment, long use, long generation, long tail, long lastGroup) {
    boolean wide = summary.isWide();
    int width = wide ? WIDE_ENTRY_BYTES : ENTRY_BYTES;
    int count = summary.count();
    long length = (long) count * width + FOOTER_BYTES;
    long start = segment.lengthBytes() - length;
    assert start >= tail : count + " entries behind " + tail;
    long first = count == 0 ? 0 : summary.firstSequence();
    var checksum = new Checksum();
    checksum.start();
    byte[] part = new byte[Math.min(count, WRITTEN_ENTRIES) * width];
    for (int done = 0; done < count; ) {
      int entries = Math.min(count - done, WRITTEN_ENTRIES);
      for (int entry = 0; entry < entries; entry++) {
        encode(summary, done + entry, first, wide, part, entry * width);
      }
      checksum.and(part, 0, entries * width);
      MemorySegment bytes = MemorySegment.ofArray(part);
      segment.copy(start + (long) done * width, bytes, (long) entries * width, CopyFlags.NO_FLUSH);
      done += entries;
    }
    byte[] rawFooter = new byte[FOOTER_BYTES];
    MemorySegment footer = MemorySegment.ofArray(rawFooter);
    footer.set(U64, F_MAGIC, FOOTER_MAGIC);
    footer.set(U64, F_GENERATION, generation);
    footer.set(U32, F_COUNT, count);
    footer.set(U32, F_FLAGS, wide ? FLAG_WIDE : 0);
    footer.set(U64, F_TAIL, tail);
    footer.set(U64, F_LAST_GROUP, lastGroup);
    footer.set(U64, F_FIRST_SEQUENCE, first);
    int crc = checksum.and(rawFooter, 0, F_CHECKSUM);
    footer.set(U32, F_CHECKSUM, crc ^ salt(use, SALT_POSITION));
    long end = segment.lengthBytes();
    segment.copy(end - FOOTER_BYTES, footer, FOOTER_BYTES, CopyFlags.NO_FLUSH);
    segment.persist(start, length);
  }

  private static void encode(
      Summary summary, int index, long first, boolean wide, byte[] target, int at) {
    long sequence = summary.sequence(index) - first;
    long word = summary.position(index) / RECORD_ALIGNMENT_BYTES;
    LONGS.set(target, at + E_HASH, summary.hash(index));
    INTS.set(target, at + E_SEQUENCE, (int) sequence);
    INTS.set(
        target,
        at + E_POSITION_AND_KIND,
        (int) word << ENTRY_KIND_BITS | summary.kind(index).number());
    if (wide) {
      INTS.set(target, at + E_SEQUENCE_HIGH, (int) (sequence >>> Integer.SIZE));
    }
  }

  /**
   * Reads the summary of a segment.
   *
   * @param use the segment's, see {@link JournalFormat#use}
   * @return null if there is none that is valid for this use of the segment
   */
  @Nullable Sealed read(Segment segment, SegmentHeader header, long use) {
    byte[] rawFooter = new byte[FOOTER_BYTES];
    MemorySegment footer = MemorySegment.ofArray(rawFooter);
    long end = segment.lengthBytes();
    if (!segment.read(end - FOOTER_BYTES, footer, FOOTER_BYTES)
        || footer.get(U64, F_MAGIC) != FOOTER_MAGIC
        || footer.get(U64, F_GENERATION) != header.generation()) {
      return null;
    }
    int flags = footer.get(U32, F_FLAGS);
    boolean wide = flags == FLAG_WIDE;
    int width = wide ? WIDE_ENTRY_BYTES : ENTRY_BYTES;
    int count = footer.get(U32, F_COUNT);
    long tail = footer.get(U64, F_TAIL);
    if ((flags & ~FLAG_WIDE) != 0
        || count < 0
        || tail < BODY_OFFSET
        || tail > end
        || summaryBytes(count, wide) > end - tail) {
      return null;
    }
    int entryBytes = count * width;
    if (raw.length < entryBytes) {
      raw = new byte[entryBytes];
    }
    if (!segment.read(end - FOOTER_BYTES - entryBytes, MemorySegment.ofArray(raw), entryBytes)) {
      return null;
    }
    var checksum = new Checksum();
    checksum.start();
    checksum.and(raw, 0, entryBytes);
    int crc = checksum.and(rawFooter, 0, F_CHECKSUM);
    if ((crc ^ salt(use, SALT_POSITION)) != footer.get(U32, F_CHECKSUM)) {
      return null;
    }
    Summary summary = decode(count, width, tail, footer.get(U64, F_FIRST_SEQUENCE));
    return summary == null ? null : new Sealed(summary, tail, footer.get(U64, F_LAST_GROUP));
  }

  /** Returns null if the entries contradict each other: records follow one another. */
  private @Nullable Summary decode(int count, int width, long tail, long first) {
    if (words.length < count * Summary.WORDS) {
      words = new long[count * Summary.WORDS];
    }
    long last = 0;
    long next = tail;
    for (int index = count - 1; index >= 0; index--) {
      int at = index * width;
      int word = (int) INTS.get(raw, at + E_POSITION_AND_KIND);
      long position = (long) (word >>> ENTRY_KIND_BITS) * RECORD_ALIGNMENT_BYTES;
      int kind = word & ((1 << ENTRY_KIND_BITS) - 1);
      if (position < BODY_OFFSET || position >= next || !RecordKind.isKnown(kind)) {
        return null;
      }
      long sequence = Integer.toUnsignedLong((int) INTS.get(raw, at + E_SEQUENCE));
      if (width == WIDE_ENTRY_BYTES) {
        sequence |= (long) (int) INTS.get(raw, at + E_SEQUENCE_HIGH) << Integer.SIZE;
      }
      int to = index * Summary.WORDS;
      words[to] = (long) LONGS.get(raw, at + E_HASH);
      words[to + 1] = first + sequence;
      words[to + 2] = Summary.place(position, next - position, kind);
      last = Math.max(last, first + sequence);
      next = position;
    }
    return new Summary(words, count, last);
  }
}
