package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that need a node with memory but without CPUs. */
@Tag("topology-cpuless")
class CpulessIT {
  private final Topology topology = Topology.snapshot();
  private final int bare =
      topology.nodesWithMemory().minus(topology.nodesWithCpus()).first().orElseThrow();

  @Test
  void bindingToItFailsAsAWhole() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Numa.bind(NodeSet.of(bare)))
        .withMessageContaining("nodes with CPUs: " + topology.nodesWithCpus());
    assertThat(MemoryPolicy.current()).isEqualTo(MemoryPolicy.standard());
    assertThatIllegalArgumentException().isThrownBy(() -> NodeThreads.onNode(bare));
  }

  @Test
  void itsMemoryIsUsedLikeAnyOther() {
    try (NumaArena arena = NumaArena.ofNode(bare, NumaArena.Option.VERIFY)) {
      assertThat(Pages.locate(arena.allocate(1 << 20)).nodes()).isEqualTo(NodeSet.of(bare));
    }
  }

  @Test
  void aDeviceThereIsServedByTheNearestCpus() {
    Placement placement = Placement.cpuNodes(Placement.Device.of(bare, bare + 1));
    int least =
        topology.nodesWithCpus().stream()
            .map(node -> topology.distance(bare, node).orElseThrow())
            .min()
            .orElseThrow();
    assertThat(placement.isEmpty()).isFalse();
    assertThat(placement.nodes().stream())
        .allMatch(node -> topology.distance(bare, node).orElseThrow() == least);
    try (Affinity.Scope _ = Affinity.pin(placement.cpus())) {
      assertThat(placement.cpus().contains(Affinity.currentCpu())).isTrue();
    }
  }
}
