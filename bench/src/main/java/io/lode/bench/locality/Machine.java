package io.lode.bench.locality;

import io.lode.bench.run.SystemFiles;
import io.lode.numa.Affinity;
import io.lode.numa.CpuSet;
import io.lode.numa.NodeSet;
import io.lode.numa.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What of the machine decides the figures.
 *
 * @param nodes all online nodes
 * @param cacheBytes the largest cache
 * @param governor how the kernel sets the clock of the CPUs
 * @param hugePages whether ordinary memory is on huge pages, as the kernel writes it
 * @param emulation why times mean nothing here; absent on a machine whose CPUs are real
 * @param virtual whether it is a virtual machine
 */
record Machine(
    List<Node> nodes,
    long cacheBytes,
    String governor,
    String hugePages,
    @Nullable String emulation,
    boolean virtual) {
  private static final Path CPU = Path.of("/sys/devices/system/cpu/cpu0");

  /**
   * One node.
   *
   * @param id its number
   * @param cpus those that this process may run on, as a list
   * @param memoryBytes its memory
   */
  record Node(int id, String cpus, long memoryBytes) {
    CpuSet cpuSet() {
      return CpuSet.parse(cpus);
    }

    boolean hasCpus() {
      return !cpus.isEmpty();
    }
  }

  static Machine ofThis() {
    String cpuInfo = SystemFiles.text(Path.of("/proc/cpuinfo"));
    String governor = SystemFiles.text(CPU.resolve("cpufreq/scaling_governor"));
    return new Machine(
        nodes(Topology.snapshot(), Affinity.ofProcess()),
        largestCacheBytes(),
        governor.isEmpty() ? "unknown, the kernel shows none" : governor,
        SystemFiles.chosen(Path.of("/sys/kernel/mm/transparent_hugepage/enabled")),
        cpuInfo.contains("QEMU TCG") ? "the CPUs are emulated by software (QEMU TCG)" : null,
        cpuInfo.contains(" hypervisor"));
  }

  /** A kernel without NUMA has one node, which it does not name. */
  static List<Node> nodes(Topology topology, CpuSet usable) {
    List<Node> nodes = new ArrayList<>();
    for (Topology.Node node : topology.nodes()) {
      nodes.add(new Node(node.id(), node.cpus().intersect(usable).toString(), node.memoryBytes()));
    }
    return nodes.isEmpty() ? List.of(new Node(0, usable.toString(), Long.MAX_VALUE)) : nodes;
  }

  List<Node> nodesWithCpus() {
    return nodes.stream().filter(Node::hasCpus).toList();
  }

  List<Node> nodesWithMemory() {
    return nodes.stream().filter(node -> node.memoryBytes() > 0).toList();
  }

  /** Returns the nodes with CPUs, nearest to the memory first. */
  List<Integer> byDistance(NodeSet near, int memoryNode) {
    Topology topology = Topology.snapshot();
    return nodesWithCpus().stream()
        .map(Node::id)
        .sorted(
            Comparator.comparingInt((Integer id) -> near.contains(id) ? 0 : 1)
                .thenComparingInt(id -> topology.distance(id, memoryNode).orElse(255))
                .thenComparingInt(id -> id))
        .toList();
  }

  private static long largestCacheBytes() {
    try (Stream<Path> caches = Files.list(CPU.resolve("cache"))) {
      return caches
          .map(cache -> SystemFiles.text(cache.resolve("size")))
          .filter(size -> size.matches("\\d+K"))
          .mapToLong(size -> Long.parseLong(size.replace("K", "")) * 1024)
          .max()
          .orElse(0);
    } catch (IOException unknown) {
      return 0;
    }
  }
}
