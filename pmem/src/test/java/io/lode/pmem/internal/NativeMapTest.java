package io.lode.pmem.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.Granularity;
import io.lode.pmem.Protection;
import io.lode.pmem.internal.GranularityRules.Decision;
import io.lode.pmem.internal.cpu.MapMemory;
import io.lode.pmem.internal.cpu.Routines;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** In which order a map ends. */
class NativeMapTest {
  private static final Routines ROUTINES = Objects.requireNonNull(Routines.find().routines());

  private final Arena arena = Arena.ofShared();
  private final MapMemory memory = MapMemory.owned("the place", arena.allocate(4096, 4096));
  private final List<String> refusals = new ArrayList<>();

  /** The map's arena, which asks what a routine says at the moment that it is closed. */
  private final class WatchedArena implements Arena {
    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
      return arena.allocate(byteSize, byteAlignment);
    }

    @Override
    public MemorySegment.Scope scope() {
      return arena.scope();
    }

    @Override
    public void close() {
      try {
        ROUTINES.persist(memory, 0, 64);
        refusals.add("none");
      } catch (IllegalStateException closed) {
        refusals.add(String.valueOf(closed.getMessage()));
      }
      arena.close();
    }
  }

  @Test
  void routinesRefuseAMapBeforeItsMemoryGoes() {
    var map =
        new NativeMap(
            "the place",
            new WatchedArena(),
            memory,
            Protection.READ_WRITE,
            new Decision(Granularity.CACHE_LINE, true, "forced"),
            new LineFlush(ROUTINES, false, DamagedPages.NONE, FileBlocks.NONE),
            DeepFlush.NOTHING);
    map.fill(0, 4096, (byte) 1, CopyFlags.NONE);
    map.close();
    map.close();
    assertThat(refusals).containsExactly("map of the place is closed");
    assertThatThrownBy(() -> map.persist(0, 64)).hasMessage("map of the place is closed");
  }
}
