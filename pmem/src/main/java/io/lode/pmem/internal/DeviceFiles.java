package io.lode.pmem.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reads the kernel's description of devices: sysfs, and the mount table in proc. Needs no library
 * and no privilege. Both roots are parameters, so that a folder can describe any machine.
 *
 * @param sys the root of sysfs
 * @param proc the root of proc
 */
public record DeviceFiles(Path sys, Path proc) {
  /** Returns the device files of this machine. */
  public static DeviceFiles ofThisMachine() {
    return new DeviceFiles(Path.of("/sys"), Path.of("/proc"));
  }

  /** Returns the folder of a character device, with all links followed. */
  Optional<Path> characterDevice(DeviceNumber number) {
    return real(sys.resolve("dev/char/" + number));
  }

  /** Returns the folder of a block device, with all links followed. */
  Optional<Path> blockDevice(DeviceNumber number) {
    return real(sys.resolve("dev/block/" + number));
  }

  /** Tells whether a character device is on the dax bus, by the rule of libpmem2. */
  boolean isDax(DeviceNumber number) {
    return real(sys.resolve("dev/char/" + number + "/subsystem"))
        .filter(subsystem -> subsystem.endsWith("dax"))
        .isPresent();
  }

  /**
   * Returns the name of the driver that has a character device.
   *
   * @param number the device's number
   */
  public Optional<String> driver(DeviceNumber number) {
    return real(sys.resolve("dev/char/" + number + "/driver"))
        .map(driver -> driver.getFileName().toString());
  }

  /**
   * Tells whether no driver has a device of the dax bus. Before Linux 5.1 there was no such bus,
   * and devices had no driver of their own.
   */
  boolean isDisabledDax(DeviceNumber number) {
    return driver(number).isEmpty()
        && real(sys.resolve("dev/char/" + number + "/subsystem"))
            .filter(subsystem -> subsystem.endsWith("bus/dax"))
            .isPresent();
  }

  /** Returns the length of a dax device in bytes. */
  OptionalLong daxSizeBytes(DeviceNumber number) {
    return number(sys.resolve("dev/char/" + number + "/size"));
  }

  /** Returns the alignment of a dax device in bytes: its own, or that of its region. */
  OptionalLong daxAlignmentBytes(DeviceNumber number) {
    Optional<Path> device = characterDevice(number);
    for (Path p = device.orElse(null); p != null && !p.equals(sys); p = p.getParent()) {
      for (String name : List.of("align", "dax_region/align")) {
        OptionalLong value = number(p.resolve(name));
        if (value.isPresent()) {
          return value;
        }
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Tells whether the CPU caches of this machine are flushed on power failure, by the rule of
   * libpmem2: at least one region, and all of them say {@code cpu_cache}.
   */
  boolean isEadr() {
    boolean found = false;
    for (Path region : list(sys.resolve("bus/nd/devices"))) {
      if (!region.getFileName().toString().contains("region") || !Files.isSymbolicLink(region)) {
        continue;
      }
      if (!raw(region.resolve("persistence_domain")).equals(Optional.of("cpu_cache\n"))) {
        return false;
      }
      found = true;
    }
    return found;
  }

  /** Returns the entries of a folder by name; none if it cannot be read. */
  static List<Path> list(Path folder) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    entries.sort(null);
    return entries;
  }

  /** Returns the one-line text of an attribute. */
  static Optional<String> text(Path attribute) {
    return raw(attribute).map(String::strip).filter(text -> !text.isEmpty());
  }

  /** Returns the number in an attribute: decimal, or hexadecimal after 0x. */
  static OptionalLong number(Path attribute) {
    try {
      return text(attribute)
          .map(text -> OptionalLong.of(Long.decode(text)))
          .orElse(OptionalLong.empty());
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** Returns the number of a node in an attribute; a negative one is no node. */
  static OptionalInt node(Path attribute) {
    OptionalLong value = number(attribute);
    return value.isPresent() && value.getAsLong() >= 0 && value.getAsLong() <= Integer.MAX_VALUE
        ? OptionalInt.of((int) value.getAsLong())
        : OptionalInt.empty();
  }

  /** Returns a path with all links followed, if it exists. */
  static Optional<Path> real(Path path) {
    try {
      return Optional.of(path.toRealPath());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> raw(Path attribute) {
    try {
      return Optional.of(Files.readString(attribute, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
