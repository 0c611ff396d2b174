package io.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lode.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NumaCommandTest {
  /** Reports what numactl reports, except for the free memory, which changes meanwhile. */
  static void assertAgrees(JsonNode machine, NumactlHardware numactl) {
    assertThat(machine.get("available").asInt()).isEqualTo(numactl.available());
    assertThat(machine.get("nodes")).hasSize(numactl.cpus().size()).isNotEmpty();
    for (JsonNode node : machine.get("nodes")) {
      int id = node.get("node").asInt();
      assertThat(integers(node.get("cpus"))).isEqualTo(numactl.cpus().get(id));
      assertThat(node.get("size").asLong() >> 20).isEqualTo(numactl.sizeMib().get(id));
      assertThat(node.get("free").asLong()).isBetween(0L, node.get("size").asLong());
      assertThat(integers(node.get("distances"))).isEqualTo(numactl.distances().get(id));
    }
  }

  static List<Integer> integers(JsonNode list) {
    List<Integer> values = new ArrayList<>();
    list.forEach(value -> values.add(value.asInt()));
    return values;
  }

  @Test
  void jsonSaysWhatNumactlSays() throws Exception {
    CommandRun run = CommandRun.of("numa", "--json");
    assertThat(run.code()).isEqualTo(ExitCode.FINE);
    assertThat(run.err()).isEmpty();
    assertAgrees(run.json(), NumactlHardware.read());
  }

  @Test
  void everyCapabilityHasAReason() throws Exception {
    JsonNode capabilities = CommandRun.of("numa", "--json").json().get("capabilities");
    assertThat(capabilities.properties())
        .hasSizeGreaterThan(12)
        .allSatisfy(capability -> {
          assertThat(capability.getKey()).matches("[a-z_]+");
          assertThat(capability.getValue().get("available").isBoolean()).isTrue();
          assertThat(capability.getValue().get("reason").asText()).isNotBlank();
        });
    assertThat(capabilities.at("/topology/available").asBoolean()).isTrue();
    assertThat(capabilities.has("mode_preferred_many")).isTrue();
  }

  @Test
  void weightsOfInterleavingAreToldAndLeftAlone() throws Exception {
    Path folder = Path.of("/sys/kernel/mm/mempolicy/weighted_interleave");
    List<String> before = contents(folder);
    CommandRun run = CommandRun.of("numa", "--json");
    assertThat(contents(folder)).isEqualTo(before);
    JsonNode weights = run.json().get("weighted_interleave");
    if (before.isEmpty()) {
      assertThat(weights).isNull();
    } else {
      assertThat(weights.get("mode").asText()).isIn("auto", "manual");
      assertThat(weights.get("weights").properties()).isNotEmpty();
      assertThat(CommandRun.of("numa").out()).containsPattern("weights +(auto|manual): ");
    }
  }

  private static List<String> contents(Path folder) throws IOException {
    List<String> contents = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.sorted().toList()) {
          contents.add(file + " " + Files.readString(file));
        }
      }
    }
    return contents;
  }

  @Test
  void devicesAreThoseOfSysfs() throws Exception {
    Path bus = Path.of("/sys/bus/dax/devices");
    int daxDevices = Files.isDirectory(bus) ? bus.toFile().list().length : 0;
    JsonNode devices = CommandRun.of("numa", "--json").json().get("devices");
    assertThat(devices).filteredOn(device -> device.has("chardev")).hasSize(daxDevices);
    assertThat(devices).allMatch(device -> device.has("near_reason"));
  }

  @Test
  void textFitsEightyColumnsAndShowsEveryNode() throws Exception {
    CommandRun run = CommandRun.of("numa");
    assertThat(run.code()).isEqualTo(ExitCode.FINE);
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
    for (int node : NumactlHardware.read().cpus().keySet()) {
      assertThat(run.out().lines())
          .anyMatch(line -> line.matches(" +" + node + "  \\[[#+.]{24}\\] .*"));
    }
    assertThat(run.out()).contains("distances").contains("set policies").contains("use");
  }
}
