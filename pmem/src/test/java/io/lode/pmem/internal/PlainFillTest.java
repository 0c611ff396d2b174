package io.lode.pmem.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PlainFillTest {
  private static final int SIZE = 96;

  @Test
  void exactlyTheRangeIsFilledWhateverItsAlignment() {
    try (Arena arena = Arena.ofConfined()) {
      // The map itself may begin anywhere, as memory that the caller mapped may.
      MemorySegment memory = arena.allocate(SIZE + 8, 8);
      for (int start = 0; start < 8; start++) {
        MemorySegment map = memory.asSlice(start, SIZE);
        for (int offset = 0; offset < 17; offset++) {
          for (int length = 0; length <= SIZE - offset; length++) {
            byte[] expected = new byte[SIZE];
            Arrays.fill(expected, (byte) 7);
            Arrays.fill(expected, offset, offset + length, (byte) -2);
            map.fill((byte) 7);
            PlainFill.range(map, offset, length, (byte) -2);
            assertThat(map.toArray(JAVA_BYTE)).isEqualTo(expected);
          }
        }
      }
    }
  }
}
