package io.lode.bench.locality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.bench.run.RandomCycle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KernelsTest {
  @Test
  void chaseVisitsEveryLineOnceBeforeItComesBack() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(1000 * RandomCycle.LINE_BYTES, RandomCycle.LINE_BYTES);
      RandomCycle.link(memory, 7);
      var chase = new Kernels.Chase(memory, 0);
      Set<Long> seen = new HashSet<>();
      for (int load = 0; load < 1000; load++) {
        chase.run(1);
        assertThat(seen.add(chase.sink())).isTrue();
      }
      assertThat(chase.sink()).isZero();
    }
  }

  @Test
  void readsLoadOneWordOfEveryLine() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(64 * RandomCycle.LINE_BYTES, RandomCycle.LINE_BYTES);
      for (long line = 0; line < 64; line++) {
        memory.set(ValueLayout.JAVA_LONG, line * RandomCycle.LINE_BYTES, 1);
      }
      for (int size : new int[] {64, 192, 256, 320, 1024}) {
        var reads =
            new Kernels.Reads(memory, new Walk(0, memory.byteSize(), size, false, 1), size, 0);
        assertThat(reads.run(5)).isEqualTo(5);
        assertThat(reads.sink()).as("blocks of %d", size).isEqualTo(5L * size / 64);
      }
    }
  }

  @Test
  void walksStayInTheirPartAndReachAllOfIt() {
    for (boolean isRandom : new boolean[] {false, true}) {
      var walk = new Walk(4096, 16 * 256, 256, isRandom, 3);
      Set<Long> seen = new HashSet<>();
      for (int block = 0; block < 1000; block++) {
        long offset = walk.next();
        assertThat(offset).isBetween(4096L, 4096L + 15 * 256);
        assertThat(offset % 256).isZero();
        seen.add(offset);
      }
      assertThat(seen).hasSize(16);
    }
  }

  @Test
  void batchInWhichTheThreadWasTakenOffItsCpuDoesNotCount() {
    Rate rate = Rate.counted(new long[] {20_000, 21_000, 4_000_000, 19_000}, 10, 0);
    assertThat(rate.accesses()).isEqualTo(30);
    assertThat(rate.nanos()).isEqualTo(60_000);
    assertThat(rate.lostNanos()).isEqualTo(4_000_000);
    assertThat(rate.nanosPerAccess()).isEqualTo(2000);
  }

  @Test
  void slowDeviceIsNotTakenForABusyCpu() {
    Rate rate = Rate.counted(new long[] {2_000_000, 9_000_000, 2_000_000}, 1, 0);
    assertThat(rate.accesses()).isEqualTo(3);
    assertThat(rate.lostNanos()).isZero();
  }

  @Test
  void kernelWithoutRoomIsAnErrorAndNotAFigure() {
    assertThatThrownBy(() -> Rate.counted(new long[0], 8, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void measuringEndsWhenAKernelHasNoMoreRoom() {
    Kernels.Kernel ten =
        new Kernels.Kernel() {
          private long made;

          @Override
          public long run(long accesses) {
            long now = Math.min(accesses, 10 - made);
            made += now;
            return now;
          }
        };
    // The warm-up is over at once, so all ten count but what doubling the batch took.
    Rate rate = Rate.of(ten, System.nanoTime(), 1_000_000_000);
    assertThat(rate.accesses()).isBetween(1L, 10L);
  }
}
