package io.lode.pmem;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class PrefetchTest {
  /** A prefetch never fails, whatever the memory is, so callers need not check first. */
  @Test
  void anyPlaceMayBeAskedFor() {
    assertThatCode(
            () -> {
              Prefetch.line(MemorySegment.ofArray(new byte[64]), 0);
              Prefetch.line(MemorySegment.NULL, 0);
              Prefetch.lines(MemorySegment.NULL, 0, 1000);
              Prefetch.lines(MemorySegment.NULL, 0, 0);
              Prefetch.lines(MemorySegment.NULL, 0, -1);
              Prefetch.line(MemorySegment.ofAddress(0x7FFF_FFFF_F000L), 1 << 20);
              MemorySegment freed;
              try (Arena arena = Arena.ofShared()) {
                freed = arena.allocate(1 << 24);
                Prefetch.line(freed, 4096);
              }
              Prefetch.line(freed, 4096);
            })
        .doesNotThrowAnyException();
  }
}
