package io.lode.cli.numa;

import static io.lode.cli.numa.MachineEntry.boxed;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.lode.numa.Placement;
import io.lode.pmem.DeviceLocation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A device in the JSON, with the names of {@code lode info}; null components are omitted. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record DeviceEntry(
    @Nullable String chardev,
    @Nullable String blockdev,
    String mode,
    @Nullable Long size,
    @Nullable List<String> mountpoints,
    @Nullable String region,
    @Nullable String provider,
    @Nullable Integer numaNode,
    @Nullable Integer targetNode,
    @Nullable Boolean cxl,
    @Nullable List<Integer> memdevNodes,
    @Nullable String persistenceDomain,
    @Nullable String nearNodes,
    @Nullable String nearCpus,
    String nearReason,
    @Nullable List<String> notes) {

  static DeviceEntry of(MemoryDevice device) {
    DeviceLocation location = device.location();
    Placement placement = device.placement();
    return new DeviceEntry(
        device.isDisk() ? null : device.name(),
        device.isDisk() ? device.name() : null,
        device.mode(),
        boxed(device.sizeBytes()),
        device.mountPoints().isEmpty() ? null : device.mountPoints(),
        location.region().orElse(null),
        location.provider().orElse(null),
        boxed(location.numaNode()),
        boxed(location.targetNode()),
        location.cxl() ? true : null,
        location.cxl() ? location.memdevNodes() : null,
        location.region().isPresent() ? location.persistenceDomain().ndctlName() : null,
        placement.isEmpty() ? null : placement.nodes().toString(),
        placement.isEmpty() ? null : placement.cpus().toString(),
        placement.reason(),
        location.reasons().isEmpty() ? null : location.reasons());
  }
}
