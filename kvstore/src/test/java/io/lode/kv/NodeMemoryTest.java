package io.lode.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lode.numa.CpuSet;
import io.lode.numa.NodeSet;
import io.lode.numa.Placement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class NodeMemoryTest {
  private static final long HUGE_PAGE = 2 << 20;
  private static final Placement ANYWHERE =
      new Placement(NodeSet.empty(), CpuSet.empty(), "a test");

  @Test
  void everyPieceIsZeroAndTheCallersAloneWhetherTheSpareIsReadyOrNot() {
    Deque<Runnable> waiting = new ArrayDeque<>();
    Set<Long> addresses = new HashSet<>();
    try (NodeMemory memory = NodeMemory.near(ANYWHERE, waiting::add)) {
      for (int piece = 0; piece < 20; piece++) {
        if (piece % 3 == 0 && !waiting.isEmpty()) {
          waiting.remove().run();
        }
        MemorySegment taken = memory.allocate(piece % 2 == 0 ? HUGE_PAGE : HUGE_PAGE / 4);
        assertThat(taken.byteSize()).isEqualTo(piece % 2 == 0 ? HUGE_PAGE : HUGE_PAGE / 4);
        assertThat(addresses.add(taken.address())).as("a piece of its own").isTrue();
        assertThat(taken.address() % 64).isZero();
        for (long at = 0; at < taken.byteSize(); at += 64) {
          assertThat(taken.get(ValueLayout.JAVA_LONG, at)).isZero();
        }
        taken.fill((byte) 1);
      }
      assertThat(waiting).as("one for each length, not one for each piece").hasSizeLessThan(5);
    }
  }

  @Test
  void whatCannotBeMadeAheadIsMadeWhenItIsNeeded() {
    Executor broken =
        task -> {
          throw new OutOfMemoryError("a test says so");
        };
    Deque<Runnable> waiting = new ArrayDeque<>();
    NodeMemory memory = NodeMemory.near(ANYWHERE, waiting::add);
    assertThat(memory.allocate(HUGE_PAGE).byteSize()).isEqualTo(HUGE_PAGE);
    memory.close();
    // The spare that was ordered before cannot be made any more, and nobody is hurt by that.
    waiting.remove().run();
    assertThatIllegalStateException().isThrownBy(() -> memory.allocate(HUGE_PAGE));
    try (NodeMemory other = NodeMemory.near(ANYWHERE, broken)) {
      assertThat(other.allocate(HUGE_PAGE).byteSize()).isEqualTo(HUGE_PAGE);
    }
  }
}
