package io.lode.pmem;

import io.lode.pmem.internal.DeviceFiles;
import io.lode.pmem.internal.Locations;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the memory behind a source is, as sysfs tells it: without libndctl and without privileges.
 *
 * <p>Two nodes are told, and neither need have CPUs. {@code numaNode} is the nearest node that was
 * online when the kernel started, the one that {@code ndctl list} prints; {@code targetNode} is the
 * node that the memory would become if it were used as RAM, and is usually offline. For CXL memory
 * the first is often wrong, and {@code memdevNodes} says where the devices are plugged in.
 *
 * @param device the name of the device that holds the source, for example {@code pmem0} or {@code
 *     dax0.0}; of several, their names with commas
 * @param region the persistent memory region, as {@code ndctl list -R} names it
 * @param provider who registered the region: {@code ACPI.NFIT}, {@code CXL}, {@code virtio-pmem},
 *     {@code e820}
 * @param numaNode the nearest online node
 * @param targetNode the memory's own node
 * @param persistenceDomain what survives a power failure
 * @param cxl whether the memory is attached by CXL
 * @param memdevNodes nodes of the CXL devices behind the region, ascending, without repetition
 * @param reasons why something is empty or doubtful, in sentences
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
   * Finds all devices of this machine that can be mapped or carry DAX files: dax devices whatever
   * their driver, then disks of persistent memory. From sysfs, so that it also answers where the
   * device files are missing or not to be opened.
   *
   * @return a location for each device, {@link #device()} being present; empty where sysfs shows
   *     none
   */
  public static List<DeviceLocation> all() {
    return new Locations(DeviceFiles.ofThisMachine()).all();
  }

  /**
   * Makes a location that is known not to be anywhere.
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
