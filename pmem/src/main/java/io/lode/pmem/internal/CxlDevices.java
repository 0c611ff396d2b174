package io.lode.pmem.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * The CXL memory devices behind a region. The kernel guesses a CXL region's node from its address;
 * the device's node is that of its slot.
 *
 * @param files the device files
 */
record CxlDevices(DeviceFiles files) {
  /**
   * Returns the nodes of the devices behind a region.
   *
   * @param region the folder of a region of either bus
   */
  List<Integer> nodes(Path region) {
    NavigableSet<Integer> nodes = new TreeSet<>();
    for (Path candidate : DeviceFiles.list(files.sys().resolve("bus/cxl/devices"))) {
      if (name(candidate).startsWith("region") && isSame(candidate, region)) {
        collect(candidate, nodes);
      }
    }
    return List.copyOf(nodes);
  }

  /** Maps a region of the nd bus to the region of the cxl bus with the same memory. */
  private static boolean isSame(Path candidate, Path region) {
    if (DeviceFiles.real(candidate).equals(DeviceFiles.real(region))) {
      return true;
    }
    for (String attribute : List.of("resource", "size")) {
      var theirs = DeviceFiles.number(candidate.resolve(attribute));
      var ours = DeviceFiles.number(region.resolve(attribute));
      if (theirs.isPresent() && ours.isPresent()) {
        return theirs.getAsLong() == ours.getAsLong();
      }
    }
    return false;
  }

  /**
   * Each target of a region is a decoder of an endpoint, and the endpoint's uport is the device.
   */
  private void collect(Path region, NavigableSet<Integer> nodes) {
    for (Path target : DeviceFiles.list(region)) {
      if (!name(target).matches("target\\d+")) {
        continue;
      }
      DeviceFiles.text(target)
          .flatMap(decoder -> DeviceFiles.real(files.sys().resolve("bus/cxl/devices/" + decoder)))
          .map(Path::getParent)
          .flatMap(endpoint -> DeviceFiles.real(endpoint.resolve("uport")))
          .ifPresent(device -> {
            OptionalInt node = DeviceFiles.node(device.resolve("numa_node"));
            node.ifPresent(nodes::add);
          });
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
