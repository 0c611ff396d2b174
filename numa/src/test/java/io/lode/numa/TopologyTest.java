package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyTest {
  @TempDir Path root;

  @Test
  void nodesWithoutCpusAndWithoutMemoryAreTold() {
    Topology cpuless = FakeSysfs.cpuless(root).topology();
    assertThat(cpuless.onlineNodes()).hasToString("0-2");
    assertThat(cpuless.possibleNodes()).hasToString("0-3");
    assertThat(cpuless.nodesWithCpus()).hasToString("0-1");
    assertThat(cpuless.nodesWithMemory()).hasToString("0-2");
    Topology.Node bare = cpuless.node(2).orElseThrow();
    assertThat(bare.hasCpus()).isFalse();
    assertThat(bare.hasMemory()).isTrue();
    assertThat(bare.memoryBytes()).isEqualTo(500 * 1024);
    assertThat(bare.freeBytes()).isEqualTo(250 * 1024);
    assertThat(bare.reclaimableBytes()).isEqualTo(8 * 1024);
  }

  @Test
  void idsWithGapsMapToTheRightDistanceColumns() {
    Topology sparse = FakeSysfs.sparse(root).topology();
    assertThat(sparse.nodes()).extracting(Topology.Node::id).containsExactly(1, 4, 9);
    assertThat(sparse.distance(1, 9)).hasValue(28);
    assertThat(sparse.distance(9, 4)).hasValue(21);
    assertThat(sparse.distance(4, 4)).hasValue(10);
    assertThat(sparse.distance(1, 2)).isEmpty();
    assertThat(sparse.distance(2, 1)).isEmpty();
    assertThat(sparse.distance(-1, Integer.MAX_VALUE)).isEmpty();
    assertThat(sparse.nodesWithMemory()).hasToString("1,4");
  }

  @Test
  void cpusAndNodesMapToEachOther() {
    Topology cpuless = FakeSysfs.cpuless(root).topology();
    assertThat(cpuless.cpusOf(NodeSet.of(1, 2))).hasToString("4-7");
    assertThat(cpuless.cpusOf(NodeSet.of(77))).isEqualTo(CpuSet.empty());
    assertThat(cpuless.nodeOfCpu(5)).hasValue(1);
    assertThat(cpuless.nodeOfCpu(-1)).isEmpty();
    assertThat(cpuless.nodeOfCpu(9)).isEmpty();
    assertThat(cpuless.nodesOf(CpuSet.of(3, 4))).hasToString("0-1");
    assertThat(cpuless.onlineCpus()).hasToString("0-7");
    assertThat(cpuless.presentCpus()).hasToString("0-9");
    assertThat(cpuless.possibleCpus()).hasToString("0-15");
  }

  @Test
  void accessAttributesAreReadPerClass() {
    Topology topology = FakeSysfs.cpuless(root).initiator(2, 0, 0).initiator(2, 1, 1).topology();
    List<Topology.Access> access = topology.node(2).orElseThrow().access();
    assertThat(access).extracting(Topology.Access::accessClass).containsExactly(0, 1);
    assertThat(access.getLast().initiators()).hasToString("1");
    assertThat(access.getLast().readLatencyNanos()).hasValue(120);
    assertThat(access.getLast().readBandwidthMiB()).hasValue(9000);
    assertThat(access.getLast().writeLatencyNanos()).isEmpty();
    assertThat(topology.node(0).orElseThrow().access()).isEmpty();
  }

  @Test
  void aKernelWithoutNumaHasCpusButNoNodes() {
    Topology flat = new FakeSysfs(root).file("devices/system/cpu/online", "0-3").topology();
    assertThat(flat.nodes()).isEmpty();
    assertThat(flat.onlineCpus()).hasToString("0-3");
    assertThat(flat.possibleCpus()).hasToString("0-3");
    assertThat(flat.nodeOfCpu(0)).isEmpty();
  }

  @Test
  void anEmptyOrAbsentTreeIsAnEmptyMachine() {
    assertThat(Topology.snapshot(root).nodes()).isEmpty();
    assertThat(Topology.snapshot(root.resolve("absent")).onlineCpus().isEmpty()).isTrue();
  }

  @Test
  void nonsenseInSysfsNamesTheFile() {
    FakeSysfs fake = FakeSysfs.cpuless(root).file("devices/system/node/node1/cpulist", "4-x");
    assertThatThrownBy(fake::topology)
        .isInstanceOf(NumaException.class)
        .hasMessageContaining("node1/cpulist");
    fake.file("devices/system/node/node1/cpulist", "4-7");
    fake.file("devices/system/node/node1/distance", "10 twenty");
    assertThatThrownBy(fake::topology)
        .isInstanceOf(NumaException.class)
        .hasMessageContaining("node1/distance");
  }

  @Test
  void aShortDistanceRowHasNoFurtherColumns() {
    Topology topology =
        FakeSysfs.cpuless(root).file("devices/system/node/node0/distance", "10 0").topology();
    assertThat(topology.distance(0, 0)).hasValue(10);
    assertThat(topology.distance(0, 1)).isEmpty();
    assertThat(topology.distance(0, 2)).isEmpty();
  }

  @Test
  void thisMachineIsConsistent() throws IOException {
    Topology here = Topology.snapshot();
    try (Stream<Path> entries = Files.list(Path.of("/sys/devices/system/node"))) {
      long directories =
          entries.filter(path -> path.getFileName().toString().matches("node\\d+")).count();
      assertThat(here.nodes()).hasSize((int) directories);
    }
    CpuSet union = CpuSet.empty();
    for (Topology.Node node : here.nodes()) {
      assertThat(union.intersect(node.cpus()).isEmpty()).isTrue();
      union = union.union(node.cpus());
      assertThat(here.distance(node.id(), node.id())).hasValue(10);
      for (Topology.Node other : here.nodes()) {
        assertThat(here.distance(node.id(), other.id()))
            .isEqualTo(here.distance(other.id(), node.id()));
      }
      node.cpus().stream()
          .forEach(cpu ->
              assertThat(Path.of("/sys/devices/system/node/node" + node.id() + "/cpu" + cpu))
                  .exists());
    }
    assertThat(union).isEqualTo(here.onlineCpus());
  }
}
