package io.lode.bench.locality;

import io.lode.pmem.Source;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;

/** Looks for data in a source that is to be overwritten. */
final class Blank {
  private static final long CHUNK_BYTES = 1 << 20;
  private static final long SAMPLE_BYTES = 4096;

  /** Behind what is to be written that many places are looked at, the last one among them. */
  private static final int SAMPLES = 1024;

  private Blank() {}

  /**
   * Returns where something other than zeros is: in the range that is to be written, or at some
   * places behind it, for what begins with zeros may be somebody's all the same.
   */
  static OptionalLong firstData(Source source, long lengthBytes) {
    long size = source.sizeBytes();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment chunk = arena.allocate(CHUNK_BYTES);
      MemorySegment zeros = arena.allocate(CHUNK_BYTES);
      for (long offset = 0; offset < lengthBytes; offset += CHUNK_BYTES) {
        long bytes = Math.min(CHUNK_BYTES, lengthBytes - offset);
        if (hasData(source, offset, chunk.asSlice(0, bytes), zeros.asSlice(0, bytes))) {
          return OptionalLong.of(offset);
        }
      }
      MemorySegment sample = chunk.asSlice(0, SAMPLE_BYTES);
      long rest = size - lengthBytes - SAMPLE_BYTES;
      for (int number = 0; number <= SAMPLES && rest >= 0; number++) {
        long offset = lengthBytes + (long) ((double) rest / SAMPLES * number);
        if (hasData(source, offset, sample, zeros.asSlice(0, SAMPLE_BYTES))) {
          return OptionalLong.of(offset);
        }
      }
      return OptionalLong.empty();
    }
  }

  private static boolean hasData(
      Source source, long offset, MemorySegment chunk, MemorySegment zeros) {
    source.read(offset, chunk);
    return chunk.mismatch(zeros) >= 0;
  }
}
