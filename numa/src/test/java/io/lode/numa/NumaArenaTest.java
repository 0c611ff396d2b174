package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumaArenaTest {
  private static final NodeSet ALLOWED = MemoryPolicy.allowedNodes();
  private static final int NODE = ALLOWED.first().orElseThrow();
  private static final long PAGE = Numa.pageSizeBytes();

  @Test
  void memoryOfANodeLiesThere() throws IOException {
    for (int node : ALLOWED.stream().toArray()) {
      try (NumaArena arena = NumaArena.ofNode(node)) {
        MemorySegment segment = arena.allocate(100 * PAGE + 5);
        assertThat(segment.byteSize()).isEqualTo(100 * PAGE + 5);
        assertThat(Pages.locate(segment).count(PageReport.Status.NOT_PRESENT)).isEqualTo(101);
        segment.fill((byte) 3);
        Pages.requireOn(segment, NodeSet.of(node));
        assertThat(NumaMaps.policyAt(segment.address()))
            .startsWith("bind:" + node)
            .contains("N" + node + "=101");
      }
    }
  }

  @Test
  void prefaultedVerifiedAndLockedMemoryIsPresentAtOnce() throws IOException {
    long lockedBefore = lockedBytes();
    try (NumaArena arena = NumaArena.ofNode(NODE, NumaArena.Option.VERIFY, NumaArena.Option.LOCK)) {
      MemorySegment segment = arena.allocate(64 * PAGE);
      assertThat(Pages.locate(segment).pagesByNode()).containsEntry(NODE, 64);
      assertThat(lockedBytes() - lockedBefore).isEqualTo(64 * PAGE);
    }
    assertThat(lockedBytes()).isEqualTo(lockedBefore);
  }

  private static long lockedBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmLck:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .sum();
  }

  @Test
  void everyKindOfArenaHandsOutUsableMemory() {
    for (NumaArena arena :
        List.of(
            NumaArena.local(),
            NumaArena.interleaved(),
            NumaArena.interleaved(ALLOWED, NumaArena.Option.TRANSPARENT_HUGE_PAGES),
            NumaArena.of(MemoryPolicy.preferred(NODE), NumaArena.Option.PREFAULT),
            NumaArena.of(MemoryPolicy.standard(), NumaArena.Option.PREFAULT))) {
      try (arena) {
        MemorySegment segment = arena.allocate(10_000);
        segment.set(ValueLayout.JAVA_LONG, 9_992, 42);
        assertThat(segment.get(ValueLayout.JAVA_LONG, 9_992)).isEqualTo(42);
        assertThat(segment.get(ValueLayout.JAVA_LONG, 0)).isZero();
        assertThat(MemoryPolicy.at(segment, 0).mode()).isEqualTo(arena.policy().mode());
      }
    }
  }

  @Test
  void alignmentAboveAPageIsKept() {
    try (NumaArena arena = NumaArena.ofNode(NODE)) {
      for (long alignment = 1; alignment <= 1L << 30; alignment <<= 3) {
        MemorySegment segment = arena.allocate(3 * PAGE, alignment);
        assertThat(segment.address() % alignment).isZero();
        segment.fill((byte) 1);
      }
    }
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    try (NumaArena arena = NumaArena.ofNode(NODE)) {
      assertThat(arena.allocate(0).byteSize()).isZero();
      assertThatIllegalArgumentException().isThrownBy(() -> arena.allocate(-1));
      assertThatIllegalArgumentException().isThrownBy(() -> arena.allocate(8, 3));
      assertThatIllegalArgumentException().isThrownBy(() -> arena.allocate(8, 0));
      assertThatIllegalArgumentException().isThrownBy(() -> arena.allocate(8, Long.MIN_VALUE));
      for (long size : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - PAGE, 1L << 60}) {
        assertThatThrownBy(() -> arena.allocate(size))
            .isInstanceOfSatisfying(NumaException.class, e -> assertThat(e.errno()).isEqualTo(12));
      }
    }
    try (NumaArena arena = NumaArena.local()) {
      assertThatThrownBy(() -> arena.allocate(1L << 60))
          .isInstanceOf(NumaException.class)
          .hasMessageContaining("ENOMEM");
      assertThatThrownBy(() -> arena.allocate(8, 1L << 62)).isInstanceOf(NumaException.class);
    }
  }

  @Test
  void moreThanANodeHasIsRefusedBeforeTheKernelEndsAProcess() {
    long total = Topology.snapshot().node(NODE).orElseThrow().memoryBytes();
    try (NumaArena arena = NumaArena.ofNode(NODE)) {
      assertThatThrownBy(() -> arena.allocate(total + PAGE))
          .isInstanceOf(NumaException.class)
          .hasMessageContaining("nodes " + NODE + " have " + total + " bytes");
    }
    try (NumaArena arena = NumaArena.local(NumaArena.Option.PREFAULT)) {
      assertThatThrownBy(() -> arena.allocate(Long.MAX_VALUE / 2))
          .isInstanceOf(NumaException.class)
          .hasMessageContaining("bytes free");
    }
  }

  @Test
  void nodesThatAreNotThereAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> NumaArena.ofNode(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NumaArena.ofNode(999))
        .withMessageContaining("allowed: " + ALLOWED);
    assertThatIllegalArgumentException().isThrownBy(() -> NumaArena.ofNode(Integer.MAX_VALUE));
    assertThatIllegalArgumentException().isThrownBy(() -> NumaArena.interleaved(NodeSet.empty()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NumaArena.interleaved(NodeSet.of(NODE, 999)));
  }

  @Test
  void anEmptyPoolOfHugePagesIsAnExceptionNotASignal() throws IOException {
    long free =
        Files.readAllLines(Path.of("/proc/meminfo")).stream()
            .filter(line -> line.startsWith("HugePages_Free:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum();
    long huge = Numa.hugePageSizeBytes();
    try (NumaArena arena = NumaArena.ofNode(NODE, NumaArena.Option.HUGE_PAGE_POOL)) {
      assertThatThrownBy(() -> arena.allocate((free + 1) * huge))
          .isInstanceOf(NumaException.class)
          .hasMessageContaining("ENOMEM");
    }
  }

  @Test
  void pagesOfThePoolAreUsedWhereThereAreSome() throws IOException {
    Path pool = Path.of("/proc/sys/vm/nr_hugepages");
    String before = Files.readString(pool);
    Files.writeString(pool, String.valueOf(Integer.parseInt(before.strip()) + 4));
    try (NumaArena arena =
        NumaArena.ofNode(NODE, NumaArena.Option.HUGE_PAGE_POOL, NumaArena.Option.VERIFY)) {
      MemorySegment segment = arena.allocate(5_000_000);
      segment.fill((byte) 9);
      assertThat(NumaMaps.policyAt(segment.address())).contains("huge");
      Pages.requireOn(segment, NodeSet.of(NODE));
    } finally {
      Files.writeString(pool, before);
    }
  }

  @Test
  void aClosedArenaAndItsSegmentsAreExceptions() {
    NumaArena arena = NumaArena.ofNode(NODE);
    MemorySegment segment = arena.allocate(PAGE);
    assertThat(arena.scope().isAlive()).isTrue();
    arena.close();
    assertThatIllegalStateException().isThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0));
    assertThatIllegalStateException().isThrownBy(() -> arena.allocate(8));
    assertThatIllegalStateException().isThrownBy(arena::close);
  }

  @Test
  void closingUnmaps() throws IOException {
    MemorySegment segment;
    try (NumaArena arena = NumaArena.ofNode(NODE)) {
      segment = arena.allocate(1 << 20);
      assertThat(mapped(segment.address())).isTrue();
    }
    assertThat(mapped(segment.address())).isFalse();
  }

  private static boolean mapped(long address) throws IOException {
    String start = Long.toHexString(address);
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .anyMatch(line -> line.startsWith(start + "-"));
  }

  @Test
  void smallBlocksAreCutFromALargeOne() {
    try (NumaArena arena = NumaArena.ofNode(NODE)) {
      SegmentAllocator slices = SegmentAllocator.slicingAllocator(arena.allocate(1 << 16));
      MemorySegment first = slices.allocate(24, 8);
      MemorySegment second = slices.allocate(24, 8);
      assertThat(second.address() - first.address()).isEqualTo(24);
    }
  }
}
