package io.lode.journal;

import static io.lode.journal.JournalFormat.*;

import java.util.Arrays;

/**
 * The records of a segment, one entry per record: the hash of the key, the version, the place, the
 * length and the kind. It is gathered while the segment is written; at the end of a sealed one,
 * written by {@link SummaryFile}, it is a second witness: a record that rots is known to have been
 * there.
 *
 * <p>It grows by pieces: copying its entries would delay a write by a millisecond. Not safe for
 * concurrent use.
 */
public final class Summary {
  /** Words of an entry: a hash, a version, and a third for {@link #positionIn} and the like. */
  public static final int WORDS = 3;

  private static final int HASH = 0;
  private static final int SEQUENCE = 1;
  private static final int PLACE = 2;

  /** In the third word the kind is above the position, and above it the length, both in words. */
  private static final int KIND_SHIFT = Integer.SIZE;

  private static final int LENGTH_SHIFT = KIND_SHIFT + ENTRY_KIND_BITS;
  private static final int KIND_MASK = (1 << ENTRY_KIND_BITS) - 1;

  /** Entries of the first piece: most segments of tests hold no more. */
  private static final int FIRST_ENTRIES = 16;

  private final SummaryPieces spare;
  private final int pieceShift;
  private final int pieceMask;
  private long[][] pieces;
  private int pieceCount;
  private int capacity;
  private int count;
  private long firstSequence = Long.MAX_VALUE;
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
    this.pieces = new long[4][];
  }

  /** All entries in one piece, to be read only. */
  Summary(long[] piece, int count, long lastSequence) {
    this.spare = new SummaryPieces();
    this.pieceShift = Integer.SIZE - 1;
    this.pieceMask = -1 >>> 1;
    this.pieces = new long[][] {piece};
    this.pieceCount = 1;
    this.capacity = count;
    this.count = count;
    this.lastSequence = lastSequence;
  }

  /** Returns the third word of an entry. */
  static long place(long position, long lengthBytes, int kindNumber) {
    long words = padded(lengthBytes) / RECORD_ALIGNMENT_BYTES;
    return words << LENGTH_SHIFT
        | (long) kindNumber << KIND_SHIFT
        | position / RECORD_ALIGNMENT_BYTES;
  }

  void add(long hash, long sequence, long position, long lengthBytes, RecordKind kind) {
    if (count == capacity) {
      grow();
    }
    long[] piece = pieces[count >>> pieceShift];
    int at = (count & pieceMask) * WORDS;
    piece[at + HASH] = hash;
    piece[at + SEQUENCE] = sequence;
    piece[at + PLACE] = place(position, lengthBytes, kind.number());
    firstSequence = Math.min(firstSequence, sequence);
    lastSequence = Math.max(lastSequence, sequence);
    count++;
  }

  private void grow() {
    int most = SummaryPieces.ENTRIES;
    if (capacity > 0 && capacity < most) {
      capacity = Math.min(most, 4 * capacity);
      long[] larger = capacity == most ? spare.take() : new long[capacity * WORDS];
      System.arraycopy(pieces[0], 0, larger, 0, count * WORDS);
      pieces[0] = larger;
      return;
    }
    if (pieceCount == pieces.length) {
      pieces = Arrays.copyOf(pieces, 2 * pieceCount);
    }
    pieces[pieceCount] = capacity == 0 ? new long[FIRST_ENTRIES * WORDS] : spare.take();
    capacity += pieces[pieceCount++].length / WORDS;
  }

  /** Gives the memory back; nothing may be added or read any more. */
  void release() {
    for (int piece = 0; piece < pieceCount; piece++) {
      spare.give(pieces[piece]);
    }
  }

  /**
   * Returns the number of entries.
   *
   * @return the count
   */
  public int count() {
    return count;
  }

  /**
   * Copies entries as they are, each {@link #WORDS} words: its hash, its version, and a third for
   * {@link #positionIn} and {@link #kindIn}.
   *
   * @param from the first one, from 0, below {@link #count}
   * @param target gets them
   * @return how many were copied, at least one: those that fit the target and lie in one piece
   */
  public int copyWords(int from, long[] target) {
    long[] piece = pieces[from >>> pieceShift];
    int at = (from & pieceMask) * WORDS;
    int inPiece = (piece.length - at) / WORDS;
    int copied = Math.min(Math.min(inPiece, count - from), target.length / WORDS);
    System.arraycopy(piece, at, target, 0, WORDS * copied);
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
   * Returns a record's kind.
   *
   * @param word the third of its words
   * @return its kind
   */
  public static RecordKind kindIn(long word) {
    return RecordKind.of((int) (word >>> KIND_SHIFT) & KIND_MASK);
  }

  /**
   * Returns the space that a record takes, see {@link #paddedLength}.
   *
   * @param word the third of its words
   * @return bytes
   */
  public static long spaceIn(long word) {
    return (word >>> LENGTH_SHIFT) * RECORD_ALIGNMENT_BYTES;
  }

  private long word(int index, int word) {
    return pieces[index >>> pieceShift][(index & pieceMask) * WORDS + word];
  }

  /**
   * Returns the hash of a record's key.
   *
   * @param index which entry, from 0
   * @return the hash
   */
  public long hash(int index) {
    return word(index, HASH);
  }

  /**
   * Returns a record's version.
   *
   * @param index which entry, from 0
   * @return the version
   */
  public long sequence(int index) {
    return word(index, SEQUENCE);
  }

  /**
   * Returns where a record starts.
   *
   * @param index which entry, from 0
   * @return bytes from the start of the segment
   */
  public long position(int index) {
    return positionIn(word(index, PLACE));
  }

  /**
   * Returns the space that a record takes.
   *
   * @param index which entry, from 0
   * @return bytes: its length rounded up to its alignment, in a sealed segment up to where the next
   *     one starts
   */
  public long paddedLength(int index) {
    return spaceIn(word(index, PLACE));
  }

  /** Returns where the last record ends, padding included; 0 if there is none. */
  long end() {
    return count == 0 ? 0 : position(count - 1) + paddedLength(count - 1);
  }

  /**
   * Returns a record's kind.
   *
   * @param index which entry, from 0
   * @return its kind
   */
  public RecordKind kind(int index) {
    return kindIn(word(index, PLACE));
  }

  /** Returns the lowest version of a record that was added, the highest number if there is none. */
  long firstSequence() {
    return firstSequence;
  }

  /** Returns the highest version of a record, 0 if there is none. */
  long lastSequence() {
    return lastSequence;
  }

  /** Whether the versions are further apart than 32 bits say. */
  boolean isWide() {
    return isWide(firstSequence, lastSequence);
  }

  /** Whether they are with a group that may be added. */
  boolean isWideWith(GroupEncoder group) {
    long first = firstSequence;
    long last = lastSequence;
    for (int index = 0; index < group.count(); index++) {
      first = Math.min(first, group.sequence(index));
      last = Math.max(last, group.sequence(index));
    }
    return isWide(first, last);
  }

  private static boolean isWide(long first, long last) {
    return first <= last && (last - first) >>> Integer.SIZE != 0;
  }
}
