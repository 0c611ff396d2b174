package io.lode.cli.numa;

import io.lode.numa.Numa;
import io.lode.numa.Topology;
import io.lode.pmem.Source;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot of the machine.
 *
 * @param topology its nodes
 * @param numa the capabilities that the kernel permits
 * @param devices its dax devices and disks of persistent memory
 * @param interleaveWeights the weights of weighted interleaving, where the kernel has it
 */
record Machine(
    Topology topology,
    Numa numa,
    List<MemoryDevice> devices,
    Optional<InterleaveWeights> interleaveWeights) {
  static Machine now() {
    return new Machine(
        Topology.snapshot(),
        Numa.probe(),
        Source.deviceLocations().stream().map(MemoryDevice::at).toList(),
        InterleaveWeights.now());
  }
}
