package io.lode.pmem.internal;

import io.lode.pmem.DeviceLocation;
import io.lode.pmem.GranularityReport;
import io.lode.pmem.SourceKind;
import io.lode.pmem.internal.GranularityRules.Decision;

/** Describes what a persisted range survives. */
public final class Durability {
  /** The provider name of virtio-pmem regions. */
  private static final String VIRTIO = "virtio-pmem";

  private Durability() {}

  /** Reports on anonymous memory. */
  public static GranularityReport ofAnonymous() {
    Decision decision = GranularityRules.forPrivate();
    return new GranularityReport(
        decision.granularity(),
        false,
        decision.reason(),
        "nothing survives: the memory ends with its map");
  }

  /**
   * Reports on a file or device.
   *
   * @param source the source
   * @param decision the granularity that its map would get
   * @param location where it is
   * @param files the device files
   */
  public static GranularityReport of(
      OpenSource source, Decision decision, DeviceLocation location, DeviceFiles files) {
    String medium =
        source.kind() == SourceKind.FILE
            ? FileSystem.of(source.descriptor()).durability()
            : ofDax(location);
    return new GranularityReport(
        decision.granularity(),
        decision.emulated(),
        reason(source, decision, location, files),
        decision.emulated() ? "emulated, so nothing is promised; " + medium : medium);
  }

  /** A DAX file without MAP_SYNC is on a device that must be told to flush. */
  private static String reason(
      OpenSource source, Decision decision, DeviceLocation location, DeviceFiles files) {
    if (source.kind() == SourceKind.FILE) {
      return decision.explained(source, files).reason();
    }
    if (!decision.isRefused()) {
      return decision.reason();
    }
    return isVirtio(location)
        ? "the kernel refuses MAP_SYNC on virtio-pmem: only the host can flush it, by a sync"
        : "the kernel refuses MAP_SYNC: a DAX medium for which a CPU flush is not enough";
  }

  private static boolean isVirtio(DeviceLocation location) {
    return location.provider().filter(VIRTIO::equals).isPresent();
  }

  private static String ofDax(DeviceLocation location) {
    if (isVirtio(location)) {
      return "virtio-pmem, a file of the host: a sync asks the host to write it; what survives there"
          + " is not known here";
    }
    return switch (location.persistenceDomain()) {
      case CPU_CACHE -> "a power failure spares the CPU caches (eADR)";
      case MEMORY_CONTROLLER -> "a power failure spares every line that was flushed (ADR)";
      case NONE -> "the region promises nothing for flushed lines";
      case UNKNOWN -> "what a power failure spares is not known: the kernel does not say";
    };
  }
}
