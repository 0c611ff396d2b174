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
 *
 * <p>It grows by pieces: copying what is there would hold up a write for a millisecond. Not safe
 * for concurrent use.
 */
public final class Summary {
  /** Entries of a piece: 48 KiB. */
  private static final int PIECE_SHIFT = 11;

  /** Entries of the first piece: most segments of tests hold no more. */
  private static final int FIRST_ENTRIES = 16;

  private final int pieceShift;
  private final int pieceMask;
  private MemorySegment[] pieces;
  private int pieceCount;
  private int capacity;
  private int count;

  Summary() {
    this.pieceShift = PIECE_SHIFT;
    this.pieceMask = (1 << PIECE_SHIFT) - 1;
    this.pieces = new MemorySegment[4];
  }

  /** All entries in one piece. */
  private Summary(MemorySegment piece, int count) {
    this.pieceShift = Integer.SIZE - 1;
    this.pieceMask = -1 >>> 1;
    this.pieces = new MemorySegment[] {piece};
    this.pieceCount = 1;
    this.capacity = count;
    this.count = count;
  }

  void add(long hash, long sequence, long position, long lengthBytes, RecordKind kind) {
    if (count == capacity) {
      grow();
    }
    MemorySegment piece = pieces[count >>> pieceShift];
    long at = (long) (count & pieceMask) * ENTRY_BYTES;
    long words = padded(lengthBytes) / RECORD_ALIGNMENT_BYTES;
    piece.set(U64, at + E_HASH, hash);
    piece.set(U64, at + E_SEQUENCE, sequence);
    piece.set(U32, at + E_POSITION, (int) (position / RECORD_ALIGNMENT_BYTES));
    piece.set(U32, at + E_LENGTH_AND_KIND, (int) (words << ENTRY_KIND_BITS) | kind.number());
    count++;
  }

  private void grow() {
    int most = 1 << pieceShift;
    if (capacity > 0 && capacity < most) {
      capacity = Math.min(most, 4 * capacity);
      byte[] larger = new byte[capacity * ENTRY_BYTES];
      MemorySegment.copy(pieces[0], 0, MemorySegment.ofArray(larger), 0, pieces[0].byteSize());
      pieces[0] = MemorySegment.ofArray(larger);
      return;
    }
    int entries = capacity == 0 ? FIRST_ENTRIES : most;
    if (pieceCount == pieces.length) {
      pieces = Arrays.copyOf(pieces, 2 * pieceCount);
    }
    pieces[pieceCount++] = MemorySegment.ofArray(new byte[entries * ENTRY_BYTES]);
    capacity += entries;
  }

  /**
   * Returns the number of entries.
   *
   * @return the count
   */
  public int count() {
    return count;
  }

  private MemorySegment piece(int index) {
    return pieces[index >>> pieceShift];
  }

  private long offset(int index) {
    return (long) (index & pieceMask) * ENTRY_BYTES;
  }

  /**
   * Returns the hash of a record's key.
   *
   * @param index which entry, from 0
   * @return the hash
   */
  public long hash(int index) {
    return piece(index).get(U64, offset(index) + E_HASH);
  }

  /**
   * Returns a record's version.
   *
   * @param index which entry, from 0
   * @return the version
   */
  public long sequence(int index) {
    return piece(index).get(U64, offset(index) + E_SEQUENCE);
  }

  /**
   * Returns where a record starts.
   *
   * @param index which entry, from 0
   * @return bytes from the start of the segment
   */
  public long position(int index) {
    return Integer.toUnsignedLong(piece(index).get(U32, offset(index) + E_POSITION))
        * RECORD_ALIGNMENT_BYTES;
  }

  /**
   * Returns what a record says.
   *
   * @param index which entry, from 0
   * @return its kind
   */
  public RecordKind kind(int index) {
    return RecordKind.of(kindNumber(index));
  }

  /**
   * Returns what a record takes.
   *
   * @param index which entry, from 0
   * @return bytes, its length rounded up to its alignment
   */
  public long paddedLength(int index) {
    int field = piece(index).get(U32, offset(index) + E_LENGTH_AND_KIND);
    return (long) (field >>> ENTRY_KIND_BITS) * RECORD_ALIGNMENT_BYTES;
  }

  int kindNumber(int index) {
    int field = piece(index).get(U32, offset(index) + E_LENGTH_AND_KIND);
    return field & ((1 << ENTRY_KIND_BITS) - 1);
  }

  /** Returns the bytes that seal a segment, to be written so that they end with it. */
  byte[] encode(long seed, int segmentIndex, long generation, long tail, long lastGroup) {
    byte[] raw = new byte[(int) summaryBytes(count)];
    MemorySegment bytes = MemorySegment.ofArray(raw);
    int footer = raw.length - FOOTER_BYTES;
    int first = footer - count * ENTRY_BYTES;
    long at = first;
    for (int piece = 0; piece < pieceCount; piece++) {
      long length = Math.min(pieces[piece].byteSize(), footer - at);
      MemorySegment.copy(pieces[piece], 0, bytes, at, length);
      at += length;
    }
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
    byte[] raw = new byte[count * ENTRY_BYTES + FOOTER_BYTES];
    MemorySegment bytes = MemorySegment.ofArray(raw);
    if (!GuardedRead.copy(pool.map(), end - raw.length, bytes, 0, raw.length)) {
      return null;
    }
    int crc = new Checksum().of(raw, 0, raw.length - Integer.BYTES);
    int salt = salt(pool.seed(), segmentIndex, generation, Long.MAX_VALUE);
    return (crc ^ salt) == bytes.get(U32, raw.length - Integer.BYTES)
        ? new Sealed(new Summary(bytes, count), tail, footer.get(U64, F_LAST_GROUP))
        : null;
  }
}
