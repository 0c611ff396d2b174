package io.lode.numa;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Builds a directory that looks like {@code /sys} of another machine. */
final class FakeSysfs {
  private final Path root;

  FakeSysfs(Path root) {
    this.root = root;
  }

  /** Two nodes with CPUs 0-3 and 4-7, and node 2 with memory only, nearer to node 1. */
  static FakeSysfs cpuless(Path root) {
    return new FakeSysfs(root)
        .states("0-2", "0-3", "0-1")
        .node(0, "0-3", 1000, "10 20 30")
        .node(1, "4-7", 1000, "20 10 14")
        .node(2, "", 500, "30 14 10");
  }

  /** Only nodes 1, 4 and 9: ids with gaps, node 9 without memory. */
  static FakeSysfs sparse(Path root) {
    return new FakeSysfs(root)
        .states("1,4,9", "0-15", "1,4,9")
        .node(1, "0-1", 1000, "10 17 28")
        .node(4, "2-3", 1000, "17 10 21")
        .node(9, "4-5", 0, "28 21 10");
  }

  FakeSysfs states(String online, String possible, String withCpu) {
    file("devices/system/node/online", online);
    file("devices/system/node/possible", possible);
    file("devices/system/node/has_cpu", withCpu);
    file("devices/system/cpu/online", "0-7");
    file("devices/system/cpu/present", "0-9");
    return file("devices/system/cpu/possible", "0-15");
  }

  FakeSysfs node(int id, String cpus, long memoryKiB, String distances) {
    String directory = "devices/system/node/node" + id;
    file(directory + "/cpulist", cpus);
    file(directory + "/distance", distances);
    String line = "Node " + id + " ";
    return file(
        directory + "/meminfo",
        line
            + "MemTotal: "
            + memoryKiB
            + " kB\n"
            + line
            + "MemFree:  "
            + memoryKiB / 2
            + " kB\n"
            + line
            + "Inactive(file): 8 kB\n"
            + line
            + "HugePages_Total:     3\n");
  }

  FakeSysfs initiator(int target, int accessClass, int initiator) {
    String directory =
        "devices/system/node/node" + target + "/access" + accessClass + "/initiators";
    file(directory + "/node" + initiator + "/cpulist", "");
    return file(directory + "/read_latency", "120").file(directory + "/read_bandwidth", "9000");
  }

  FakeSysfs file(String path, String content) {
    try {
      Path file = root.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content + "\n");
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Topology topology() {
    return Topology.snapshot(root);
  }

  Path root() {
    return root;
  }
}
