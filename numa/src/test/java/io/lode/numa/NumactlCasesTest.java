package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The checks of numactl's own test programs, on any number of nodes. */
class NumactlCasesTest {
  private static final NodeSet NODES = MemoryPolicy.allowedNodes();
  private static final long PAGE = Numa.pageSizeBytes();

  /** bind_range. */
  @Test
  void listsKeepToTheNarrowedMaskUnlessAllCpusAreAllowed() {
    CpuSet all = Affinity.current();
    String highest = String.valueOf(all.last().orElseThrow());
    assertThat(all.size()).isGreaterThan(1);
    try (Affinity.Scope _ = Affinity.pin(CpuSet.of(all.first().orElseThrow()))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CpuSet.parse(highest, Affinity.current()));
      CpuSet parsed = CpuSet.parse(highest, Topology.snapshot().onlineCpus());
      try (Affinity.Scope _ = Affinity.pin(parsed)) {
        assertThat(Affinity.current()).hasToString(highest);
      }
      int node = Topology.snapshot().nodeOfCpu(all.last().orElseThrow()).orElseThrow();
      try (Affinity.Scope scope = Affinity.pinToNodes(NodeSet.of(node))) {
        assertThat(scope.cpus()).isEqualTo(Topology.snapshot().cpusOf(NodeSet.of(node)));
      }
    }
    assertThat(Affinity.current()).isEqualTo(all);
  }

  /** prefered, mynode. */
  @Test
  void eachNodePreferredForARangeGivesItsPages() {
    for (int node : NODES.stream().toArray()) {
      try (NumaArena arena = NumaArena.of(MemoryPolicy.preferred(node))) {
        MemorySegment range = arena.allocate(16 * PAGE);
        range.fill((byte) 1);
        assertThat(MemoryPolicy.at(range, 0)).isEqualTo(MemoryPolicy.preferred(node));
        assertThat(Pages.touchedNodeOf(range, 0)).isEqualTo(node);
        Pages.requireOn(range, NodeSet.of(node));
      }
    }
  }

  /** tshared. */
  @Test
  void interleavedPagesTakeTheNodesInTurn() {
    try (NumaArena arena = NumaArena.interleaved(NodeSet.of(NODES.stream().toArray()))) {
      MemorySegment range = arena.allocate(48 * PAGE);
      range.fill((byte) 1);
      PageReport report = Pages.locate(range);
      int period = NODES.size();
      for (int page = period; page < report.pageCount(); page++) {
        assertThat(report.node(page)).isEqualTo(report.node(page - period));
      }
      assertThat(report.nodes()).isEqualTo(NODES);
    }
  }

  /** randmap. */
  @Test
  void randomPoliciesOverRandomRangesMatchAModel() {
    long seed = Long.getLong("lode.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int pages = 512;
    List<MemoryPolicy> choices =
        List.of(
            MemoryPolicy.bind(NODES),
            MemoryPolicy.interleave(NODES),
            MemoryPolicy.preferred(NODES.last().orElseThrow()),
            MemoryPolicy.local());
    try (NumaArena arena = NumaArena.local()) {
      MemorySegment range = arena.allocate(pages * PAGE);
      List<MemoryPolicy> model = new ArrayList<>(Collections.nCopies(pages, arena.policy()));
      for (int round = 0; round < 300; round++) {
        int first = random.nextInt(pages);
        int count = 1 + random.nextInt(pages - first);
        MemoryPolicy policy = choices.get(random.nextInt(choices.size()));
        policy.applyTo(range.asSlice(first * PAGE, count * PAGE));
        model.subList(first, first + count).replaceAll(_ -> policy);
      }
      for (int page = 0; page < pages; page++) {
        assertThat(MemoryPolicy.at(range, page * PAGE))
            .as("page %d", page)
            .isEqualTo(model.get(page));
      }
    }
  }

  /** tshm, shmtest. */
  @Test
  void aPolicyOnSharedMemoryIsSeenThroughAnotherMapping() throws IOException {
    Path file = Files.createTempFile(Path.of("/dev/shm"), "lode-numa", ".shared");
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Arena arena = Arena.ofConfined()) {
      MemorySegment first = channel.map(FileChannel.MapMode.READ_WRITE, 0, 8 * PAGE, arena);
      MemorySegment second = channel.map(FileChannel.MapMode.READ_WRITE, 0, 8 * PAGE, arena);
      MemoryPolicy policy = MemoryPolicy.interleave(NODES);
      policy.applyTo(first.asSlice(2 * PAGE, 4 * PAGE));
      assertThat(MemoryPolicy.at(second, 3 * PAGE)).isEqualTo(policy);
      assertThat(MemoryPolicy.at(second, 0)).isEqualTo(MemoryPolicy.standard());
    } finally {
      Files.delete(file);
    }
  }

  /** numademo. */
  @Test
  void everyPolicyCarriesTenMegabytesOfWork() {
    for (MemoryPolicy policy :
        List.of(
            MemoryPolicy.standard(),
            MemoryPolicy.local(),
            MemoryPolicy.interleave(NODES),
            MemoryPolicy.bind(NODES),
            MemoryPolicy.preferred(NODES.first().orElseThrow()))) {
      try (NumaArena arena = NumaArena.of(policy, NumaArena.Option.PREFAULT)) {
        MemorySegment from = arena.allocate(10 << 20);
        MemorySegment to = arena.allocate(10 << 20);
        from.fill((byte) 77);
        to.copyFrom(from);
        assertThat(to.mismatch(from)).isEqualTo(-1);
      }
    }
  }
}
