package io.lode.kv;

import io.lode.pool.SimulatedMemory;
import io.lode.pool.TestPools;
import java.nio.charset.StandardCharsets;

/** Small pools in simulated memory, and ways to harm them. */
final class MemoryPools {
  static final long SEGMENT_BYTES = TestPools.SEGMENT_BYTES;
  static final KvConfig CONFIG = KvConfig.builder().segmentBytes(SEGMENT_BYTES).build();

  private MemoryPools() {}

  static SimulatedMemory memory(int segments) {
    return new SimulatedMemory(TestPools.bytes(segments));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Where a text stands in an image, counted from 0; -1 if it is not there so often. */
  static int find(byte[] image, String text, int occurrence) {
    byte[] wanted = bytes(text);
    int seen = 0;
    for (int at = 0; at <= image.length - wanted.length; at++) {
      if (java.util.Arrays.equals(image, at, at + wanted.length, wanted, 0, wanted.length)
          && seen++ == occurrence) {
        return at;
      }
    }
    return -1;
  }

  static byte[] withFlip(byte[] image, int offset, int bit) {
    byte[] flipped = image.clone();
    flipped[offset] ^= (byte) (1 << bit);
    return flipped;
  }
}
