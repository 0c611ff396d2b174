package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java answers beside those of the installed libnuma and of numactl. */
@SuppressWarnings("restricted")
class LibnumaOracleTest {
  private final Libnuma libnuma = Libnuma.load();
  private final Topology topology = Topology.snapshot();
  private final NodeSet allowed = MemoryPolicy.allowedNodes();

  @BeforeEach
  void libnumaIsThere() {
    assertThat(libnuma.numa_available()).isZero();
  }

  private static NodeSet nodes(Pointer bitmask) {
    return NodeSet.ofWords(Libnuma.words(bitmask));
  }

  @Test
  void countsAgree() {
    assertThat(topology.onlineNodes().last()).hasValue(libnuma.numa_max_node());
    assertThat(topology.presentCpus().size()).isEqualTo(libnuma.numa_num_configured_cpus());
    assertThat(libnuma.numa_num_possible_nodes())
        .isGreaterThan(topology.possibleNodes().last().orElseThrow());
    assertThat(libnuma.numa_num_possible_nodes() - 1).isEqualTo(libnuma.numa_max_possible_node());
    assertThat(libnuma.numa_num_possible_cpus())
        .isGreaterThan(topology.possibleCpus().last().orElseThrow());
    assertThat(Affinity.ofProcess().size()).isEqualTo(libnuma.numa_num_task_cpus());
    assertThat(allowed.size()).isEqualTo(libnuma.numa_num_task_nodes());
    assertThat(Numa.pageSizeBytes()).isEqualTo(libnuma.numa_pagesize());
  }

  @Test
  void masksThatLibnumaKeepsAgree() {
    assertThat(NodeSet.ofWords(Libnuma.mask("numa_all_nodes_ptr"))).isEqualTo(allowed);
    assertThat(NodeSet.ofWords(Libnuma.mask("numa_no_nodes_ptr"))).isEqualTo(NodeSet.empty());
    assertThat(CpuSet.ofWords(Libnuma.mask("numa_all_cpus_ptr"))).isEqualTo(Affinity.ofProcess());
    assertThat(nodes(libnuma.numa_get_mems_allowed())).isEqualTo(allowed);
  }

  @Test
  void nodeSizesAgree() {
    for (Topology.Node node : topology.nodes()) {
      LongByReference free = new LongByReference();
      assertThat(node.memoryBytes()).isEqualTo(libnuma.numa_node_size64(node.id(), free));
      assertThat(node.freeBytes()).isCloseTo(free.getValue(), within(512L << 20));
    }
  }

  @Test
  void distancesAgreeAndUnknownIsAbsent() {
    for (int from = 0; from <= libnuma.numa_max_node() + 2; from++) {
      for (int to = 0; to <= libnuma.numa_max_node() + 2; to++) {
        assertThat(topology.distance(from, to).orElse(0))
            .isEqualTo(libnuma.numa_distance(from, to));
      }
    }
  }

  @Test
  void cpusOfNodesAgree() {
    for (Topology.Node node : topology.nodes()) {
      Pointer mask = libnuma.numa_allocate_cpumask();
      assertThat(libnuma.numa_node_to_cpus(node.id(), mask)).isZero();
      assertThat(CpuSet.ofWords(Libnuma.words(mask))).isEqualTo(node.cpus());
      assertThat(libnuma.numa_bitmask_weight(mask)).isEqualTo(node.cpus().size());
      libnuma.numa_bitmask_free(mask);
    }
    for (int cpu = -1; cpu <= topology.possibleCpus().size() + 70; cpu++) {
      assertThat(topology.nodeOfCpu(cpu).orElse(-1))
          .isEqualTo(cpu < 0 ? -1 : libnuma.numa_node_of_cpu(cpu));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0-0", "0,0", "all", "", "+0", "!0", "0x0", "999", "1-0", "x", "0,"})
  void nodeListsAreReadAlike(String list) {
    agree(list, text -> NodeSet.parse(text, allowed).toWords(), libnuma::numa_parse_nodestring);
    agree(
        list,
        text -> NodeSet.parse(text, topology.onlineNodes()).toWords(),
        libnuma::numa_parse_nodestring_all);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "0-1", "1,0", "all", "+0-1", "!0", "!0-1", "999", "x", "0--1", "0-1-1"})
  void cpuListsAreReadAlike(String list) {
    CpuSet cpus = Affinity.ofProcess();
    agree(list, text -> CpuSet.parse(text, cpus).toWords(), libnuma::numa_parse_cpustring);
    agree(
        list,
        text -> CpuSet.parse(text, topology.onlineCpus()).toWords(),
        libnuma::numa_parse_cpustring_all);
  }

  @Test
  void backwardRangesAreTakenByTheLibraryForTheirFirstAndRefusedInJava() {
    CpuSet cpus = Affinity.ofProcess();
    int last = cpus.last().orElseThrow();
    String backwards = last + "-" + cpus.first().orElseThrow();
    Pointer taken = libnuma.numa_parse_cpustring(backwards);
    assertThat(CpuSet.ofWords(Libnuma.words(taken))).isEqualTo(CpuSet.of(last));
    assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.parse(backwards, cpus));
  }

  private static void agree(
      String list, Function<String, long[]> java, Function<String, @Nullable Pointer> library) {
    Pointer expected = library.apply(list);
    if (expected == null) {
      assertThatIllegalArgumentException().as(list).isThrownBy(() -> java.apply(list));
    } else {
      assertThat(CpuSet.ofWords(java.apply(list)))
          .as(list)
          .isEqualTo(CpuSet.ofWords(Libnuma.words(expected)));
    }
  }

  @Test
  void hexadecimalMapsAreReadAlike() {
    for (CpuSet cpus : new CpuSet[] {CpuSet.of(0, 5, 31, 32, 64), CpuSet.of(127), CpuSet.of(3)}) {
      Pointer mask = libnuma.numa_allocate_cpumask();
      byte[] line = (cpus.toHex() + "\n\0").getBytes(StandardCharsets.US_ASCII);
      assertThat(libnuma.numa_parse_bitmap(line, mask)).isZero();
      assertThat(CpuSet.ofWords(Libnuma.words(mask))).isEqualTo(cpus);
    }
  }

  @Test
  void policiesSetByLibnumaAreReadInJava() {
    Pointer mask = libnuma.numa_allocate_nodemask();
    allowed.stream().forEach(node -> libnuma.numa_bitmask_setbit(mask, node));
    try (PolicyScope _ = MemoryPolicy.standard().apply()) {
      libnuma.numa_set_membind(mask);
      assertThat(MemoryPolicy.current()).isEqualTo(MemoryPolicy.bind(allowed));
      libnuma.numa_set_interleave_mask(mask);
      assertThat(MemoryPolicy.current()).isEqualTo(MemoryPolicy.interleave(allowed));
      int node = allowed.first().orElseThrow();
      libnuma.numa_set_preferred(node);
      assertThat(MemoryPolicy.current()).isEqualTo(MemoryPolicy.preferred(node));
      libnuma.numa_set_localalloc();
      assertThat(MemoryPolicy.current()).isEqualTo(MemoryPolicy.local());
    }
    assertThat(MemoryPolicy.current()).isEqualTo(MemoryPolicy.standard());
  }

  @Test
  void policiesSetInJavaAreReadByLibnuma() {
    try (PolicyScope _ = MemoryPolicy.bind(allowed).apply()) {
      assertThat(nodes(libnuma.numa_get_membind())).isEqualTo(allowed);
    }
    try (PolicyScope _ = MemoryPolicy.interleave(allowed).apply()) {
      assertThat(nodes(libnuma.numa_get_interleave_mask())).isEqualTo(allowed);
    }
    int node = allowed.last().orElseThrow();
    try (PolicyScope _ = MemoryPolicy.preferred(node).apply()) {
      assertThat(libnuma.numa_preferred()).isEqualTo(node);
    }
  }

  @Test
  void runningOnANodeAgrees() {
    int node = topology.nodesWithCpus().first().orElseThrow();
    try (Affinity.Scope _ = Affinity.pin(CpuSet.of(Affinity.current().first().orElseThrow()))) {
      assertThat(libnuma.numa_run_on_node(node)).isZero();
      CpuSet byLibrary = Affinity.current();
      try (Affinity.Scope scope = Affinity.pinToNodes(NodeSet.of(node))) {
        assertThat(scope.cpus()).isEqualTo(byLibrary);
        assertThat(Affinity.currentNodes()).isEqualTo(nodes(libnuma.numa_get_run_node_mask()));
      }
    }
  }

  @Test
  void memoryAllocatedByLibnumaIsSeenInJava() {
    int node = allowed.first().orElseThrow();
    long size = 4 * Numa.pageSizeBytes();
    Pointer memory = libnuma.numa_alloc_onnode(size, node);
    MemorySegment segment = MemorySegment.ofAddress(Pointer.nativeValue(memory)).reinterpret(size);
    assertThat(MemoryPolicy.at(segment, 0)).isEqualTo(MemoryPolicy.bind(NodeSet.of(node)));
    Pages.prefault(segment);
    Pages.requireOn(segment, NodeSet.of(node));
    libnuma.numa_free(memory, size);
    assertThat(Pages.locate(segment).count(PageReport.Status.UNMAPPED)).isEqualTo(4);
  }

  @Test
  void numactlShowsTheSameMachine() throws IOException {
    Process process = new ProcessBuilder("numactl", "--hardware").start();
    String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    for (Topology.Node node : topology.nodes()) {
      String cpus = node.cpus().stream().mapToObj(cpu -> " " + cpu).reduce("", String::concat);
      assertThat(shown)
          .contains("node " + node.id() + " cpus:" + cpus)
          .contains("node " + node.id() + " size: " + (node.memoryBytes() >> 20) + " MB");
    }
    assertThat(shown).contains("available: " + topology.nodes().size() + " nodes");
  }
}
