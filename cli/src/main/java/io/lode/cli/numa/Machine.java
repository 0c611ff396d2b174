package io.lode.cli.numa;

import io.lode.numa.Numa;
import io.lode.numa.Topology;
import io.lode.pmem.DeviceLocation;
import java.util.List;

/**
 * The machine at one moment.
 *
 * @param topology its nodes
 * @param numa what the kernel permits
 * @param devices its dax devices and disks of persistent memory
 */
record Machine(Topology topology, Numa numa, List<MemoryDevice> devices) {
  static Machine now() {
    return new Machine(
        Topology.snapshot(),
        Numa.probe(),
        DeviceLocation.all().stream().map(MemoryDevice::at).toList());
  }
}
