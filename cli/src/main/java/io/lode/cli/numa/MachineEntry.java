package io.lode.cli.numa;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.lode.numa.Topology;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The JSON object; null components are omitted. {@code available}, {@code cpus}, {@code size},
 * {@code free} and {@code distances} have the same meaning as in {@code numactl --hardware}.
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record MachineEntry(
    int available,
    List<Node> nodes,
    List<DeviceEntry> devices,
    Map<String, CapabilityEntry> capabilities,
    @Nullable Weights weightedInterleave) {

  /** A node; distances are to the nodes in the order of the list, sizes in bytes. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Node(
      int node,
      List<Integer> cpus,
      long size,
      long free,
      long reclaimable,
      List<@Nullable Integer> distances,
      List<Access> access) {}

  /** Firmware's description of access to a node's memory by its best initiators. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Access(
      int accessClass,
      List<Integer> initiators,
      @Nullable Long readLatencyNanos,
      @Nullable Long writeLatencyNanos,
      @Nullable Long readBandwidthMib,
      @Nullable Long writeBandwidthMib) {}

  /** Who chooses the weights of weighted interleaving, auto or manual, and each node's weight. */
  record Weights(String mode, Map<Integer, Integer> weights) {}

  /** Whether something is permitted, and how that is known. */
  record CapabilityEntry(boolean available, String reason) {}

  static MachineEntry of(Machine machine) {
    Topology topology = machine.topology();
    return new MachineEntry(
        topology.nodes().size(),
        topology.nodes().stream().map(node -> node(topology, node)).toList(),
        machine.devices().stream().map(DeviceEntry::of).toList(),
        Capabilities.entries(machine.numa()),
        machine
            .interleaveWeights()
            .map(weights -> new Weights(weights.mode().word(), weights.weights()))
            .orElse(null));
  }

  private static Node node(Topology topology, Topology.Node node) {
    return new Node(
        node.id(),
        node.cpus().stream().boxed().toList(),
        node.memoryBytes(),
        node.freeBytes(),
        node.reclaimableBytes(),
        distances(topology, node.id()),
        node.access().stream().map(MachineEntry::access).toList());
  }

  private static List<@Nullable Integer> distances(Topology topology, int from) {
    return topology.onlineNodes().stream()
        .<@Nullable Integer>mapToObj(to -> boxed(topology.distance(from, to)))
        .toList();
  }

  private static Access access(Topology.Access access) {
    return new Access(
        access.accessClass(),
        access.initiators().stream().boxed().toList(),
        boxed(access.readLatencyNanos()),
        boxed(access.writeLatencyNanos()),
        boxed(access.readBandwidthMiB()),
        boxed(access.writeBandwidthMiB()));
  }

  static @Nullable Integer boxed(OptionalInt value) {
    return value.isPresent() ? value.getAsInt() : null;
  }

  static @Nullable Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }
}
