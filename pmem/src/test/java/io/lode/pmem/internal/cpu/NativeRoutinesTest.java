package io.lode.pmem.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lode.pmem.CopyFlags;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Nothing that a caller gets wrong reaches native code. */
class NativeRoutinesTest {
  private static final Routines ROUTINES = Objects.requireNonNull(Routines.find().routines());

  private static void copy(MapMemory map, long offset, MemorySegment from, long at, long n) {
    ROUTINES.copy(map, offset, from, at, n, CopyFlags.NONE, false);
  }

  private static MapMemory borrowed(MemorySegment segment) {
    return MapMemory.borrowed("test", segment);
  }

  private static void fill(MapMemory map, long offset, long length) {
    ROUTINES.fill(map, offset, length, (byte) 1, CopyFlags.NONE, false);
  }

  @Test
  void rangesOutsideTheirSegmentAreRefused() {
    try (var arena = Arena.ofConfined()) {
      var memory = arena.allocate(200);
      var map = MapMemory.owned("test", memory);
      var from = MemorySegment.ofArray(new byte[100]);
      long[][] bad = {
        {-1, 1},
        {0, -1},
        {0, 201},
        {200, 1},
        {201, 0},
        {Long.MAX_VALUE, 1},
        {1, Long.MAX_VALUE},
        {Long.MIN_VALUE, Long.MIN_VALUE},
      };
      for (var range : bad) {
        assertRefused(() -> ROUTINES.flush(map, range[0], range[1]));
        assertRefused(() -> ROUTINES.persist(map, range[0], range[1]));
        assertRefused(() -> fill(map, range[0], range[1]));
        assertRefused(() -> copy(map, range[0], memory, 0, range[1]));
        assertRefused(() -> copy(map, 0, memory, range[0], range[1]));
      }
      assertRefused(() -> copy(map, 0, from, 0, 101));
      assertRefused(() -> copy(map, 0, from, 100, 1));
      assertThat(memory.mismatch(arena.allocate(200))).isEqualTo(-1);
      copy(map, 200, from, 100, 0);
      fill(map, 200, 0);
      ROUTINES.flush(map, 200, 0);
    }
  }

  private static void assertRefused(Runnable call) {
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(call::run);
  }

  @Test
  void closedSegmentsAreRefused() {
    var shared = Arena.ofShared();
    var memory = shared.allocate(1 << 17);
    shared.close();
    try (var arena = Arena.ofConfined()) {
      var open = arena.allocate(1 << 17);
      for (long length : new long[] {0, 1, 200, 1 << 16, 1 << 17}) {
        assertClosed(borrowed(memory), open, length);
        assertClosed(() -> copy(borrowed(open), 0, memory, 0, length));
        assertClosed(() -> copy(borrowed(memory), 0, memory, 0, length));
      }
    }
  }

  @Test
  void closedMapsAreRefusedThoughTheirMemoryIsStillThere() {
    try (var arena = Arena.ofConfined()) {
      var memory = arena.allocate(1 << 17);
      var map = MapMemory.owned("the place", memory);
      var source = arena.allocate(1 << 17).fill((byte) 1);
      map.close();
      map.close();
      for (long length : new long[] {0, 1, 63, 200, 1 << 16, 1 << 17}) {
        assertClosed(map, source, length);
        assertThatExceptionOfType(IllegalStateException.class)
            .isThrownBy(() -> ROUTINES.persist(map, 0, length))
            .withMessage("map of the place is closed");
      }
      assertThat(memory.mismatch(arena.allocate(1 << 17))).isEqualTo(-1);
    }
  }

  private static void assertClosed(MapMemory map, MemorySegment source, long length) {
    assertClosed(() -> ROUTINES.flush(map, 0, length));
    assertClosed(() -> ROUTINES.persist(map, 0, length));
    for (var flags :
        new CopyFlags[] {
          CopyFlags.NONE, CopyFlags.NO_FLUSH, CopyFlags.NON_TEMPORAL, CopyFlags.TEMPORAL
        }) {
      for (boolean eadr : new boolean[] {false, true}) {
        assertClosed(() -> ROUTINES.copy(map, 0, source, 0, length, flags, eadr));
        assertClosed(() -> ROUTINES.fill(map, 0, length, (byte) 1, flags, eadr));
      }
    }
  }

  private static void assertClosed(Runnable call) {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(call::run)
        .withMessageContaining("closed");
  }

  @Test
  void anotherThreadsConfinedSegmentIsRefused() {
    try (var arena = Arena.ofConfined();
        var own = Arena.ofShared()) {
      var theirs = arena.allocate(200);
      var shared = own.allocate(200);
      assertWrongThread(() -> ROUTINES.flush(borrowed(theirs), 0, 200));
      assertWrongThread(() -> fill(borrowed(theirs), 0, 200));
      assertWrongThread(() -> copy(borrowed(theirs), 0, shared, 0, 200));
      assertWrongThread(() -> copy(borrowed(shared), 0, theirs, 0, 200));
    }
  }

  private static void assertWrongThread(Runnable call) {
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> CompletableFuture.runAsync(call).join())
        .withCauseInstanceOf(WrongThreadException.class);
  }

  @Test
  void arraysAndReadOnlyMapsAreNoDestination() {
    var array = MemorySegment.ofArray(new byte[64]);
    try (var arena = Arena.ofConfined()) {
      var memory = arena.allocate(64);
      var map = borrowed(memory);
      var readOnly = borrowed(memory.asReadOnly());
      assertArgument(() -> borrowed(array));
      assertArgument(() -> copy(readOnly, 0, memory, 0, 64));
      assertArgument(() -> fill(readOnly, 0, 64));
      ROUTINES.flush(readOnly, 0, 64);
      ROUTINES.drain();
      copy(map, 0, readOnly.segment(), 0, 64);
    }
  }

  private static void assertArgument(Runnable call) {
    assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(call::run);
  }

  @Test
  void onlyTheCompiledHotSpotIsTrustedToHoldUpHandshakes() {
    assertThat(Set.of("OpenJDK 64-Bit Server VM", "Java HotSpot(TM) 64-Bit Server VM"))
        .allMatch(MapMemory::handshakesWaitForCriticalCalls);
    assertThat(Set.of("", "OpenJDK 64-Bit Zero VM", "Eclipse OpenJ9 VM", "Substrate VM"))
        .noneMatch(MapMemory::handshakesWaitForCriticalCalls);
  }

  @Test
  void anArenaThatCallsHoldCannotBeClosedUnderOne() throws Exception {
    // Closing either is refused or comes before or after; the process would end if it came within.
    for (int round = 0; round < 200; round++) {
      var map = new GuardedPages(16);
      var source = new byte[16 * 4096];
      var begun = new CountDownLatch(1);
      var writer =
          new FutureTask<>(
              () -> {
                MapMemory held = borrowed(map.segment());
                try {
                  while (true) {
                    copy(held, 0, MemorySegment.ofArray(source), 0, source.length);
                    begun.countDown();
                  }
                } catch (IllegalStateException closed) {
                  assertThat(map.arena().scope().isAlive()).isFalse();
                } finally {
                  begun.countDown();
                }
              },
              null);
      Thread.ofPlatform().start(writer);
      begun.await();
      while (map.arena().scope().isAlive()) {
        try {
          map.arena().close();
        } catch (IllegalStateException inUse) {
          Thread.onSpinWait();
        }
      }
      map.close();
      writer.get();
    }
  }

  @Test
  void flushChangesNoByte() {
    try (var map = new GuardedPages(40)) {
      map.segment().set(ValueLayout.JAVA_LONG, 8, 42);
      for (long length : new long[] {0, 1, 63, 64, 65, 65_536, 65_537, 40 * 4096}) {
        ROUTINES.flush(map.map(), 0, length);
        ROUTINES.persist(map.map(), 40 * 4096 - length, length);
      }
      ROUTINES.drain();
      assertThat(map.segment().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(42);
    }
  }
}
