package io.lode.pmem.internal;

import io.lode.pmem.Namespace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Finds the namespaces that hold a source, from sysfs; this needs no library and no privileges.
 *
 * <p>A namespace in a mode is two devices of the kernel: the namespace, with the name, and above it
 * one for the mode ({@code pfn}, {@code dax}, {@code btt}), with a uuid of its own, which is the
 * one that {@code ndctl list} prints. A region without labels has only the latter.
 *
 * @param files the device files
 */
public record NamespaceFinder(DeviceFiles files) {
  /** Returns the namespaces of an open source that have a uuid, in the order of their devices. */
  public List<Namespace> of(OpenSource source) {
    return new LocationFinder(files)
        .devices(source).stream().flatMap(device -> ofDevice(device).stream()).distinct().toList();
  }

  private Optional<Namespace> ofDevice(Path device) {
    Optional<Path> region = new DeviceTree(files).region(device);
    if (region.isEmpty()) {
      return Optional.empty();
    }
    for (Path p = device; p != null && !p.equals(region.get()); p = p.getParent()) {
      Optional<UUID> uuid = DeviceFiles.text(p.resolve("uuid")).flatMap(NamespaceFinder::parse);
      if (uuid.isPresent()) {
        String own = String.valueOf(p.getFileName());
        String namespace = DeviceFiles.text(p.resolve("namespace")).orElse(own);
        return Optional.of(
            new Namespace(
                namespace,
                DeviceFiles.text(region.get().resolve(namespace).resolve("alt_name")),
                uuid.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<UUID> parse(String text) {
    try {
      UUID uuid = UUID.fromString(text);
      return new UUID(0, 0).equals(uuid) ? Optional.empty() : Optional.of(uuid);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
