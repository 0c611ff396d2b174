package io.lode.numa;

import io.lode.numa.internal.DeviceNodes;
import io.lode.numa.internal.IdSet;
import io.lode.numa.internal.NodeFiles;
import io.lode.numa.internal.Sysfs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A snapshot of the machine's nodes and CPUs, as sysfs shows them.
 *
 * <p>A snapshot never changes: take a new one after memory or CPUs were added or removed. Needs
 * neither libnuma nor any policy call, so it works in containers that forbid those. Node ids may
 * have gaps: iterate over {@link #nodes()}, never from 0 to the highest id. On a kernel without
 * NUMA there are no nodes at all, only CPUs. Safe for use by many threads.
 */
public final class Topology {
  private static final Path SYSFS = Path.of("/sys");

  private final Sysfs sysfs;
  private final TreeMap<Integer, Node> nodes;
  private final Map<Integer, int[]> distanceRows;
  private final NodeSet distanceColumns;
  private final NodeSet onlineNodes;
  private final NodeSet possibleNodes;
  private final CpuSet onlineCpus;
  private final CpuSet possibleCpus;
  private final CpuSet presentCpus;

  /**
   * One online node.
   *
   * @param id its number
   * @param cpus its online CPUs, empty for a memory-only node
   * @param memoryBytes its memory in bytes, 0 for a node without memory
   * @param freeBytes the unused part of it when the snapshot was taken
   * @param reclaimableBytes what the kernel could free there at once: clean file pages and slab
   * @param access what firmware reports about access from other nodes, by class; often empty
   */
  public record Node(
      int id,
      CpuSet cpus,
      long memoryBytes,
      long freeBytes,
      long reclaimableBytes,
      List<Access> access) {
    /**
     * Tells whether threads can run on this node.
     *
     * @return true when it has an online CPU
     */
    public boolean hasCpus() {
      return !cpus.isEmpty();
    }

    /**
     * Tells whether memory can come from this node.
     *
     * @return true when it has memory
     */
    public boolean hasMemory() {
      return memoryBytes > 0;
    }
  }

  /**
   * How the best initiators reach a node's memory, from the firmware's attribute table (HMAT).
   *
   * @param accessClass 0 for initiators of any kind, 1 for CPUs only
   * @param initiators the nodes with the best access
   * @param readLatencyNanos nanoseconds per read
   * @param writeLatencyNanos nanoseconds per write
   * @param readBandwidthMiB MiB read per second
   * @param writeBandwidthMiB MiB written per second
   */
  public record Access(
      int accessClass,
      NodeSet initiators,
      OptionalLong readLatencyNanos,
      OptionalLong writeLatencyNanos,
      OptionalLong readBandwidthMiB,
      OptionalLong writeBandwidthMiB) {}

  private Topology(Sysfs sysfs) {
    NodeFiles files = new NodeFiles(sysfs);
    this.sysfs = sysfs;
    IdSet existing = files.existing();
    IdSet online = files.state("online").map(existing::intersect).orElse(existing);
    this.nodes = new TreeMap<>();
    this.distanceRows = new TreeMap<>();
    online.stream()
        .forEach(id -> {
          nodes.put(id, readNode(files, id));
          distanceRows.put(id, files.distances(id));
        });
    this.onlineNodes = NodeSet.of(online);
    this.distanceColumns = NodeSet.of(files.state("online").orElse(existing));
    this.possibleNodes = NodeSet.of(files.state("possible").orElse(existing));
    this.onlineCpus = CpuSet.of(files.cpuState("online").orElse(IdSet.EMPTY));
    this.possibleCpus = CpuSet.of(files.cpuState("possible").orElse(onlineCpus.ids()));
    this.presentCpus = CpuSet.of(files.cpuState("present").orElse(onlineCpus.ids()));
  }

  /**
   * Reads the current state of the machine.
   *
   * @return a new snapshot
   * @throws NumaException when a file in sysfs is malformed
   */
  public static Topology snapshot() {
    return snapshot(SYSFS);
  }

  /**
   * Reads a machine from a copy of its sysfs.
   *
   * @param sysfs the directory that stands for {@code /sys}
   * @return a new snapshot; without nodes and CPUs when the directory holds none
   * @throws NumaException when a file below it is malformed
   */
  public static Topology snapshot(Path sysfs) {
    try {
      return new Topology(new Sysfs(sysfs));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new NumaException("read topology: " + e.getMessage(), e);
    }
  }

  private static Node readNode(NodeFiles files, int id) {
    Map<String, Long> memory = files.memory(id);
    long reclaimable =
        memory.getOrDefault("Active(file)", 0L)
            + memory.getOrDefault("Inactive(file)", 0L)
            + memory.getOrDefault("SReclaimable", 0L);
    List<Access> access = new ArrayList<>();
    for (int accessClass = 0; accessClass <= 1; accessClass++) {
      int type = accessClass;
      files.initiators(id, type).ifPresent(from -> access.add(readAccess(files, id, type, from)));
    }
    return new Node(
        id,
        CpuSet.of(files.cpus(id)),
        memory.getOrDefault("MemTotal", 0L),
        memory.getOrDefault("MemFree", 0L),
        reclaimable,
        List.copyOf(access));
  }

  private static Access readAccess(NodeFiles files, int id, int accessClass, IdSet initiators) {
    return new Access(
        accessClass,
        NodeSet.of(initiators),
        files.accessAttribute(id, accessClass, "read_latency"),
        files.accessAttribute(id, accessClass, "write_latency"),
        files.accessAttribute(id, accessClass, "read_bandwidth"),
        files.accessAttribute(id, accessClass, "write_bandwidth"));
  }

  /**
   * Returns the online nodes, by ascending id.
   *
   * @return the nodes, empty on a kernel without NUMA
   */
  public List<Node> nodes() {
    return List.copyOf(nodes.values());
  }

  /**
   * Returns one online node.
   *
   * @param id any number
   * @return the node, absent when no online node has this id
   */
  public Optional<Node> node(int id) {
    return Optional.ofNullable(nodes.get(id));
  }

  /**
   * Returns the ids of the online nodes.
   *
   * @return the ids
   */
  public NodeSet onlineNodes() {
    return onlineNodes;
  }

  /**
   * Returns the ids that nodes of this machine can have, online or not.
   *
   * @return the ids
   */
  public NodeSet possibleNodes() {
    return possibleNodes;
  }

  /**
   * Returns the online nodes that have CPUs.
   *
   * @return the ids
   */
  public NodeSet nodesWithCpus() {
    return idsOf(nodes.values().stream().filter(Node::hasCpus).toList());
  }

  /**
   * Returns the online nodes that have memory.
   *
   * @return the ids
   */
  public NodeSet nodesWithMemory() {
    return idsOf(nodes.values().stream().filter(Node::hasMemory).toList());
  }

  private static NodeSet idsOf(List<Node> chosen) {
    return NodeSet.of(chosen.stream().mapToInt(Node::id).toArray());
  }

  /**
   * Returns the online CPUs.
   *
   * @return the ids
   */
  public CpuSet onlineCpus() {
    return onlineCpus;
  }

  /**
   * Returns the CPUs that are plugged in, online or not.
   *
   * @return the ids
   */
  public CpuSet presentCpus() {
    return presentCpus;
  }

  /**
   * Returns the CPUs that could ever be plugged in.
   *
   * @return the ids
   */
  public CpuSet possibleCpus() {
    return possibleCpus;
  }

  /**
   * Returns the online CPUs of some nodes together.
   *
   * @param chosen node ids; those that are not online add nothing
   * @return the CPUs
   */
  public CpuSet cpusOf(NodeSet chosen) {
    return nodes.values().stream()
        .filter(node -> chosen.contains(node.id()))
        .map(Node::cpus)
        .reduce(CpuSet.empty(), CpuSet::union);
  }

  /**
   * Returns the node an online CPU belongs to.
   *
   * @param cpu any number
   * @return the node's id, absent when the CPU is not online on any node
   */
  public OptionalInt nodeOfCpu(int cpu) {
    return nodes.values().stream()
        .filter(node -> node.cpus().contains(cpu))
        .mapToInt(Node::id)
        .findFirst();
  }

  /**
   * Returns the nodes that some CPUs belong to.
   *
   * @param cpus CPU ids; those that are not online add nothing
   * @return the ids of the nodes
   */
  public NodeSet nodesOf(CpuSet cpus) {
    return idsOf(
        nodes.values().stream().filter(node -> !node.cpus().intersect(cpus).isEmpty()).toList());
  }

  /**
   * Reads a list of nodes in numactl's syntax, {@code all} being the online nodes.
   *
   * <p>Also names the node of a device: {@code pci:0000:00:1f.2}, {@code block:sda}, {@code
   * netdev:eth0}, {@code file:/path} (the disk a file lies on, or a device file itself) and {@code
   * ip:192.0.2.1} (the interface that packets to it leave by; numeric addresses only, names are not
   * looked up). Devices are read when this is called, not when the snapshot was taken.
   *
   * @param list a list, or one device
   * @return the nodes, all online
   * @throws IllegalArgumentException when the list is malformed, names a node that is not online,
   *     or a device that does not exist or reports no node
   */
  public NodeSet parseNodes(String list) {
    NodeSet ofDevice =
        new DeviceNodes(sysfs).find(list.strip()).map(NodeSet::of).orElse(NodeSet.empty());
    return ofDevice.isEmpty() ? NodeSet.parse(list, onlineNodes) : ofDevice;
  }

  /**
   * Returns the relative cost, stated by firmware, of reaching one node's memory from another node.
   *
   * @param from any number
   * @param to any number
   * @return 10 from a node to itself, more to others; absent when a node is not online
   */
  public OptionalInt distance(int from, int to) {
    int[] row = distanceRows.get(from);
    if (row == null || !distanceColumns.contains(to)) {
      return OptionalInt.empty();
    }
    // A row has one column per online node in ascending order, even where ids have gaps.
    int column = (int) distanceColumns.stream().takeWhile(id -> id < to).count();
    return column < row.length && row[column] > 0
        ? OptionalInt.of(row[column])
        : OptionalInt.empty();
  }
}
