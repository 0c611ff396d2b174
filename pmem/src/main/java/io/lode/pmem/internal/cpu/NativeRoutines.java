package io.lode.pmem.internal.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.lode.pmem.CopyFlags;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/**
 * {@link Routines} in machine code.
 *
 * <p>The handles are static final so that each compiles to a plain call and allocates nothing.
 * Segments are passed whole, with an offset: a slice might be allocated, and a raw address would
 * not hold its arena open. A map is passed as its cell ({@link MapMemory}). The last argument is
 * the segment that the call holds open; the routine ignores it.
 */
final class NativeRoutines implements Routines {
  /**
   * Maximum length of one call in bytes, a power of two: a critical call delays every safepoint,
   * this one by about 10 us.
   */
  private static final long PIECE_BYTES = 1 << 16;

  /** Bit 0 of a routine's control argument; the other bits are the line size. */
  private static final long FENCE = 1;

  /** The result of a routine that did its work. */
  private static final int DONE = 0;

  private static final LoadedCode CODE = Objects.requireNonNull(Startup.OUTCOME.loaded());
  private static final long LINE_BYTES = CODE.choice().lineBytes();
  private static final boolean STREAMS = CODE.choice().streams();
  private static final long STREAM_THRESHOLD = CODE.choice().streamThreshold();
  private static final boolean FLUSH_IS_ORDERED = CODE.choice().isFlushOrdered();

  private static final MethodHandle DRAIN = link("drain", FunctionDescriptor.ofVoid(), false);
  private static final MethodHandle FLUSH =
      link(
          CODE.choice().flushEntry(),
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS),
          false);
  private static final MethodHandle COPY_STORE = copy(CopyPath.STORE);
  private static final MethodHandle COPY_STORE_AND_FLUSH = copy(CopyPath.STORE_AND_FLUSH);
  private static final MethodHandle COPY_STREAM = copy(CopyPath.STREAM);
  private static final MethodHandle COPY_STREAM_UNFLUSHED = copy(CopyPath.STREAM_UNFLUSHED);
  private static final MethodHandle FILL_STORE = fill(CopyPath.STORE);
  private static final MethodHandle FILL_STORE_AND_FLUSH = fill(CopyPath.STORE_AND_FLUSH);
  private static final MethodHandle FILL_STREAM = fill(CopyPath.STREAM);
  private static final MethodHandle FILL_STREAM_UNFLUSHED = fill(CopyPath.STREAM_UNFLUSHED);

  /** The single instance. */
  static final Lookup FOUND = new Lookup(new NativeRoutines(), Startup.OUTCOME.reason());

  private NativeRoutines() {}

  private static MethodHandle copy(CopyPath path) {
    return link(
        CODE.choice().entry("copy", path),
        FunctionDescriptor.of(
            JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS),
        true);
  }

  private static MethodHandle fill(CopyPath path) {
    return link(
        CODE.choice().entry("fill", path),
        FunctionDescriptor.of(
            JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS),
        false);
  }

  private static MethodHandle link(String entry, FunctionDescriptor type, boolean heapAllowed) {
    try {
      return CODE.critical(entry, type, heapAllowed);
    } catch (UnusableException e) {
      throw new IllegalStateException(e.reason(), e);
    }
  }

  @Override
  public String flushName() {
    return CODE.choice().flushName();
  }

  @Override
  public void flush(MapMemory map, long offset, long length) {
    flush(map, offset, length, LINE_BYTES);
  }

  @Override
  public void persist(MapMemory map, long offset, long length) {
    flush(map, offset, length, LINE_BYTES | FENCE);
  }

  private static void flush(MapMemory map, long offset, long length, long control) {
    Objects.checkFromIndexSize(offset, length, map.sizeBytes());
    if (length <= PIECE_BYTES) {
      flushPiece(map, offset, length, control);
      return;
    }
    for (long done = 0; done < length; ) {
      long piece = pieceUp(map.address() + offset + done, length - done);
      boolean last = done + piece == length; // one fence orders everything before it
      flushPiece(map, offset + done, piece, last ? control : LINE_BYTES);
      done += piece;
    }
  }

  private static void flushPiece(MapMemory map, long offset, long length, long control) {
    int result;
    try {
      result = (int) FLUSH.invokeExact(map.cell(), offset, length, control, map.held());
    } catch (Throwable e) {
      throw unexpected(e);
    }
    requireDone(result, map);
  }

  private static void requireDone(int result, MapMemory map) {
    if (result != DONE) {
      throw map.closed();
    }
  }

  @Override
  public void drain() {
    try {
      DRAIN.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void copy(
      MapMemory map,
      long offset,
      MemorySegment source,
      long sourceOffset,
      long length,
      CopyFlags flags,
      boolean eadr) {
    map.requireWritable();
    Objects.checkFromIndexSize(offset, length, map.sizeBytes());
    Objects.checkFromIndexSize(sourceOffset, length, source.byteSize());
    var path = CopyPath.choose(flags, length, eadr, STREAMS, STREAM_THRESHOLD);
    long control = path.fences(flags, FLUSH_IS_ORDERED) ? LINE_BYTES | FENCE : LINE_BYTES;
    long distance = distance(map, offset, source, sourceOffset);
    if (distance == 0) {
      persistInPlace(path, map, offset, source, length, control);
    } else if (length <= PIECE_BYTES) {
      copyPiece(path, map, offset, source, sourceOffset, length, control);
    } else if (Long.compareUnsigned(distance, length) < 0) {
      copyDown(path, map, offset, source, sourceOffset, length, control);
    } else {
      copyUp(path, map, offset, source, sourceOffset, length, control);
    }
  }

  /**
   * The distance from source to destination, unsigned: below the length if the copy must go
   * downwards.
   */
  private static long distance(
      MapMemory map, long offset, MemorySegment source, long sourceOffset) {
    return source.isNative()
        ? map.address() + offset - (source.address() + sourceOffset)
        : -1; // an array is never mapped memory
  }

  /** A copy onto itself stores nothing, but its guarantees on return still hold. */
  private static void persistInPlace(
      CopyPath path, MapMemory map, long offset, MemorySegment source, long length, long control) {
    copyPiece(
        CopyPath.STORE,
        map,
        offset,
        source,
        0,
        0,
        LINE_BYTES); // checks that the source is open and accessible
    boolean flushes = path == CopyPath.STORE_AND_FLUSH || path == CopyPath.STREAM;
    flush(map, offset, flushes ? length : 0, control);
  }

  private static void copyUp(
      CopyPath path,
      MapMemory map,
      long offset,
      MemorySegment source,
      long sourceOffset,
      long length,
      long control) {
    for (long done = 0; done < length; ) {
      long piece = pieceUp(map.address() + offset + done, length - done);
      boolean last = done + piece == length;
      copyPiece(
          path,
          map,
          offset + done,
          source,
          sourceOffset + done,
          piece,
          last ? control : LINE_BYTES);
      done += piece;
    }
  }

  private static void copyDown(
      CopyPath path,
      MapMemory map,
      long offset,
      MemorySegment source,
      long sourceOffset,
      long length,
      long control) {
    for (long left = length; left > 0; ) {
      long lastByte = map.address() + offset + left - 1;
      long piece = Math.min(left, (lastByte & (PIECE_BYTES - 1)) + 1);
      left -= piece;
      copyPiece(
          path,
          map,
          offset + left,
          source,
          sourceOffset + left,
          piece,
          left == 0 ? control : LINE_BYTES);
    }
  }

  /** Pieces end at multiples of the piece size, so no two share a cache line. */
  private static long pieceUp(long address, long left) {
    return Math.min(left, PIECE_BYTES - (address & (PIECE_BYTES - 1)));
  }

  private static void copyPiece(
      CopyPath path,
      MapMemory map,
      long offset,
      MemorySegment source,
      long sourceOffset,
      long length,
      long control) {
    int result;
    try {
      result =
          switch (path) {
            case STORE ->
                (int)
                    COPY_STORE.invokeExact(
                        map.cell(), offset, source, sourceOffset, length, control, map.held());
            case STORE_AND_FLUSH ->
                (int)
                    COPY_STORE_AND_FLUSH.invokeExact(
                        map.cell(), offset, source, sourceOffset, length, control, map.held());
            case STREAM ->
                (int)
                    COPY_STREAM.invokeExact(
                        map.cell(), offset, source, sourceOffset, length, control, map.held());
            case STREAM_UNFLUSHED ->
                (int)
                    COPY_STREAM_UNFLUSHED.invokeExact(
                        map.cell(), offset, source, sourceOffset, length, control, map.held());
          };
    } catch (Throwable e) {
      throw unexpected(e);
    }
    requireDone(result, map);
  }

  @Override
  public void fill(
      MapMemory map, long offset, long length, byte value, CopyFlags flags, boolean eadr) {
    map.requireWritable();
    Objects.checkFromIndexSize(offset, length, map.sizeBytes());
    var path = CopyPath.choose(flags, length, eadr, STREAMS, STREAM_THRESHOLD);
    long control = path.fences(flags, FLUSH_IS_ORDERED) ? LINE_BYTES | FENCE : LINE_BYTES;
    if (length <= PIECE_BYTES) {
      fillPiece(path, map, offset, length, value, control);
      return;
    }
    for (long done = 0; done < length; ) {
      long piece = pieceUp(map.address() + offset + done, length - done);
      boolean last = done + piece == length;
      fillPiece(path, map, offset + done, piece, value, last ? control : LINE_BYTES);
      done += piece;
    }
  }

  private static void fillPiece(
      CopyPath path, MapMemory map, long offset, long length, long value, long control) {
    int result;
    try {
      result =
          switch (path) {
            case STORE ->
                (int)
                    FILL_STORE.invokeExact(map.cell(), offset, length, value, control, map.held());
            case STORE_AND_FLUSH ->
                (int)
                    FILL_STORE_AND_FLUSH.invokeExact(
                        map.cell(), offset, length, value, control, map.held());
            case STREAM ->
                (int)
                    FILL_STREAM.invokeExact(map.cell(), offset, length, value, control, map.held());
            case STREAM_UNFLUSHED ->
                (int)
                    FILL_STREAM_UNFLUSHED.invokeExact(
                        map.cell(), offset, length, value, control, map.held());
          };
    } catch (Throwable e) {
      throw unexpected(e);
    }
    requireDone(result, map);
  }

  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
  }
}
