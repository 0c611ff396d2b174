package io.lode.cli.numa;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.cli.console.Console;
import io.lode.numa.Numa;
import io.lode.numa.Topology;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTextTest {
  @TempDir Path sysfs;

  private void node(int id, String cpus, long totalKib, long freeKib, String distances)
      throws Exception {
    Path folder = Files.createDirectories(sysfs.resolve("devices/system/node/node" + id));
    Files.writeString(folder.resolve("cpulist"), cpus + "\n");
    Files.writeString(folder.resolve("distance"), distances + "\n");
    Files.writeString(
        folder.resolve("meminfo"),
        "Node %1$d MemTotal: %2$d kB\nNode %1$d MemFree: %3$d kB\nNode %1$d Active(file): 256 kB\n"
            .formatted(id, totalKib, freeKib));
  }

  private void cpusAndNodes(String cpus, String nodes) throws Exception {
    Path cpuFolder = Files.createDirectories(sysfs.resolve("devices/system/cpu"));
    Files.writeString(cpuFolder.resolve("online"), cpus + "\n");
    Path nodeFolder = Files.createDirectories(sysfs.resolve("devices/system/node"));
    Files.writeString(nodeFolder.resolve("online"), nodes + "\n");
  }

  private List<String> printed() {
    var out = new ByteArrayOutputStream();
    var err = new PrintStream(out, true, UTF_8);
    var console = new Console(out, err, InputStream.nullInputStream(), false, false);
    new MachineText(
            console,
            new Machine(Topology.snapshot(sysfs), Numa.probe(), List.of(), Optional.empty()))
        .print();
    console.flush();
    return out.toString(UTF_8).lines().toList();
  }

  @Test
  void nodesWithoutCpusOrMemoryAndGapsInTheIdsAreShown() throws Exception {
    node(0, "0-3", 1024, 512, "10 20 30");
    node(2, "", 1024, 1024, "20 10 40");
    node(5, "4-7", 0, 0, "30 40 10");
    cpusAndNodes("0-7", "0,2,5");
    List<String> lines = printed();
    assertThat(lines.get(1)).matches("   0  \\[#{6}\\+{6}\\.{12}\\] +512 KiB +1 MiB  0-3");
    assertThat(lines.get(2)).matches("   2  \\[\\.{24}\\] +1 MiB +1 MiB  none");
    assertThat(lines.get(3)).matches("   5  none +4-7");
    assertThat(lines).contains("         0   2   5", "   2    20  10  40");
  }

  @Test
  void modesOfDaxDevicesHaveTheNamesOfDaxctl() {
    assertThat(MemoryDevice.modeOf("device_dax")).isEqualTo("devdax");
    assertThat(MemoryDevice.modeOf("kmem")).isEqualTo("system-ram");
    assertThat(MemoryDevice.modeOf("fsdev_dax")).isEqualTo("famfs");
    assertThat(MemoryDevice.modeOf("")).isEqualTo("disabled");
    assertThat(MemoryDevice.modeOf("other")).isEqualTo("other");
  }

  @Test
  void wideMachinesStayWithinEightyColumns() throws Exception {
    int count = 40;
    String scattered =
        IntStream.range(0, 64)
            .mapToObj(i -> Integer.toString(i * 3))
            .collect(Collectors.joining(","));
    String row = "254 ".repeat(count).strip();
    for (int id = 0; id < count; id++) {
      node(id, id == 0 ? scattered : "", 1L << 40, 1023L << 20, row);
    }
    cpusAndNodes("0-191", "0-" + (count - 1));
    List<String> lines = printed();
    assertThat(lines).allMatch(line -> line.length() <= 80);
    String cpus =
        lines.stream()
            .skip(1)
            .takeWhile(line -> !line.startsWith("   1"))
            .map(line -> line.substring(56))
            .collect(Collectors.joining());
    assertThat(cpus).isEqualTo(scattered);
    assertThat(lines.stream().filter("distances"::equals)).hasSize(3);
    assertThat(lines.stream().mapToLong(line -> line.split("254", -1).length - 1).sum())
        .isEqualTo(count * (long) count);
  }

  @Test
  void kernelWithoutNodesShowsItsCpus() throws Exception {
    cpusAndNodes("0-3", "");
    assertThat(printed()).element(0).asString().startsWith("no nodes: ");
    assertThat(printed()).contains("CPUs 0-3");
  }
}
