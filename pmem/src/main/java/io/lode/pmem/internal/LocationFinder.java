package io.lode.pmem.internal;

import io.lode.pmem.DeviceLocation;
import io.lode.pmem.PersistenceDomain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the location of the memory of a file or device, using only sysfs.
 *
 * @param files the device files
 */
public record LocationFinder(DeviceFiles files) {
  // The kernel's names of namespaces (pmem0, pmem1.2, pmem0s with a translation table); not of
  // partitions.
  private static final Pattern PMEM_DISK = Pattern.compile("pmem\\d+(\\.\\d+)?s?");

  /** Returns the location of an open source. */
  public DeviceLocation of(OpenSource source) {
    List<Path> devices = devices(source);
    if (devices.isEmpty()) {
      return DeviceLocation.none(
          "no device in sysfs holds "
              + source.place()
              + " (device "
              + source.status().file()
              + ")");
    }
    List<DeviceLocation> each = devices.stream().map(this::ofDevice).toList();
    return each.size() == 1 ? each.getFirst() : joined(each);
  }

  /** Returns the locations of all dax devices, then of all disks of persistent memory, by name. */
  public List<DeviceLocation> all() {
    List<DeviceLocation> all = new ArrayList<>();
    for (Path device : DeviceFiles.list(files.sys().resolve("bus/dax/devices"))) {
      DeviceFiles.real(device).map(this::ofDevice).ifPresent(all::add);
    }
    for (Path disk : DeviceFiles.list(files.sys().resolve("class/block"))) {
      if (PMEM_DISK.matcher(String.valueOf(disk.getFileName())).matches()) {
        DeviceFiles.real(disk).map(this::ofDevice).ifPresent(all::add);
      }
    }
    return List.copyOf(all);
  }

  /** Returns the folders of the devices that hold a source's bytes. */
  List<Path> devices(OpenSource source) {
    if (source.isDevice()) {
      return files.characterDevice(source.status().device()).stream().toList();
    }
    DeviceTree tree = new DeviceTree(files);
    DeviceNumber number = source.status().file();
    List<Path> disks = tree.disks(number);
    if (!disks.isEmpty()) {
      return disks;
    }
    return tree.mountedDevice(source.status().mountId()).map(tree::disks).orElse(List.of());
  }

  /** Returns the folder of the region that holds a device, null if none does. */
  @Nullable Path region(OpenSource device) {
    return devices(device).stream()
        .flatMap(path -> new DeviceTree(files).region(path).stream())
        .findFirst()
        .orElse(null);
  }

  private DeviceLocation ofDevice(Path device) {
    DeviceTree tree = new DeviceTree(files);
    List<String> reasons = new ArrayList<>();
    Optional<Path> region = tree.region(device);
    String name = String.valueOf(device.getFileName());
    if (region.isEmpty()) {
      reasons.add(name + " is not on a persistent memory region");
    }
    OptionalInt numaNode = node(tree, device, region, "numa_node");
    OptionalInt targetNode = node(tree, device, region, "target_node");
    if (numaNode.isEmpty()) {
      reasons.add("the kernel names no NUMA node for " + name);
    }
    if (region.isPresent()
        && DeviceFiles.number(region.get().resolve("read_only")).orElse(0) == 1) {
      reasons.add(
          region.get().getFileName()
              + " is set read-only: its block devices refuse writes, while a devdax still maps for"
              + " writing; undo it with echo 0 > /sys/bus/nd/devices/"
              + region.get().getFileName()
              + "/read_only");
    }
    Optional<String> provider = region.flatMap(LocationFinder::provider);
    boolean cxl = provider.equals(Optional.of("CXL")) || region.stream().anyMatch(this::isCxl);
    List<Integer> memdevNodes =
        cxl ? new CxlDevices(files).nodes(region.orElse(device)) : List.of();
    if (cxl && numaNode.isPresent() && !memdevNodes.contains(numaNode.getAsInt())) {
      reasons.add(
          "CXL: numa_node is guessed from the address; memdev_nodes says where it is plugged in");
    }
    return new DeviceLocation(
        Optional.of(name),
        region.map(path -> String.valueOf(path.getFileName())),
        provider,
        numaNode,
        targetNode,
        region.map(this::persistenceDomain).orElse(PersistenceDomain.UNKNOWN),
        cxl,
        memdevNodes,
        reasons);
  }

  private static OptionalInt node(
      DeviceTree tree, Path device, Optional<Path> region, String attribute) {
    if (region.isPresent()) {
      OptionalInt ofRegion = DeviceFiles.node(region.get().resolve(attribute));
      if (ofRegion.isPresent()) {
        return ofRegion;
      }
    }
    return tree.nearestNode(device, attribute);
  }

  private boolean isCxl(Path region) {
    return DeviceFiles.real(region.resolve("subsystem"))
        .filter(subsystem -> subsystem.endsWith("cxl"))
        .isPresent();
  }

  private static Optional<String> provider(Path region) {
    Path bus = region.getParent();
    return bus == null ? Optional.empty() : DeviceFiles.text(bus.resolve("provider"));
  }

  private PersistenceDomain persistenceDomain(Path region) {
    Path attribute = region.resolve("persistence_domain");
    String text = DeviceFiles.text(attribute).orElse("");
    return switch (text) {
      case "cpu_cache" -> PersistenceDomain.CPU_CACHE;
      case "memory_controller" -> PersistenceDomain.MEMORY_CONTROLLER;
      // The kernel writes an empty line if it knows of no domain.
      case "" -> Files.isReadable(attribute) ? PersistenceDomain.NONE : PersistenceDomain.UNKNOWN;
      default -> PersistenceDomain.UNKNOWN;
    };
  }

  /** Joins the locations below a mapped device: a value is known only if all agree on it. */
  private static DeviceLocation joined(List<DeviceLocation> each) {
    List<String> reasons = new ArrayList<>();
    Set<Integer> memdevNodes = new LinkedHashSet<>();
    each.forEach(location -> reasons.addAll(location.reasons()));
    each.forEach(location -> memdevNodes.addAll(location.memdevNodes()));
    String names =
        each.stream()
            .map(location -> location.device().orElse("") + " on node " + node(location))
            .collect(Collectors.joining(", "));
    DeviceLocation first = each.getFirst();
    boolean oneRegion = each.stream().map(DeviceLocation::region).distinct().count() == 1;
    boolean oneNode = each.stream().map(DeviceLocation::numaNode).distinct().count() == 1;
    boolean oneTarget = each.stream().map(DeviceLocation::targetNode).distinct().count() == 1;
    boolean oneDomain =
        each.stream().map(DeviceLocation::persistenceDomain).distinct().count() == 1;
    if (!oneRegion || !oneNode) {
      reasons.add("the source is spread over several devices: " + names);
    }
    return new DeviceLocation(
        Optional.of(
            each.stream()
                .map(location -> location.device().orElse(""))
                .collect(Collectors.joining(","))),
        oneRegion ? first.region() : Optional.empty(),
        oneRegion ? first.provider() : Optional.empty(),
        oneNode ? first.numaNode() : OptionalInt.empty(),
        oneTarget ? first.targetNode() : OptionalInt.empty(),
        oneDomain ? first.persistenceDomain() : PersistenceDomain.UNKNOWN,
        each.stream().anyMatch(DeviceLocation::cxl),
        memdevNodes.stream().sorted().toList(),
        reasons);
  }

  private static String node(DeviceLocation location) {
    return location.numaNode().isPresent()
        ? Integer.toString(location.numaNode().getAsInt())
        : "unknown";
  }
}
