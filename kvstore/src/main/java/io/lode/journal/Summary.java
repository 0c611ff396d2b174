package io.lode.journal;

import static io.lode.journal.JournalFormat.*;
import static io.lode.pool.PoolFormat.U32;
import static io.lode.pool.PoolFormat.U64;

import io.lode.pmem.CopyFlags;
import io.lode.pool.Checksum;
import io.lode.pool.Segment;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** Entries of the first piece: most segments of tests hold no more. */
  private static final int FIRST_ENTRIES = 16;

  /** Words of an entry, see {@link #copyWords}. */
  public static final int WORDS = ENTRY_BYTES / Long.BYTES;

  private final SummaryPieces spare;
  private final int pieceShift;
  private final int pieceMask;
  private byte[][] arrays;
  private MemorySegment[] pieces;
  private int pieceCount;
  private int capacity;
  private int count;
  private long lastSequence;

  Summary() {
    this(new SummaryPieces());
  }

  /**
   * Makes an empty summary.
   *
   * @param spare where its pieces come from, and go when it is written
   */
  Summary(SummaryPieces spare) {
    this.spare = spare;
    this.pieceShift = Integer.numberOfTrailingZeros(SummaryPieces.ENTRIES);
    this.pieceMask = SummaryPieces.ENTRIES - 1;
    this.arrays = new byte[4][];
    this.pieces = new MemorySegment[4];
  }

  /** All entries in one piece, to be read only. */
  private Summary(byte[] piece, int count) {
    this.spare = new SummaryPieces();
    this.pieceShift = Integer.SIZE - 1;
    this.pieceMask = -1 >>> 1;
    this.arrays = new byte[][] {piece};
    this.pieces = new MemorySegment[] {MemorySegment.ofArray(piece)};
    this.pieceCount = 1;
    this.capacity = count;
    this.count = count;
  }

  void add(long hash, long sequence, long position, long lengthBytes, RecordKind kind) {
    if (count == capacity) {
      grow();
    }
    byte[] piece = arrays[count >>> pieceShift];
    int at = (count & pieceMask) * ENTRY_BYTES;
    long words = padded(lengthBytes) / RECORD_ALIGNMENT_BYTES;
    LONGS.set(piece, at + E_HASH, hash);
    LONGS.set(piece, at + E_SEQUENCE, sequence);
    INTS.set(piece, at + E_POSITION, (int) (position / RECORD_ALIGNMENT_BYTES));
    INTS.set(piece, at + E_LENGTH_AND_KIND, (int) (words << ENTRY_KIND_BITS) | kind.number());
    lastSequence = Math.max(lastSequence, sequence);
    count++;
  }

  private void grow() {
    int most = SummaryPieces.ENTRIES;
    if (capacity > 0 && capacity < most) {
      capacity = Math.min(most, 4 * capacity);
      byte[] larger = capacity == most ? spare.take() : new byte[capacity * ENTRY_BYTES];
      System.arraycopy(arrays[0], 0, larger, 0, count * ENTRY_BYTES);
      set(0, larger);
      return;
    }
    if (pieceCount == pieces.length) {
      pieces = Arrays.copyOf(pieces, 2 * pieceCount);
      arrays = Arrays.copyOf(arrays, 2 * pieceCount);
    }
    set(pieceCount++, capacity == 0 ? new byte[FIRST_ENTRIES * ENTRY_BYTES] : spare.take());
    capacity += arrays[pieceCount - 1].length / ENTRY_BYTES;
  }

  private void set(int index, byte[] array) {
    arrays[index] = array;
    pieces[index] = MemorySegment.ofArray(array);
  }

  /**
   * Returns the number of entries.
   *
   * @return the count
   */
  public int count() {
    return count;
  }

  private byte[] piece(int index) {
    return arrays[index >>> pieceShift];
  }

  private int offset(int index) {
    return (index & pieceMask) * ENTRY_BYTES;
  }

  /**
   * Copies entries as they are, each {@link #WORDS} words: its hash, its version, and a third for
   * {@link #positionIn} and {@link #kindIn}.
   *
   * @param from the first one, from 0, below {@link #count}
   * @param target gets them
   * @return how many were copied, at least one: what fits and lies in one piece
   */
  public int copyWords(int from, long[] target) {
    MemorySegment piece = pieces[from >>> pieceShift];
    long at = offset(from);
    int inPiece = (int) ((piece.byteSize() - at) / ENTRY_BYTES);
    int copied = Math.min(Math.min(inPiece, count - from), target.length / WORDS);
    MemorySegment.copy(piece, U64, at, target, 0, WORDS * copied);
    return copied;
  }

  /**
   * Returns where a record starts.
   *
   * @param word the third of its words
   * @return bytes from the start of the segment
   */
  public static long positionIn(long word) {
    return Integer.toUnsignedLong((int) word) * RECORD_ALIGNMENT_BYTES;
  }

  /**
   * Returns what a record says.
   *
   * @param word the third of its words
   * @return its kind
   */
  public static RecordKind kindIn(long word) {
    return RecordKind.of((int) (word >>> Integer.SIZE) & ((1 << ENTRY_KIND_BITS) - 1));
  }

  /**
   * Returns the hash of a record's key.
   *
   * @param index which entry, from 0
   * @return the hash
   */
  public long hash(int index) {
    return (long) LONGS.get(piece(index), offset(index) + E_HASH);
  }

  /**
   * Returns a record's version.
   *
   * @param index which entry, from 0
   * @return the version
   */
  public long sequence(int index) {
    return (long) LONGS.get(piece(index), offset(index) + E_SEQUENCE);
  }

  /**
   * Returns where a record starts.
   *
   * @param index which entry, from 0
   * @return bytes from the start of the segment
   */
  public long position(int index) {
    int words = (int) INTS.get(piece(index), offset(index) + E_POSITION);
    return Integer.toUnsignedLong(words) * RECORD_ALIGNMENT_BYTES;
  }

  /**
   * Returns what a record takes.
   *
   * @param index which entry, from 0
   * @return bytes, its length rounded up to its alignment
   */
  public long paddedLength(int index) {
    int field = (int) INTS.get(piece(index), offset(index) + E_LENGTH_AND_KIND);
    return (long) (field >>> ENTRY_KIND_BITS) * RECORD_ALIGNMENT_BYTES;
  }

  int kindNumber(int index) {
    int field = (int) INTS.get(piece(index), offset(index) + E_LENGTH_AND_KIND);
    return field & ((1 << ENTRY_KIND_BITS) - 1);
  }

  /** Writes what seals a segment, durably. Nothing may be added or read any more. */
  void writeTo(Segment segment, long seed, long generation, long tail, long lastGroup) {
    int entryBytes = count * ENTRY_BYTES;
    int length = entryBytes + FOOTER_BYTES;
    long start = segment.lengthBytes() - length;
    var checksum = new Checksum();
    checksum.start();
    int done = 0;
    for (int piece = 0; done < entryBytes; piece++) {
      int next = Math.min(arrays[piece].length, entryBytes - done);
      checksum.and(arrays[piece], 0, next);
      segment.copy(start + done, pieces[piece], next, CopyFlags.NO_FLUSH);
      spare.give(arrays[piece]);
      done += next;
    }
    byte[] raw = new byte[FOOTER_BYTES];
    MemorySegment footer = MemorySegment.ofArray(raw);
    footer.set(U64, F_MAGIC, FOOTER_MAGIC);
    footer.set(U64, F_GENERATION, generation);
    footer.set(U32, F_COUNT, count);
    footer.set(U64, F_TAIL, tail);
    footer.set(U64, F_LAST_GROUP, lastGroup);
    int crc = checksum.and(raw, 0, F_CHECKSUM);
    footer.set(U32, F_CHECKSUM, crc ^ salt(seed, segment.index(), generation, Long.MAX_VALUE));
    segment.copy(start + entryBytes, footer, FOOTER_BYTES, CopyFlags.NO_FLUSH);
    segment.persist(start, length);
  }

  /**
   * A summary read from a sealed segment.
   *
   * @param summary its entries
   * @param tail where the records end, from the start of the segment
   * @param lastGroup the sequence of the last group
   */
  record Sealed(Summary summary, long tail, long lastGroup) {}

  /**
   * Reads the summary of a segment.
   *
   * @param buffer is used for it if it is long enough
   * @return null if there is none that is valid for this generation
   */
  static @Nullable Sealed read(Segment segment, long seed, long generation, byte[] buffer) {
    byte[] rawFooter = new byte[FOOTER_BYTES];
    MemorySegment footer = MemorySegment.ofArray(rawFooter);
    long end = segment.lengthBytes();
    if (!segment.read(end - FOOTER_BYTES, footer, FOOTER_BYTES)
        || footer.get(U64, F_MAGIC) != FOOTER_MAGIC
        || footer.get(U64, F_GENERATION) != generation) {
      return null;
    }
    int count = footer.get(U32, F_COUNT);
    long tail = footer.get(U64, F_TAIL);
    if (count < 0 || tail < 0 || tail > end || summaryBytes(count) > end - tail) {
      return null;
    }
    int length = count * ENTRY_BYTES + FOOTER_BYTES;
    byte[] raw = buffer.length < length ? new byte[length] : buffer;
    MemorySegment bytes = MemorySegment.ofArray(raw);
    if (!segment.read(end - length, bytes, length)) {
      return null;
    }
    var checksum = new Checksum();
    checksum.start();
    checksum.and(raw, 0, length - FOOTER_BYTES);
    int crc = checksum.and(raw, length - FOOTER_BYTES, F_CHECKSUM);
    int salt = salt(seed, segment.index(), generation, Long.MAX_VALUE);
    long lastGroup = bytes.get(U64, length - FOOTER_BYTES + F_LAST_GROUP);
    return (crc ^ salt) == bytes.get(U32, length - Integer.BYTES)
        ? new Sealed(new Summary(raw, count), tail, lastGroup)
        : null;
  }

  /** Returns the memory of a summary that was read, for the next one. */
  byte[] buffer() {
    return arrays[0];
  }

  /** Returns the highest version of a record that was added, 0 if there is none. */
  long lastSequence() {
    return lastSequence;
  }
}
