package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacementTest {
  private static final CpuSet EVERYWHERE = CpuSet.range(0, 63);

  @TempDir Path root;

  private Placement place(Placement.Device device, FakeSysfs machine) {
    return Placement.cpuNodes(device, machine.topology(), EVERYWHERE);
  }

  @Test
  void theNumaNodeWithCpusIsTheAnswer() {
    Placement placement = place(Placement.Device.of(1, 3), FakeSysfs.cpuless(root));
    assertThat(placement.nodes()).hasToString("1");
    assertThat(placement.cpus()).hasToString("4-7");
    assertThat(placement.reason()).isEqualTo("node 1 is the device's numa_node and has CPUs");
  }

  @Test
  void aNumaNodeWithoutCpusGivesTheNearestWithSome() {
    Placement placement = place(Placement.Device.of(2, 3), FakeSysfs.cpuless(root));
    assertThat(placement.cpus()).hasToString("4-7");
    assertThat(placement.reason()).contains("nearest").contains("numa_node 2").contains("14");
  }

  @Test
  void initiatorsOfAnOnlineTargetNodeComeFirst() {
    FakeSysfs machine = FakeSysfs.cpuless(root).initiator(2, 0, 0).initiator(2, 1, 1);
    Placement placement = place(Placement.Device.of(0, 2), machine);
    assertThat(placement.nodes()).hasToString("1");
    assertThat(placement.reason()).contains("access1").contains("target_node 2");
  }

  @Test
  void initiatorsOfAnyKindCountOnlyWithCpus() {
    FakeSysfs machine = FakeSysfs.cpuless(root).initiator(2, 0, 2).initiator(2, 0, 0);
    Placement placement = place(Placement.Device.of(1, 2), machine);
    assertThat(placement.nodes()).hasToString("0");
    assertThat(placement.reason()).contains("access0");
  }

  @Test
  void initiatorsOfANumaNodeWithoutCpusBeatItsDistances() {
    FakeSysfs machine = FakeSysfs.cpuless(root).initiator(2, 1, 0);
    assertThat(place(Placement.Device.of(2, 3), machine).nodes()).hasToString("0");
  }

  @Test
  void cxlMemoryIsWhereItsDeviceIsAttachedNotWhereNumaNodeSays() {
    FakeSysfs machine = FakeSysfs.cpuless(root);
    Placement attached = place(Placement.Device.cxl(0, 3, NodeSet.of(1)), machine);
    assertThat(attached.nodes()).hasToString("1");
    assertThat(attached.reason()).contains("CXL");
    Placement unattached = place(Placement.Device.cxl(2, 3, NodeSet.empty()), machine);
    assertThat(unattached.nodes()).hasToString("1");
  }

  @Test
  void tiesGiveAllNearestNodes() {
    FakeSysfs machine = FakeSysfs.cpuless(root).node(2, "", 500, "17 17 10");
    Placement placement = place(Placement.Device.of(2, -1), machine);
    assertThat(placement.nodes()).hasToString("0-1");
    assertThat(placement.cpus()).hasToString("0-7");
    assertThat(placement.reason()).startsWith("each of nodes 0-1");
  }

  /** As of a node that came up with a device's memory: the firmware's table does not have it. */
  @Test
  void theKernelsDefaultDistanceIsNoNearness() {
    FakeSysfs machine = FakeSysfs.cpuless(root).node(2, "", 500, "20 20 10");
    Placement placement = place(Placement.Device.of(2, -1), machine);
    assertThat(placement.isEmpty()).isTrue();
    assertThat(placement.reason())
        .contains("numa_node 2 has no CPUs and the kernel's default distance, 20");
    assertThat(place(Placement.Device.of(2, 1), machine).nodes()).hasToString("1");
  }

  @Test
  void anOnlineTargetNodeAloneIsEnough() {
    Placement placement = place(Placement.Device.of(-2, 2), FakeSysfs.cpuless(root));
    assertThat(placement.nodes()).hasToString("1");
    assertThat(placement.reason()).contains("target_node 2");
  }

  @Test
  void noNodeIsAnEmptyAnswerWithAnExplanation() {
    Placement unknown = place(Placement.Device.unknown(), FakeSysfs.cpuless(root));
    assertThat(unknown.isEmpty()).isTrue();
    assertThat(unknown.nodes().isEmpty()).isTrue();
    assertThat(unknown.reason()).contains("names no node");
    Placement offline = place(Placement.Device.of(7, 8), FakeSysfs.cpuless(root));
    assertThat(offline.isEmpty()).isTrue();
    assertThat(offline.reason()).contains("numa_node 7 is not online").contains("target_node 8");
  }

  @Test
  void aMachineWithoutNodesIsAnEmptyAnswer() {
    Placement placement = place(Placement.Device.of(0, 0), new FakeSysfs(root));
    assertThat(placement.isEmpty()).isTrue();
    assertThat(placement.reason()).contains("no NUMA nodes");
  }

  @Test
  void aNodeWithoutCpusAndWithoutDistancesIsAnEmptyAnswer() {
    FakeSysfs machine = FakeSysfs.cpuless(root).node(2, "", 500, "");
    Placement placement = place(Placement.Device.of(2, -1), machine);
    assertThat(placement.isEmpty()).isTrue();
    assertThat(placement.reason()).contains("numa_node 2 has no CPUs");
  }

  @Test
  void theCallersMaskIsKeptTo() {
    Topology machine = FakeSysfs.cpuless(root).topology();
    Placement some = Placement.cpuNodes(Placement.Device.of(1, 1), machine, CpuSet.of(0, 5));
    assertThat(some.cpus()).hasToString("5");
    Placement none = Placement.cpuNodes(Placement.Device.of(1, 1), machine, CpuSet.of(0, 1));
    assertThat(none.isEmpty()).isTrue();
    assertThat(none.nodes().isEmpty()).isTrue();
    assertThat(none.reason()).contains("4-7").contains("0-1");
  }

  @Test
  void thisMachinesFirstCpuNodeCanBePinnedTo() {
    int node = Topology.snapshot().nodesWithCpus().first().orElseThrow();
    Placement placement = Placement.cpuNodes(Placement.Device.of(node, -1));
    try (Affinity.Scope _ = Affinity.pin(placement.cpus())) {
      assertThat(placement.cpus().contains(Affinity.currentCpu())).isTrue();
    }
  }

  @Test
  void aVirtualThreadGetsTheCpusOfTheProcess() throws Exception {
    int node = Topology.snapshot().nodesWithCpus().first().orElseThrow();
    Placement placement =
        AffinityTest.onThread(
            Thread.ofVirtual(), () -> Placement.cpuNodes(Placement.Device.of(node, -1)));
    assertThat(placement.isEmpty()).isFalse();
  }
}
