package io.lode.cli.numa;

import io.lode.cli.console.ByteSize;
import io.lode.cli.console.Console;
import io.lode.cli.console.Escape;
import io.lode.cli.console.Facts;
import io.lode.numa.CpuSet;
import io.lode.numa.Numa;
import io.lode.numa.Placement;
import io.lode.numa.Topology;
import io.lode.pmem.DeviceLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** Prints a machine for people, within 80 columns even if it has many nodes. */
final class MachineText {
  private static final int WIDTH = 80;
  private static final int BAR_WIDTH = 24;
  private static final String ROW = "%4s  %-26s %10s %10s  ";
  private static final int CPUS_COLUMN = String.format(Locale.ROOT, ROW, "", "", "", "").length();
  private static final int DISTANCE_WIDTH = 4;
  private static final int ROW_LABEL_WIDTH = 6;
  private static final int DISTANCES_IN_A_ROW = (WIDTH - ROW_LABEL_WIDTH) / DISTANCE_WIDTH;

  private final Console console;
  private final Machine machine;

  MachineText(Console console, Machine machine) {
    this.console = console;
    this.machine = machine;
  }

  void print() {
    printNodes(machine.topology());
    printDistances(machine.topology());
    printDevices();
    printCapabilities();
  }

  private void printNodes(Topology topology) {
    if (topology.nodes().isEmpty()) {
      console.line("no nodes: " + Escape.text(machine.numa().topology().reason()));
      console.line("CPUs " + topology.onlineCpus());
      return;
    }
    console.line(String.format(Locale.ROOT, ROW, "node", "memory", "free", "size") + "CPUs");
    for (Topology.Node node : topology.nodes()) {
      String row =
          node.hasMemory()
              ? row(node.id(), bar(node), size(node.freeBytes()), size(node.memoryBytes()))
              : row(node.id(), "none", "", "");
      for (String cpus : cpuLines(node.cpus())) {
        console.line(row + cpus);
        row = " ".repeat(CPUS_COLUMN);
      }
    }
    console.line("      # in use, + reclaimable files and slab, . free");
  }

  private static String row(int id, String memory, String free, String size) {
    return String.format(Locale.ROOT, ROW, id, memory, free, size);
  }

  private static String size(long bytes) {
    return ByteSize.format(bytes);
  }

  /** Draws a node's memory; any memory in use gets at least one mark. */
  static String bar(Topology.Node node) {
    long usedBytes = Math.max(0, node.memoryBytes() - node.freeBytes());
    long heldBytes = Math.max(0, usedBytes - node.reclaimableBytes());
    int used = marks(usedBytes, node.memoryBytes());
    int held = Math.min(used, marks(heldBytes, node.memoryBytes()));
    return "[" + "#".repeat(held) + "+".repeat(used - held) + ".".repeat(BAR_WIDTH - used) + "]";
  }

  private static int marks(long bytes, long ofBytes) {
    return (int) Math.ceil(Math.clamp((double) bytes / ofBytes, 0, 1) * BAR_WIDTH);
  }

  /** Breaks a list of CPUs between its commas. */
  private static List<String> cpuLines(CpuSet cpus) {
    List<String> lines = new ArrayList<>();
    var line = new StringBuilder();
    for (String part : (cpus.isEmpty() ? "none" : cpus.toString()).split("(?<=,)", -1)) {
      if (CPUS_COLUMN + line.length() + part.length() > WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(part);
    }
    lines.add(line.toString());
    return lines;
  }

  private void printDistances(Topology topology) {
    int[] ids = topology.onlineNodes().stream().toArray();
    for (int first = 0; first < ids.length; first += DISTANCES_IN_A_ROW) {
      int[] columns =
          Arrays.copyOfRange(ids, first, Math.min(ids.length, first + DISTANCES_IN_A_ROW));
      console.line("");
      console.line("distances");
      console.line(" ".repeat(ROW_LABEL_WIDTH) + cells(columns, to -> Integer.toString(to)));
      for (int from : ids) {
        console.line(
            String.format(Locale.ROOT, "%4d  ", from)
                + cells(columns, to -> text(topology.distance(from, to), "?")));
      }
    }
  }

  private static String cells(int[] ids, IntFunction<String> text) {
    return Arrays.stream(ids)
        .mapToObj(id -> String.format(Locale.ROOT, "%" + DISTANCE_WIDTH + "s", text.apply(id)))
        .collect(Collectors.joining());
  }

  private void printDevices() {
    console.line("");
    if (machine.devices().isEmpty()) {
      console.line("no dax devices and no disks of persistent memory");
    }
    for (MemoryDevice device : machine.devices()) {
      DeviceLocation location = device.location();
      Placement placement = device.placement();
      var facts = new Facts().add("device", describe(device));
      location
          .region()
          .ifPresent(region ->
              facts.add("region", region + location.provider().map(p -> ", " + p).orElse("")));
      facts
          .add("nodes", nodes(location))
          .add(
              "use CPUs",
              (placement.isEmpty() ? "" : placement.cpus() + ": ") + placement.reason());
      location.reasons().forEach(reason -> facts.add("note", reason));
      facts.print(console, "/dev/" + device.name());
    }
  }

  private static String describe(MemoryDevice device) {
    String size = device.sizeBytes().isPresent() ? ", " + size(device.sizeBytes().getAsLong()) : "";
    String mounted =
        device.mountPoints().isEmpty()
            ? ""
            : ", mounted at " + String.join(" and ", device.mountPoints());
    return device.mode() + size + mounted;
  }

  private static String nodes(DeviceLocation location) {
    String text =
        "numa_node "
            + text(location.numaNode(), "not known")
            + ", target_node "
            + text(location.targetNode(), "not known");
    return location.cxl() ? text + ", CXL memory devices on " + location.memdevNodes() : text;
  }

  private static String text(OptionalInt value, String unknown) {
    return value.isPresent() ? Integer.toString(value.getAsInt()) : unknown;
  }

  private void printCapabilities() {
    var facts = new Facts();
    Capabilities.general(machine.numa()).forEach((name, value) -> facts.add(name, text(value)));
    Map<String, Numa.Capability> modes = Capabilities.modes(machine.numa());
    List<String> granted =
        modes.entrySet().stream()
            .filter(mode -> mode.getValue().isAvailable())
            .map(Map.Entry::getKey)
            .toList();
    facts.add("modes", granted.isEmpty() ? "none" : String.join(", ", granted));
    modes.forEach((name, value) -> {
      if (!value.isAvailable()) {
        facts.add(name, text(value));
      }
    });
    machine.interleaveWeights().ifPresent(weights -> facts.add("weights", weights.text()));
    console.line("");
    facts.print(console, "this process");
  }

  private static String text(Numa.Capability capability) {
    return (capability.isAvailable() ? "yes: " : "no: ") + capability.reason();
  }
}
