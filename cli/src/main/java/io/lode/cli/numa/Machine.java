package io.lode.cli.numa;

import io.lode.numa.Numa;
import io.lode.numa.Topology;
import io.lode.pmem.Source;
import java.util.List;

/**
 * A snapshot of the machine.
 *
 * @param topology its nodes
 * @param numa the capabilities that the kernel permits
 * @param devices its dax devices and disks of persistent memory
 */
record Machine(Topology topology, Numa numa, List<MemoryDevice> devices) {
  static Machine now() {
    return new Machine(
        Topology.snapshot(),
        Numa.probe(),
        Source.deviceLocations().stream().map(MemoryDevice::at).toList());
  }
}
