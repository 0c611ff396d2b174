package io.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code lode numa} on machines that have more to show than one node. */
class NumaCommandIT {
  private static JsonNode machine() throws Exception {
    CommandRun run = CommandRun.of("numa", "--json");
    NumaCommandTest.assertAgrees(run.json(), NumactlHardware.read());
    assertThat(CommandRun.of("numa").out().lines()).allMatch(line -> line.length() <= 80);
    return JsonMapper.builder().build().readTree(run.bytes());
  }

  private static JsonNode devdax(JsonNode machine) {
    String name = Path.of(System.getenv("LODE_DEVDAX")).getFileName().toString();
    for (JsonNode device : machine.get("devices")) {
      if (device.path("chardev").asText().equals(name)) {
        assertThat(device.get("mode").asText()).isEqualTo("devdax");
        return device;
      }
    }
    throw new AssertionError(name + " is not in " + machine);
  }

  @Test
  void devicesAreOnTheirNodesWithTheirCpus() throws Exception {
    JsonNode machine = machine();
    assertThat(devdax(machine).get("near_nodes").asText()).isEqualTo("1");
    assertThat(devdax(machine).get("near_cpus").asText()).isEqualTo("2-3");
    assertThat(machine.get("devices"))
        .anySatisfy(disk -> {
          assertThat(disk.path("blockdev").asText()).startsWith("pmem");
          assertThat(disk.path("mode").asText()).isEqualTo("fsdax");
          assertThat(disk.path("mountpoints").path(0).asText())
              .isEqualTo(System.getenv("LODE_FSDAX"));
          assertThat(disk.path("near_nodes").asText()).isEqualTo("0");
        });
  }

  @Test
  void commandRunsOnTheOtherNode() throws Exception {
    ProcessRun run = ProcessRun.lode("numa", "run", "1", "--", "numactl", "--show");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("physcpubind: 2 3 ").contains("membind: 1 ");
  }

  @Test
  @Tag("topology-cpuless")
  void nodeWithoutCpusIsShownAndRefusedForACommand() throws Exception {
    JsonNode device = devdax(machine());
    assertThat(device.get("numa_node").asInt()).isEqualTo(2);
    assertThat(device.get("near_nodes").asText()).isEqualTo("1");
    CommandRun run = CommandRun.of("numa", "run", "2", "--", "true");
    assertThat(run.code().number()).isEqualTo(2);
    assertThat(run.err()).contains("a command needs CPUs; the nodes that have some: 0-1");
  }

  @Test
  @Tag("topology-cxl")
  void cpusForCxlMemoryAreWhereItIsPlugged() throws Exception {
    JsonNode device = devdax(machine());
    assertThat(device.get("cxl").asBoolean()).isTrue();
    assertThat(device.get("numa_node").asInt()).as("the kernel's guess").isZero();
    assertThat(device.get("near_nodes").asText()).isEqualTo("1");
  }
}
