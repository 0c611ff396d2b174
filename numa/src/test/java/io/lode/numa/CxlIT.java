package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that need CXL persistent memory: the kernel guesses its node from its address. */
@Tag("topology-cxl")
class CxlIT {
  private static final Path MEMDEV = Path.of("/sys/bus/cxl/devices/mem0");
  private final Path device =
      Path.of("/sys/bus/dax/devices").resolve(Path.of(System.getenv("LODE_DEVDAX")).getFileName());

  private static int node(Path folder, String attribute) throws IOException {
    return Integer.parseInt(Files.readString(folder.resolve(attribute)).strip());
  }

  @Test
  void threadsGoToTheNodeWhereTheMemoryDeviceIsPlugged() throws IOException {
    int attached = node(MEMDEV, "numa_node");
    int numaNode = node(device, "numa_node");
    int targetNode = node(device, "target_node");
    assertThat(numaNode).as("the kernel's guess").isNotEqualTo(attached);

    Placement placement =
        Placement.cpuNodes(Placement.Device.cxl(numaNode, targetNode, NodeSet.of(attached)));

    assertThat(placement.nodes()).as(placement.reason()).isEqualTo(NodeSet.of(attached));
    assertThat(placement.cpus()).isEqualTo(Topology.snapshot().cpusOf(NodeSet.of(attached)));
    try (Affinity.Scope _ = Affinity.pin(placement.cpus())) {
      assertThat(Affinity.currentNodes()).isEqualTo(NodeSet.of(attached));
    }
  }

  /** The kernel answers with the node that it has guessed, as for the device. */
  @Test
  void pageOfTheDeviceIsOnTheNodeThatTheKernelGuesses() throws IOException {
    try (DaxMemory memory = DaxMemory.map(DaxMemory.Kind.DEVDAX)) {
      assertThat(Pages.touchedNodeOf(memory.range(), 0)).isEqualTo(node(device, "numa_node"));
    }
  }

  @Test
  void whereTheMemoryDeviceIsNotKnownTheReasonSaysWhatTheAnswerRestsOn() throws IOException {
    int numaNode = node(device, "numa_node");
    Placement placement = Placement.cpuNodes(Placement.Device.cxl(numaNode, -1, NodeSet.empty()));
    assertThat(placement.reason()).contains("numa_node " + numaNode).contains("distance 10");
  }
}
