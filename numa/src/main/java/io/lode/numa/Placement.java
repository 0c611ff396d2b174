package io.lode.numa;

import java.util.OptionalInt;

/**
 * The CPUs on which to run the threads that use a device, and why.
 *
 * <p>The nodes that sysfs names for persistent memory are not an answer by themselves: {@code
 * numa_node} can be a node without CPUs, and for CXL memory it is not the node the device is
 * attached to; {@code target_node} is the node the memory would become and is usually offline.
 * {@link #cpuNodes(Device)} goes from the best evidence to the weakest:
 *
 * <ol>
 *   <li>the CPU nodes that firmware names as best initiators of the target node;
 *   <li>the device's {@code numa_node} when it has CPUs, except for CXL;
 *   <li>for CXL, the nodes of the memory devices behind it;
 *   <li>the initiators of the {@code numa_node}, or else the nodes with CPUs nearest to it, or to
 *       the target node when it is online. A node whose distances are all 20, the kernel's default,
 *       is near to none.
 * </ol>
 *
 * @param nodes the nodes whose CPUs are nearest to the device, empty when that is not known
 * @param cpus the CPUs of these nodes that the caller may run on; pin to these
 * @param reason how they were found, or why there are none, as a sentence
 */
public record Placement(NodeSet nodes, CpuSet cpus, String reason) {
  /**
   * What is known about a device's location; everything is optional.
   *
   * @param numaNode the {@code numa_node} of its region or namespace
   * @param targetNode the {@code target_node} of its region or namespace
   * @param isCxl whether it is CXL memory, whose {@code numa_node} cannot be trusted
   * @param memdevNodes the {@code numa_node}s of the CXL memory devices behind it
   */
  public record Device(
      OptionalInt numaNode, OptionalInt targetNode, boolean isCxl, NodeSet memdevNodes) {
    /**
     * Describes a device that is not CXL memory.
     *
     * @param numaNode its {@code numa_node}; negative, which is how the kernel writes none, means
     *     absent
     * @param targetNode its {@code target_node}; negative means absent
     * @return the description
     */
    public static Device of(int numaNode, int targetNode) {
      return new Device(present(numaNode), present(targetNode), false, NodeSet.empty());
    }

    /**
     * Describes CXL memory.
     *
     * @param numaNode its {@code numa_node}; negative means absent
     * @param targetNode its {@code target_node}; negative means absent
     * @param memdevNodes the nodes of the memory devices behind it, empty when not known
     * @return the description
     */
    public static Device cxl(int numaNode, int targetNode, NodeSet memdevNodes) {
      return new Device(present(numaNode), present(targetNode), true, memdevNodes);
    }

    /**
     * Describes a device about which nothing is known.
     *
     * @return the description
     */
    public static Device unknown() {
      return of(-1, -1);
    }

    private static OptionalInt present(int node) {
      return node < 0 ? OptionalInt.empty() : OptionalInt.of(node);
    }
  }

  /**
   * Tells whether there is nowhere to pin to; {@link #reason()} says why.
   *
   * @return true when there are no CPUs
   */
  public boolean isEmpty() {
    return cpus.isEmpty();
  }

  /**
   * Finds where to run the threads that use a device on this machine now.
   *
   * <p>Called in a platform thread, the result is limited to the CPUs that this thread may run on;
   * in a virtual thread, to those of the process.
   *
   * @param device what is known of the device
   * @return the placement, empty with a reason when there is none
   * @throws NumaException when sysfs is malformed or native calls are not available
   */
  public static Placement cpuNodes(Device device) {
    CpuSet usable = Thread.currentThread().isVirtual() ? Affinity.ofProcess() : Affinity.current();
    return cpuNodes(device, Topology.snapshot(), usable);
  }

  /**
   * Finds where to run the threads that use a device.
   *
   * @param device what is known of the device
   * @param topology the machine
   * @param usable the CPUs the threads may run on
   * @return the placement, empty with a reason when there is none
   */
  public static Placement cpuNodes(Device device, Topology topology, CpuSet usable) {
    Placement chosen = new PlacementSearch(device, topology).run();
    CpuSet cpus = chosen.cpus.intersect(usable);
    if (cpus.isEmpty() && !chosen.isEmpty()) {
      return nowhere(
          chosen.reason
              + ", but of its CPUs "
              + chosen.cpus
              + " none is among those the caller may run on: "
              + usable);
    }
    return new Placement(chosen.nodes.intersect(topology.nodesOf(cpus)), cpus, chosen.reason);
  }

  static Placement nowhere(String reason) {
    return new Placement(NodeSet.empty(), CpuSet.empty(), reason);
  }
}
