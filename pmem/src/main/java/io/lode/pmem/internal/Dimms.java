package io.lode.pmem.internal;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The identities and shutdown counts of the memory devices below a source, from sysfs; this needs
 * no library and no privileges. libndctl reads the same attributes, but not the count of CXL
 * devices.
 *
 * @param files the device files
 */
public record Dimms(DeviceFiles files) {
  /** The folders in which the drivers put their attributes (nvdimm: nfit, papr_scm; cxl). */
  private static final List<String> FAMILIES = List.of("nfit", "papr", "cxl");

  /**
   * Returns the identifiers of all devices, concatenated.
   *
   * @throws PmemException NOSUPP if the source is on no region or a device has no identifier
   */
  public String id(OpenSource source) {
    String operation = "ask the device id of";
    return dimms(source, operation).stream()
        .map(dimm -> required(dimm, "id", DeviceFiles::text, operation, source))
        .collect(Collectors.joining());
  }

  /**
   * Returns how often power failed before all data was in the medium, summed over all devices.
   *
   * @throws PmemException NOSUPP if the source is on no region or a device does not count
   */
  public long unsafeShutdownCount(OpenSource source) {
    String operation = "ask the unsafe shutdown count of";
    return dimms(source, operation).stream()
        .mapToLong(dimm -> required(dimm, "dirty_shutdown", Dimms::numberIn, operation, source))
        .sum();
  }

  private static Optional<Long> numberIn(Path attribute) {
    OptionalLong number = DeviceFiles.number(attribute);
    return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
  }

  /** Returns the folders of the devices by device number. */
  private List<Path> dimms(OpenSource source, String operation) {
    DeviceTree tree = new DeviceTree(files);
    Set<Path> regions = new LinkedHashSet<>();
    for (Path device : new LocationFinder(files).devices(source)) {
      tree.region(device).ifPresent(regions::add);
    }
    if (regions.isEmpty()) {
      throw unsupported(operation, source, "it is on no persistent memory region");
    }
    Map<Path, Long> numbers = new HashMap<>();
    for (Path region : regions) {
      List<Path> dimms = dimms(region);
      if (dimms.isEmpty()) {
        throw unsupported(
            operation, source, region.getFileName() + " names no memory device (emulated memory?)");
      }
      dimms.forEach(dimm -> numbers.put(dimm, number(dimm)));
    }
    List<Path> sorted = new ArrayList<>(numbers.keySet());
    sorted.sort(Comparator.comparing((Path dimm) -> numbers.getOrDefault(dimm, 0L)));
    return sorted;
  }

  /** A region's mappings begin with the name of a device, a sibling: {@code nmem0,0,1024,0}. */
  private static List<Path> dimms(Path region) {
    List<Path> dimms = new ArrayList<>();
    for (int i = 0; ; i++) {
      Optional<String> mapping = DeviceFiles.text(region.resolve("mapping" + i));
      if (mapping.isEmpty()) {
        return dimms;
      }
      dimms.add(region.resolveSibling(mapping.get().replaceFirst(",.*", "")));
    }
  }

  private static long number(Path dimm) {
    String digits = String.valueOf(dimm.getFileName()).replaceAll("\\D", "");
    return digits.isEmpty() || digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  private static <T> T required(
      Path dimm,
      String attribute,
      Function<Path, Optional<T>> read,
      String operation,
      OpenSource source) {
    for (String family : FAMILIES) {
      Path folder = dimm.resolve(family);
      Optional<T> value =
          Files.isDirectory(folder) ? read.apply(folder.resolve(attribute)) : Optional.empty();
      if (value.isPresent()) {
        return value.get();
      }
    }
    throw unsupported(
        operation, source, "its memory device " + dimm.getFileName() + " has no " + attribute);
  }

  private static PmemException unsupported(String operation, OpenSource source, String why) {
    return Failures.of(
        operation,
        source.place(),
        PmemError.NOSUPP,
        why,
        "do without, or ask the firmware's tools");
  }
}
