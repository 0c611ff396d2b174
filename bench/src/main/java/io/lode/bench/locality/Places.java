package io.lode.bench.locality;

import io.lode.numa.NodeSet;
import io.lode.numa.NumaException;
import io.lode.numa.PageReport;
import io.lode.numa.Pages;
import io.lode.numa.Placement;
import io.lode.pmem.DeviceLocation;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Where memory lies: by the kernel's answer for every page, and for devices, whose pages it does
 * not tell of, by what it says of the device.
 *
 * @param memoryNode the node of the memory
 * @param near the nodes with CPUs that are nearest
 * @param by who says so
 */
record Places(OptionalInt memoryNode, NodeSet near, String by) {

  /** Asks for every page of memory that was touched. */
  static Places ofPages(MemorySegment memory) {
    PageReport report;
    try {
      report = Pages.locate(memory);
    } catch (NumaException refused) {
      return new Places(
          OptionalInt.empty(),
          NodeSet.empty(),
          "the kernel does not tell: " + refused.getMessage());
    }
    Map<Integer, Integer> pages = report.pagesByNode();
    OptionalInt most =
        pages.entrySet().stream()
            .max(Comparator.comparingInt(Map.Entry::getValue))
            .map(entry -> OptionalInt.of(entry.getKey()))
            .orElse(OptionalInt.empty());
    if (most.isEmpty()) {
      return new Places(most, NodeSet.empty(), "the kernel does not tell: " + report);
    }
    int node = most.getAsInt();
    Placement placement = Placement.cpuNodes(Placement.Device.of(node, node));
    boolean isWhole =
        pages.size() == 1 && report.count(PageReport.Status.ON_NODE) == report.pageCount();
    String found =
        isWhole
            ? "all " + report.pageCount() + " pages are on node " + node
            : "its pages are on several nodes: " + report;
    return new Places(most, placement.nodes(), found + ", says the kernel");
  }

  /** Asks for a device. */
  static Places ofDevice(DeviceLocation location) {
    NodeSet plugged =
        NodeSet.of(location.memdevNodes().stream().mapToInt(Integer::intValue).toArray());
    Placement placement =
        Placement.cpuNodes(
            new Placement.Device(
                location.numaNode(), location.targetNode(), location.cxl(), plugged));
    String found =
        "numa_node %s, target_node %s, says sysfs; near CPUs: %s"
            .formatted(text(location.numaNode()), text(location.targetNode()), placement.reason());
    return new Places(location.numaNode(), placement.nodes(), found);
  }

  private static String text(OptionalInt node) {
    return node.isPresent() ? Integer.toString(node.getAsInt()) : "unknown";
  }

  List<Integer> nearNodes() {
    return near.stream().boxed().toList();
  }
}
