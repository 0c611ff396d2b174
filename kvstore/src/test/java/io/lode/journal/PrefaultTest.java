package io.lode.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.kv.KvConfig;
import io.lode.kv.KvStore;
import io.lode.pmem.CopyFlags;
import io.lode.pool.PoolFormat;
import io.lode.pool.SimulatedMemory;
import io.lode.pool.TestPools;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A writer finds the pages of its segment mapped. */
class PrefaultTest {
  private static final long SEGMENT_BYTES = TestPools.SEGMENT_BYTES;
  private static final KvConfig CONFIG = KvConfig.builder().segmentBytes(SEGMENT_BYTES).build();

  /** Segments in the order in which they were prepared and first written to. */
  private final List<String> order = new ArrayList<>();

  private final SimulatedMemory memory =
      new SimulatedMemory(TestPools.bytes(6)) {
        @Override
        public void prefault(long offset, long length) {
          note("ready", offset);
        }

        @Override
        public void copy(
            long offset, MemorySegment source, long sourceOffset, long length, CopyFlags flags) {
          if (flags.equals(CopyFlags.NON_TEMPORAL)) {
            note("written", offset);
          }
          super.copy(offset, source, sourceOffset, length, flags);
        }
      };

  private void note(String what, long offset) {
    String event = what + " " + (offset - PoolFormat.SEGMENTS_OFFSET) / SEGMENT_BYTES;
    if (!order.contains(event)) {
      order.add(event);
    }
  }

  @Test
  void everySegmentIsPreparedWhileTheOneBeforeItFills() {
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      for (int i = 0; i < 20; i++) {
        store.put(new byte[] {(byte) i}, new byte[1000]);
      }
    }
    assertThat(order)
        .containsExactly(
            "ready 0", "ready 1", "written 0", "ready 2", "written 1", "ready 3", "written 2");
    order.clear();
    try (KvStore store = KvStore.open(memory, CONFIG)) {
      store.put(new byte[] {1}, new byte[10]);
    }
    assertThat(order).containsExactly("ready 2", "ready 3", "written 2");
  }
}
