package io.lode.bench.locality;

import io.lode.pmem.Source;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** Looks for data in a source that is to be overwritten. */
final class Blank {
  private static final long CHUNK_BYTES = 1 << 20;
  private static final long SAMPLE_BYTES = 4096;

  /** The number of places behind the range that is written; the last one is among them. */
  private static final int SAMPLES = 1024;

  private Blank() {}

  /**
   * Returns where something other than zeros is: in the range that is to be written, or at some
   * places behind it, for what begins with zeros may be somebody's all the same.
   */
  static OptionalLong firstData(Source source, long lengthBytes) {
    long rest = source.sizeBytes() - lengthBytes - SAMPLE_BYTES;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment chunk = arena.allocate(CHUNK_BYTES);
      MemorySegment zeros = arena.allocate(CHUNK_BYTES);
      LongStream written =
          LongStream.iterate(0, offset -> offset < lengthBytes, offset -> offset + CHUNK_BYTES)
              .filter(offset ->
                  hasData(
                      source, offset, Math.min(CHUNK_BYTES, lengthBytes - offset), chunk, zeros));
      LongStream behind =
          LongStream.rangeClosed(0, rest < 0 ? -1 : SAMPLES)
              .map(number -> lengthBytes + (long) ((double) rest / SAMPLES * number))
              .filter(offset -> hasData(source, offset, SAMPLE_BYTES, chunk, zeros));
      return LongStream.concat(written, behind).findFirst();
    }
  }

  private static boolean hasData(
      Source source, long offset, long bytes, MemorySegment chunk, MemorySegment zeros) {
    source.read(offset, chunk.asSlice(0, bytes));
    return chunk.asSlice(0, bytes).mismatch(zeros.asSlice(0, bytes)) >= 0;
  }
}
