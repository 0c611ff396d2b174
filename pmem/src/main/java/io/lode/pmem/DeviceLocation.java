package io.lode.pmem;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The location of the memory behind a source, according to sysfs; neither libndctl nor privileges
 * are needed.
 *
 * <p>There are two nodes, and neither needs to have CPUs. {@code numaNode} is the nearest node that
 * was online when the kernel started, the one that {@code ndctl list} prints; {@code targetNode} is
 * the node that the memory would become if it were used as RAM, and is usually offline. For CXL
 * memory {@code numaNode} is often wrong; {@code memdevNodes} are the nodes where the devices are
 * plugged in.
 *
 * @param device the name of the device that holds the source, for example {@code pmem0} or {@code
 *     dax0.0}; several names are separated by commas
 * @param region the persistent memory region, as {@code ndctl list -R} names it
 * @param provider the driver that registered the region: {@code ACPI.NFIT}, {@code CXL}, {@code
 *     virtio-pmem}, {@code e820}
 * @param numaNode the nearest online node
 * @param targetNode the memory's own node
 * @param persistenceDomain what survives a power failure
 * @param cxl whether the memory is attached by CXL
 * @param memdevNodes nodes of the CXL devices behind the region, ascending and distinct
 * @param reasons sentences that explain each empty or doubtful value, and warn of a region that is
 *     set read-only
 */
public record DeviceLocation(
    Optional<String> device,
    Optional<String> region,
    Optional<String> provider,
    OptionalInt numaNode,
    OptionalInt targetNode,
    PersistenceDomain persistenceDomain,
    boolean cxl,
    List<Integer> memdevNodes,
    List<String> reasons) {
  /** Copies the lists. */
  public DeviceLocation {
    memdevNodes = List.copyOf(memdevNodes);
    reasons = List.copyOf(reasons);
  }

  /**
   * Returns the location of memory that is on no device.
   *
   * @param reason why
   * @return the location
   */
  public static DeviceLocation none(String reason) {
    return new DeviceLocation(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        PersistenceDomain.UNKNOWN,
        false,
        List.of(),
        List.of(reason));
  }
}
