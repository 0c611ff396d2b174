package io.lode.pmem.internal;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.internal.jna.LibDaxctl;
import io.lode.pmem.internal.jna.LibNdctl;
import io.lode.pmem.internal.jna.NativeLibraries;
import io.lode.pmem.internal.jna.NativeLibraries.Loaded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the region of a source by walking through libndctl as libpmem2 does: bus, region,
 * namespace, then the dax devices or the block device of the namespace. A namespace that cannot be
 * read (a disabled device, a missing node) is skipped and does not end the search. Dax devices are
 * compared by number, so no file in /dev is needed; the disk that holds a file is compared by name.
 *
 * <p>A context of libndctl belongs to one thread and is a snapshot, so each query creates its own.
 *
 * @param files the device files
 * @param ndctl libndctl, or why it is missing
 * @param daxctl libdaxctl, or why it is missing
 */
public record RegionFinder(DeviceFiles files, Loaded<LibNdctl> ndctl, Loaded<LibDaxctl> daxctl) {

  /** Returns the finder of this machine. */
  static RegionFinder ofThisMachine() {
    return new RegionFinder(
        DeviceFiles.ofThisMachine(), NativeLibraries.libndctl(), NativeLibraries.libdaxctl());
  }

  /**
   * Returns the node of the region that holds a source.
   *
   * @param source a file or device
   * @return the node, not negative
   * @throws PmemException NOSUPP without libndctl or if the region has no node,
   *     DAX_REGION_NOT_FOUND if the source is on no region or on several with different nodes, the
   *     negative errno of {@code ndctl_new}
   */
  public int numaNode(OpenSource source) {
    String operation = "ask the NUMA node of";
    return query(
        operation,
        source,
        (lib, regions) -> {
          Set<Integer> nodes = new TreeSet<>();
          regions.forEach(region -> nodes.add(lib.ndctl_region_get_numa_node(region)));
          return onlyNode(nodes, operation, source.place());
        });
  }

  /**
   * Clears the errors of a physical range of a device through the platform's firmware.
   *
   * @param source a devdax device
   * @param address physical address
   * @param lengthBytes length of the range
   * @throws PmemException NOSUPP without libndctl or if the bus has no such command,
   *     DAX_REGION_NOT_FOUND if the source is on no region, a negative errno: ENXIO if not all of
   *     the range was cleared
   */
  void clearError(OpenSource source, long address, long lengthBytes) {
    query(
        ClearError.OPERATION,
        source,
        (lib, regions) -> {
          if (regions.isEmpty()) {
            throw Failures.of(
                ClearError.OPERATION, source.place(), PmemError.DAX_REGION_NOT_FOUND, "");
          }
          long bus = lib.ndctl_region_get_bus(regions.getFirst());
          new ClearError(lib, source.place()).run(bus, address, lengthBytes);
          return lengthBytes;
        });
  }

  /** A query on the regions that hold a source. */
  private interface Query<T> {
    T of(LibNdctl lib, List<Long> regions);
  }

  private <T> T query(String operation, OpenSource source, Query<T> query) {
    LibNdctl lib = required(ndctl, "libndctl.so.6", "libndctl6", operation, source.place());
    LibDaxctl dax = required(daxctl, "libdaxctl.so.1", "libdaxctl1", operation, source.place());
    long[] context = new long[1];
    int result = lib.ndctl_new(context);
    if (result < 0) {
      throw Failures.errno("create a libndctl context for", source.place(), -result);
    }
    try {
      if (System.getenv("NDCTL_LOG") == null) {
        lib.ndctl_set_log_priority(context[0], 0);
      }
      return query.of(lib, regions(lib, dax, context[0], source));
    } finally {
      lib.ndctl_unref(context[0]);
    }
  }

  private static int onlyNode(Set<Integer> nodes, String operation, String place) {
    if (nodes.isEmpty()) {
      throw Failures.of(operation, place, PmemError.DAX_REGION_NOT_FOUND, "");
    }
    if (nodes.size() > 1) {
      throw Failures.of(
          operation,
          place,
          PmemError.DAX_REGION_NOT_FOUND,
          "it is spread over regions of the nodes " + nodes,
          "use location(), or a source on one region");
    }
    int node = nodes.iterator().next();
    // libndctl returns -1 for an unknown node and -2 for a kernel that does not report nodes.
    if (node < 0) {
      throw Failures.of(
          operation,
          place,
          PmemError.NOSUPP,
          "its region names no NUMA node (libndctl: " + node + ")",
          "ask targetNode(), or pin by hand");
    }
    return node;
  }

  private List<Long> regions(LibNdctl lib, LibDaxctl dax, long context, OpenSource source) {
    Wanted wanted = wanted(source);
    List<Long> found = new ArrayList<>();
    each(
        lib.ndctl_bus_get_first(context),
        lib::ndctl_bus_get_next,
        bus ->
            each(
                lib.ndctl_region_get_first(bus),
                lib::ndctl_region_get_next,
                region -> {
                  if (isSame(lib, region, wanted) || holds(lib, dax, region, wanted)) {
                    found.add(region);
                  }
                  return false;
                }));
    return found;
  }

  /**
   * The device or disks to look for.
   *
   * @param device the number of a dax device, null for files
   * @param region the name of its region in sysfs, empty if it has none
   * @param disks the names of the disks that hold a file
   */
  private record Wanted(@Nullable DeviceNumber device, String region, List<String> disks) {}

  private Wanted wanted(OpenSource source) {
    if (source.isDevice()) {
      DeviceNumber device = source.status().device();
      return new Wanted(device, regionName(device), List.of());
    }
    List<Path> disks = new LocationFinder(files).devices(source);
    return new Wanted(
        null, "", disks.stream().map(disk -> String.valueOf(disk.getFileName())).toList());
  }

  /** Returns the region above a device, unless it is one of the cxl bus, whose names differ. */
  private String regionName(DeviceNumber device) {
    DeviceTree tree = new DeviceTree(files);
    return files
        .characterDevice(device)
        .flatMap(tree::region)
        .filter(region -> String.valueOf(region.getParent()).matches(".*/ndbus\\d+"))
        .map(region -> String.valueOf(region.getFileName()))
        .orElse("");
  }

  /** libdaxctl omits a device without a file in /dev; sysfs still knows its region. */
  private static boolean isSame(LibNdctl lib, long region, Wanted wanted) {
    return !wanted.region().isEmpty()
        && wanted.region().equals(lib.ndctl_region_get_devname(region));
  }

  private static boolean holds(LibNdctl lib, LibDaxctl dax, long region, Wanted wanted) {
    return each(
        lib.ndctl_namespace_get_first(region),
        lib::ndctl_namespace_get_next,
        namespace -> {
          long daxSide = lib.ndctl_namespace_get_dax(namespace);
          DeviceNumber device = wanted.device();
          if (device == null) {
            return daxSide == 0 && wanted.disks().contains(blockDevice(lib, namespace));
          }
          return daxSide != 0 && hasDevice(lib, dax, daxSide, device);
        });
  }

  private static boolean hasDevice(LibNdctl lib, LibDaxctl dax, long daxSide, DeviceNumber wanted) {
    long region = lib.ndctl_dax_get_daxctl_region(daxSide);
    return region != 0
        && each(
            dax.daxctl_dev_get_first(region),
            dax::daxctl_dev_get_next,
            device ->
                dax.daxctl_dev_get_major(device) == wanted.major()
                    && dax.daxctl_dev_get_minor(device) == wanted.minor());
  }

  private static String blockDevice(LibNdctl lib, long namespace) {
    long btt = lib.ndctl_namespace_get_btt(namespace);
    long pfn = lib.ndctl_namespace_get_pfn(namespace);
    String name =
        btt != 0
            ? lib.ndctl_btt_get_block_device(btt)
            : pfn != 0
                ? lib.ndctl_pfn_get_block_device(pfn)
                : lib.ndctl_namespace_get_block_device(namespace);
    return name == null ? "" : name;
  }

  /** Visits a list of libndctl until a visit returns true. */
  private static boolean each(long first, LongUnaryOperator next, LongPredicate visit) {
    for (long object = first; object != 0; object = next.applyAsLong(object)) {
      if (visit.test(object)) {
        return true;
      }
    }
    return false;
  }

  private static <T> T required(
      Loaded<T> loaded, String library, String debian, String operation, String place) {
    T lib = loaded.library();
    if (lib != null) {
      return lib;
    }
    throw Failures.of(
        operation,
        place,
        PmemError.NOSUPP,
        library + " cannot be loaded: " + loaded.reason(),
        "install " + debian + " (Debian) or ndctl-libs (Fedora); location() needs only the kernel");
  }
}
