package io.lode.numa;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * One search for the nodes with CPUs nearest to a device, from the best evidence to the weakest.
 */
final class PlacementSearch {
  /** {@code REMOTE_DISTANCE} of {@code linux/topology.h}. */
  private static final int REMOTE_DISTANCE = 20;

  private final Placement.Device device;
  private final Topology topology;
  private final NodeSet withCpus;

  PlacementSearch(Placement.Device device, Topology topology) {
    this.device = device;
    this.topology = topology;
    this.withCpus = topology.nodesWithCpus();
  }

  Placement run() {
    if (withCpus.isEmpty()) {
      return Placement.nowhere("this machine shows no NUMA nodes with CPUs");
    }
    List<Supplier<Optional<Placement>>> steps =
        List.of(
            () -> byInitiators(device.targetNode(), "target_node"),
            this::byNumaNode,
            this::byMemdevs,
            () -> byInitiators(device.numaNode(), "numa_node"),
            () -> byDistance(device.numaNode(), "numa_node"),
            () -> byDistance(device.targetNode(), "target_node"));
    return steps.stream()
        .map(Supplier::get)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(() -> Placement.nowhere(whyNowhere()));
  }

  private Optional<Placement> byInitiators(OptionalInt node, String attribute) {
    if (node.isEmpty()) {
      return Optional.empty();
    }
    List<Topology.Access> classes =
        topology.node(node.getAsInt()).map(Topology.Node::access).orElse(List.of());
    // Class 1 holds CPUs alone; class 0 may name an I/O device's node.
    for (Topology.Access access : classes.reversed()) {
      NodeSet initiators = access.initiators().intersect(withCpus);
      if (!initiators.isEmpty()) {
        String evidence =
            " is the best initiator (access" + access.accessClass() + ") of the device's ";
        return found(initiators, evidence + attribute + " " + node.getAsInt());
      }
    }
    return Optional.empty();
  }

  private Optional<Placement> byNumaNode() {
    OptionalInt node = device.numaNode();
    if (device.isCxl() || node.isEmpty() || !withCpus.contains(node.getAsInt())) {
      return Optional.empty();
    }
    return found(NodeSet.of(node.getAsInt()), " is the device's numa_node and has CPUs");
  }

  private Optional<Placement> byMemdevs() {
    NodeSet nodes = device.memdevNodes().intersect(withCpus);
    return nodes.isEmpty()
        ? Optional.empty()
        : found(nodes, " is where the CXL memory device is attached");
  }

  private Optional<Placement> byDistance(OptionalInt from, String attribute) {
    if (from.isEmpty()) {
      return Optional.empty();
    }
    int origin = from.getAsInt();
    OptionalInt least = distances(origin).min();
    if (least.isEmpty() || isDefault(origin)) {
      return Optional.empty();
    }
    int[] nearest =
        withCpus.stream().filter(node -> topology.distance(origin, node).equals(least)).toArray();
    String evidence =
        " is the nearest with CPUs to the device's "
            + attribute
            + " "
            + origin
            + " (distance "
            + least.getAsInt()
            + ")";
    return found(NodeSet.of(nearest), evidence);
  }

  /**
   * Whether a node has only the distances that the kernel gives to one that the firmware's table
   * does not have, such as a node that came up with the memory of a device: they tell nothing, and
   * may be less than those between nodes that it has.
   */
  private boolean isDefault(int origin) {
    return withCpus.size() > 1 && distances(origin).allMatch(each -> each == REMOTE_DISTANCE);
  }

  private IntStream distances(int origin) {
    return withCpus.stream()
        .mapToObj(node -> topology.distance(origin, node))
        .flatMapToInt(OptionalInt::stream);
  }

  private Optional<Placement> found(NodeSet nodes, String evidence) {
    String subject = nodes.size() == 1 ? "node " + nodes : "each of nodes " + nodes;
    return Optional.of(new Placement(nodes, topology.cpusOf(nodes), subject + evidence));
  }

  private String whyNowhere() {
    if (device.numaNode().isEmpty() && device.targetNode().isEmpty()) {
      return "the device names no node: neither numa_node nor target_node is known";
    }
    String numaNode = describe("numa_node", device.numaNode());
    String targetNode = describe("target_node", device.targetNode());
    return numaNode + " and " + targetNode + ", and no distance to a node with CPUs is known";
  }

  private String describe(String attribute, OptionalInt node) {
    if (node.isEmpty()) {
      return attribute + " is not known";
    }
    int id = node.getAsInt();
    String text = attribute + " " + id;
    if (!topology.onlineNodes().contains(id)) {
      return text + " is not online";
    }
    return text
        + " has no CPUs"
        + (isDefault(id) ? " and the kernel's default distance, " + REMOTE_DISTANCE : "");
  }
}
