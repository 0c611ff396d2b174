package io.lode.pmem.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Follows sysfs from a file system's device to the devices that hold its bytes, and from those to
 * their regions.
 *
 * @param files the device files
 */
record DeviceTree(DeviceFiles files) {
  private static final Pattern REGION = Pattern.compile("region\\d+");
  private static final int MAX_DEPTH = 16;

  /**
   * Returns the folders of the whole disks behind a block device: a partition's disk, the disks of
   * a mapped device. One folder for a plain disk, none if the device is not in sysfs.
   */
  List<Path> disks(DeviceNumber number) {
    Set<Path> disks = new LinkedHashSet<>();
    files.blockDevice(number).ifPresent(device -> collect(device, disks, 0));
    return List.copyOf(disks);
  }

  private void collect(Path device, Set<Path> disks, int depth) {
    if (Files.exists(device.resolve("partition"))) {
      Path disk = device.getParent();
      if (disk != null && depth < MAX_DEPTH) {
        collect(disk, disks, depth + 1);
      }
      return;
    }
    List<Path> below = DeviceFiles.list(device.resolve("slaves"));
    if (below.isEmpty() || depth >= MAX_DEPTH) {
      disks.add(device);
      return;
    }
    for (Path link : below) {
      DeviceFiles.real(link).ifPresent(slave -> collect(slave, disks, depth + 1));
    }
  }

  /**
   * Returns the block device under a mount, for file systems whose files have a device number that
   * belongs to no device (btrfs, overlay).
   */
  Optional<DeviceNumber> mountedDevice(long mountId) {
    for (String line : lines(files.proc().resolve("self/mountinfo"))) {
      List<String> fields = List.of(line.split(" ", -1));
      int separator = fields.indexOf("-");
      if (!fields.getFirst().equals(Long.toString(mountId)) || separator + 2 >= fields.size()) {
        continue;
      }
      String source = fields.get(separator + 2);
      Path name = Path.of(source).getFileName();
      if (source.startsWith("/dev/") && name != null) {
        return blockNumber(
            DeviceFiles.real(Path.of(source)).map(Path::getFileName).orElse(name).toString());
      }
    }
    return Optional.empty();
  }

  /**
   * A mount.
   *
   * @param type the file system's type
   * @param options those of the file system, not of this mount alone
   */
  record Mount(String type, List<String> options) {
    boolean has(String option) {
      return options.contains(option);
    }
  }

  /** Returns a mount by its number. */
  Optional<Mount> mount(long mountId) {
    for (String line : lines(files.proc().resolve("self/mountinfo"))) {
      List<String> fields = List.of(line.split(" ", -1));
      int separator = fields.indexOf("-");
      if (fields.getFirst().equals(Long.toString(mountId)) && separator + 3 < fields.size()) {
        return Optional.of(
            new Mount(
                fields.get(separator + 1), List.of(fields.get(separator + 3).split(",", -1))));
      }
    }
    return Optional.empty();
  }

  /** Returns the number of a block device by its name. */
  Optional<DeviceNumber> blockNumber(String name) {
    return DeviceFiles.text(files.sys().resolve("class/block").resolve(name).resolve("dev"))
        .or(() -> DeviceFiles.text(files.sys().resolve("block").resolve(name).resolve("dev")))
        .flatMap(DeviceNumber::parse);
  }

  /** Returns the nearest folder above a device that is a region. */
  Optional<Path> region(Path device) {
    for (Path p = device; p != null; p = p.getParent()) {
      Path name = p.getFileName();
      if (name != null && REGION.matcher(name.toString()).matches()) {
        return Optional.of(p);
      }
    }
    return Optional.empty();
  }

  /** Returns a node attribute of a folder or of its nearest ancestor that has it. */
  OptionalInt nearestNode(Path device, String attribute) {
    for (Path p = device; p != null && !p.equals(files.sys()); p = p.getParent()) {
      for (Path folder : List.of(p, p.resolve("device"))) {
        OptionalInt node = DeviceFiles.node(folder.resolve(attribute));
        if (node.isPresent()) {
          return node;
        }
      }
    }
    return OptionalInt.empty();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of();
    }
  }
}
