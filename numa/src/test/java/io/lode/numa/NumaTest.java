package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class NumaTest {
  private static final NodeSet BOTH =
      Topology.snapshot().nodesWithCpus().intersect(MemoryPolicy.allowedNodes());

  @Test
  void everyCapabilityHasAReason() {
    Numa numa = Numa.probe();
    assertThat(
            List.of(
                numa.topology(),
                numa.policyRead(),
                numa.policyWrite(),
                numa.movePages(),
                numa.migratePages(),
                numa.homeNode(),
                numa.libnuma(),
                numa.membindBalancing()))
        .allSatisfy(capability -> assertThat(capability.reason()).isNotBlank());
    assertThat(numa.topology().isAvailable()).isTrue();
    assertThat(numa.policyRead().isAvailable()).isTrue();
    assertThat(numa.policyWrite().isAvailable()).isTrue();
    assertThat(numa.movePages().isAvailable()).isTrue();
    assertThat(numa.migratePages().isAvailable()).isTrue();
  }

  @Test
  void everyModeIsTried() {
    Numa numa = Numa.probe();
    for (MemoryPolicy.Mode mode : MemoryPolicy.Mode.values()) {
      assertThat(numa.mode(mode).reason()).contains(mode.name());
    }
    assertThat(numa.mode(MemoryPolicy.Mode.BIND).isAvailable()).isTrue();
    assertThat(numa.mode(MemoryPolicy.Mode.UNKNOWN).isAvailable()).isFalse();
  }

  @Test
  void modesAndTheirNumbersAreTheKernels() {
    assertThat(MemoryPolicy.Mode.values())
        .extracting(MemoryPolicy.Mode::code)
        .containsExactly(0, 1, 2, 3, 4, 5, 6, -1);
  }

  @Test
  void bindingTakesCpusAndMemoryAndGivesBothBack() {
    CpuSet before = Affinity.current();
    try (Numa.Binding binding = Numa.bind(BOTH)) {
      assertThat(Affinity.current()).isEqualTo(binding.affinity().cpus());
      assertThat(Affinity.currentNodes()).isEqualTo(BOTH);
      assertThat(MemoryPolicy.current()).isEqualTo(MemoryPolicy.bind(BOTH));
    }
    assertThat(Affinity.current()).isEqualTo(before);
    assertThat(MemoryPolicy.current()).isEqualTo(MemoryPolicy.standard());
  }

  @Test
  void bindingToWhatIsNotThereChangesNothing() {
    CpuSet before = Affinity.current();
    assertThatIllegalArgumentException().isThrownBy(() -> Numa.bind(NodeSet.of(999)));
    assertThatIllegalArgumentException().isThrownBy(() -> Numa.bind(NodeSet.empty()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Affinity.pinToNodes(BOTH.union(NodeSet.of(999))))
        .withMessageContaining("nodes with CPUs: " + BOTH);
    assertThat(Affinity.current()).isEqualTo(before);
    assertThat(MemoryPolicy.current()).isEqualTo(MemoryPolicy.standard());
  }

  @Test
  void pageSizesArePowersOfTwo() {
    assertThat(Long.bitCount(Numa.pageSizeBytes())).isEqualTo(1);
    assertThat(Long.bitCount(Numa.hugePageSizeBytes())).isLessThanOrEqualTo(1);
  }
}
