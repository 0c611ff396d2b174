package io.lode.cli.info;

import io.lode.numa.CpuSet;
import io.lode.numa.NodeSet;
import io.lode.numa.NumaException;
import io.lode.numa.Placement;
import io.lode.pmem.DeviceLocation;

/** Combines the two libraries: one locates a device, the other finds the CPUs near it. */
public final class DevicePlacement {
  private DevicePlacement() {}

  /**
   * Finds the CPUs for a device.
   *
   * @param location where the device is
   * @return the placement, empty with a reason when there is none or it cannot be determined
   */
  public static Placement of(DeviceLocation location) {
    int numaNode = location.numaNode().orElse(-1);
    int targetNode = location.targetNode().orElse(-1);
    try {
      return Placement.cpuNodes(
          location.cxl()
              ? Placement.Device.cxl(
                  numaNode,
                  targetNode,
                  NodeSet.of(location.memdevNodes().stream().mapToInt(Integer::intValue).toArray()))
              : Placement.Device.of(numaNode, targetNode));
    } catch (NumaException unknown) {
      return new Placement(NodeSet.empty(), CpuSet.empty(), String.valueOf(unknown.getMessage()));
    }
  }
}
