package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that need two nodes with memory; placement is checked with the kernel. */
class TwoNodeIT {
  private static final long PAGE = Numa.pageSizeBytes();
  private final NodeSet nodes = MemoryPolicy.allowedNodes();
  private final int first = nodes.first().orElseThrow();
  private final int last = nodes.last().orElseThrow();

  @BeforeEach
  void thereAreTwoNodes() {
    assertThat(nodes.size()).isGreaterThan(1);
  }

  private static void fillWithPattern(MemorySegment range) {
    for (long offset = 0; offset < range.byteSize(); offset += 8) {
      range.set(ValueLayout.JAVA_LONG, offset, offset * 31);
    }
  }

  private static void assertPattern(MemorySegment range) {
    for (long offset = 0; offset < range.byteSize(); offset += 8) {
      assertThat(range.get(ValueLayout.JAVA_LONG, offset)).isEqualTo(offset * 31);
    }
  }

  @Test
  void bindingARangeAndMovingCarriesItsPagesOver() throws IOException {
    try (NumaArena arena = NumaArena.ofNode(first)) {
      MemorySegment range = arena.allocate(64 * PAGE);
      MemorySegment touched = range.asSlice(0, 63 * PAGE);
      fillWithPattern(touched);
      MemoryPolicy there = MemoryPolicy.bind(NodeSet.of(last));
      assertThatThrownBy(() -> there.applyTo(range, RangeOption.STRICT))
          .isInstanceOf(NumaException.class)
          .hasMessageContaining("EIO");
      there.applyTo(range, RangeOption.MOVE, RangeOption.STRICT);
      Pages.requireOn(touched, NodeSet.of(last));
      assertThat(Pages.nodeOf(range, 63 * PAGE)).isEmpty();
      assertThat(NumaMaps.policyAt(range.address())).contains("N" + last + "=63");
      assertPattern(touched);
    }
  }

  @Test
  void processPagesMigrate() {
    try (NumaArena arena = NumaArena.of(MemoryPolicy.preferred(last))) {
      MemorySegment range = arena.allocate(64 * PAGE);
      fillWithPattern(range);
      Pages.requireOn(range, NodeSet.of(last));
      Pages.migrate(NodeSet.of(last), NodeSet.of(first));
      Pages.requireOn(range, NodeSet.of(first));
      assertPattern(range);
    }
  }

  @Test
  void singlePagesMoveRoundRobin() {
    int[] ids = nodes.stream().toArray();
    try (NumaArena arena = NumaArena.local()) {
      MemorySegment range = arena.allocate(64 * PAGE);
      fillWithPattern(range);
      PageReport report = Pages.move(range, page -> ids[page % ids.length], Pages.Reach.OWN);
      for (int page = 0; page < report.pageCount(); page++) {
        assertThat(report.node(page)).hasValue(ids[page % ids.length]);
      }
      assertPattern(range);
    }
  }

  @Test
  void interleavedMemoryLiesOnAllNodes() {
    try (NumaArena arena = NumaArena.interleaved(NumaArena.Option.VERIFY)) {
      PageReport report = Pages.locate(arena.allocate(60 * PAGE));
      assertThat(report.nodes()).isEqualTo(nodes);
      assertThat(report.pagesByNode().values()).allMatch(count -> count >= 60 / nodes.size() - 1);
    }
  }

  @Test
  void statisticsOfANodeCountWhatItWasAskedFor() throws IOException {
    long before = hits(last);
    try (NumaArena arena = NumaArena.ofNode(last, NumaArena.Option.PREFAULT)) {
      // A huge page is one hit; pieces that are too small for one are counted page by page.
      for (int piece = 0; piece < 10; piece++) {
        assertThat(arena.allocate(200 * PAGE).byteSize()).isPositive();
      }
    }
    assertThat(hits(last) - before).isGreaterThanOrEqualTo(2000);
  }

  private static long hits(int node) throws IOException {
    return Files.readAllLines(Path.of("/sys/devices/system/node/node" + node + "/numastat"))
        .stream()
        .filter(line -> line.startsWith("numa_hit "))
        .mapToLong(line -> Long.parseLong(line.substring(9)))
        .sum();
  }

  @Test
  void preferredPairsKeepTheirPagesWithin() {
    NodeSet pair = NodeSet.of(first, last);
    try (NumaArena arena =
        NumaArena.of(MemoryPolicy.preferredMany(pair), NumaArena.Option.VERIFY)) {
      assertThat(MemoryPolicy.at(arena.allocate(PAGE), 0).nodes()).isEqualTo(pair);
    }
  }

  @Test
  void threadsOfANodeTouchTheirOwnMemory() throws Exception {
    for (int node : Topology.snapshot().nodesWithCpus().intersect(nodes).stream().toArray()) {
      try (ExecutorService executor = NodeThreads.onNode(node).newExecutor(1);
          NumaArena arena = NumaArena.local()) {
        MemorySegment range = arena.allocate(16 * PAGE);
        executor.submit(() -> range.fill((byte) 1)).get();
        Pages.requireOn(range, NodeSet.of(node));
      }
    }
  }

  @Test
  void aRegionGrowsOnItsNode() {
    try (NumaRegion region =
        NumaRegion.allocate(MemoryPolicy.bind(NodeSet.of(last)), PAGE, NumaArena.Option.PREFAULT)) {
      Pages.requireOn(region.resize(500 * PAGE), NodeSet.of(last));
    }
  }

  @Test
  void distancesAreNumactls() throws IOException {
    Libnuma libnuma = Libnuma.load();
    Topology topology = Topology.snapshot();
    for (int from : topology.onlineNodes().stream().toArray()) {
      for (int to : topology.onlineNodes().stream().toArray()) {
        assertThat(topology.distance(from, to)).hasValue(libnuma.numa_distance(from, to));
      }
    }
  }
}
