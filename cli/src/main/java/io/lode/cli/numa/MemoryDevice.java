package io.lode.cli.numa;

import io.lode.cli.info.DevicePlacement;
import io.lode.numa.Placement;
import io.lode.pmem.DeviceLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A dax device or a disk of persistent memory, described by sysfs without opening it.
 *
 * @param name its name in {@code /dev}
 * @param isDisk whether it is a block device
 * @param mode its mode in the terms of ndctl and daxctl: devdax, system-ram, famfs, fsdax, sector
 *     or raw
 * @param sizeBytes its size
 * @param mountPoints the mount points of its file system
 * @param location its location
 * @param placement the CPUs near it
 */
record MemoryDevice(
    String name,
    boolean isDisk,
    String mode,
    OptionalLong sizeBytes,
    List<String> mountPoints,
    DeviceLocation location,
    Placement placement) {
  private static final Path DAX_DEVICES = Path.of("/sys/bus/dax/devices");
  private static final Path DISKS = Path.of("/sys/class/block");
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final long SECTOR_BYTES = 512;
  private static final int MOUNT_NUMBER_FIELD = 2;
  private static final int MOUNT_POINT_FIELD = 4;

  static MemoryDevice at(DeviceLocation location) {
    String name = location.device().orElseThrow();
    boolean isDisk = name.startsWith("pmem");
    Path folder = (isDisk ? DISKS : DAX_DEVICES).resolve(name);
    return new MemoryDevice(
        name,
        isDisk,
        isDisk ? diskMode(folder) : daxMode(folder),
        sizeBytes(folder, isDisk ? SECTOR_BYTES : 1),
        isDisk ? mountPoints(folder) : List.of(),
        location,
        DevicePlacement.of(location));
  }

  /** The device between the namespace and the disk shows the namespace's mode. */
  private static String diskMode(Path folder) {
    String path = real(folder).map(Path::toString).orElse("");
    if (path.matches(".*/pfn\\d+\\.\\d+/.*")) {
      return "fsdax";
    }
    return path.matches(".*/btt\\d+\\.\\d+/.*") ? "sector" : "raw";
  }

  private static String daxMode(Path folder) {
    String driver =
        real(folder.resolve("driver")).map(found -> found.getFileName().toString()).orElse("");
    return modeOf(driver);
  }

  /** Returns the name that daxctl has for a dax device with a driver. */
  static String modeOf(String driver) {
    return switch (driver) {
      case "device_dax" -> "devdax";
      case "kmem" -> "system-ram";
      case "" -> "disabled";
      default -> driver.startsWith("fsdev") || driver.startsWith("famfs") ? "famfs" : driver;
    };
  }

  private static OptionalLong sizeBytes(Path folder, long unitBytes) {
    try {
      return OptionalLong.of(Long.parseLong(text(folder.resolve("size"))) * unitBytes);
    } catch (IOException | NumberFormatException unknown) {
      return OptionalLong.empty();
    }
  }

  private static List<String> mountPoints(Path folder) {
    try (Stream<String> mounts = Files.lines(MOUNTS, StandardCharsets.UTF_8)) {
      String number = text(folder.resolve("dev"));
      return mounts
          .map(line -> line.split(" ", -1))
          .filter(fields -> fields.length > MOUNT_POINT_FIELD)
          .filter(fields -> fields[MOUNT_NUMBER_FIELD].equals(number))
          .map(fields -> fields[MOUNT_POINT_FIELD].replace("\\040", " "))
          .distinct()
          .toList();
    } catch (IOException | UncheckedIOException unknown) {
      return List.of();
    }
  }

  private static String text(Path attribute) throws IOException {
    return Files.readString(attribute, StandardCharsets.ISO_8859_1).strip();
  }

  private static Optional<Path> real(Path path) {
    try {
      return Optional.of(path.toRealPath());
    } catch (IOException missing) {
      return Optional.empty();
    }
  }
}
