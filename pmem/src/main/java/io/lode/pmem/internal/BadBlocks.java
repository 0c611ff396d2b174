package io.lode.pmem.internal;

import io.lode.pmem.BadBlock;
import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.internal.Extents.Extent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bad blocks of a source, from the kernel's lists in sysfs: the disk's list for a file, the
 * region's for a devdax device. A file's extents then show which of them belong to the file.
 *
 * @param files the device files
 */
record BadBlocks(DeviceFiles files) {
  private static final String OPERATION = "list the bad blocks of";
  private static final int SECTOR_BYTES = 512;

  /** {@code block/badblocks.c} prints the first sector and the number of sectors. */
  private static final Pattern LINE = Pattern.compile("(\\d{1,15}) (\\d{1,9})");

  /**
   * Lists them by offset, none touching another.
   *
   * @throws PmemException NOSUPP where the kernel knows of bad blocks below the file but it is
   *     unknown whether they belong to the file; CANNOT_READ_BOUNDS where the address of a device
   *     is secret or a list cannot be read; a negative errno
   */
  List<BadBlock> of(OpenSource source) {
    return source.isDevice() ? ofDevice(source) : ofFile(source);
  }

  private List<BadBlock> ofDevice(OpenSource source) {
    Optional<Path> device = files.characterDevice(source.status().device());
    Optional<Path> region = device.flatMap(new DeviceTree(files)::region);
    List<BadBlock> found = region.map(path -> listed(path, source)).orElse(List.of());
    if (found.isEmpty()) {
      return List.of();
    }
    long beginning =
        resource(device.orElseThrow(), source) - resource(region.orElseThrow(), source);
    long lengthBytes =
        files
            .daxSizeBytes(source.status().device())
            .orElseThrow(
                () -> Failures.of(OPERATION, source.place(), PmemError.CANNOT_READ_BOUNDS, ""));
    Extent whole = new Extent(0, beginning, lengthBytes);
    return inFile(found, List.of(whole), 1);
  }

  /**
   * Returns the physical address of a device's first byte, or of a region's.
   *
   * @throws PmemException CANNOT_READ_BOUNDS unless this process is privileged
   */
  static long resource(Path device, OpenSource source) {
    OptionalLong address = DeviceFiles.number(device.resolve("resource"));
    return address.orElseThrow(() ->
        Failures.of(
            OPERATION,
            source.place(),
            PmemError.CANNOT_READ_BOUNDS,
            "its region has bad blocks, and only root may read where the device is: "
                + device.resolve("resource"),
            "ask as root"));
  }

  private List<BadBlock> ofFile(OpenSource source) {
    List<Path> disks = new LocationFinder(files).devices(source);
    List<BadBlock> found = disks.stream().flatMap(disk -> listed(disk, source).stream()).toList();
    if (found.isEmpty()) {
      return List.of();
    }
    long start = start(source, disks);
    List<Extent> extents =
        source.descriptor().use(fd -> Extents.of(fd, OPERATION, source.place())).stream()
            .map(extent ->
                new Extent(
                    extent.fileOffset(), start + extent.deviceOffset(), extent.lengthBytes()))
            .toList();
    return inFile(found, extents, source.status().blockBytes());
  }

  /** Returns the offset of the file system's device on its disk. */
  private long start(OpenSource source, List<Path> disks) {
    Path disk = disks.getFirst();
    Optional<Path> device = files.blockDevice(source.status().file());
    if (device.equals(Optional.of(disk))) {
      return 0;
    }
    OptionalLong sectors =
        device.isPresent() && disk.equals(device.get().getParent())
            ? DeviceFiles.number(device.get().resolve("start"))
            : OptionalLong.empty();
    if (sectors.isEmpty()) {
      throw Failures.of(
          OPERATION,
          source.place(),
          PmemError.NOSUPP,
          "there are bad blocks below it, and more than a partition lies in between",
          "look with ndctl list -M, and repair from a copy");
    }
    return sectors.getAsLong() * SECTOR_BYTES;
  }

  private static List<BadBlock> listed(Path device, OpenSource source) {
    String text = DeviceFiles.text(device.resolve("badblocks")).orElse("");
    List<BadBlock> blocks = new ArrayList<>();
    for (String line : text.lines().toList()) {
      Matcher matcher = LINE.matcher(line.strip());
      if (!matcher.matches() || Long.parseLong(matcher.group(2)) == 0) {
        throw Failures.of(
            OPERATION,
            source.place(),
            PmemError.CANNOT_READ_BOUNDS,
            "not a line of bad blocks: \"" + line + "\" in " + device.resolve("badblocks"));
      }
      blocks.add(
          new BadBlock(
              Long.parseLong(matcher.group(1)) * SECTOR_BYTES,
              Long.parseLong(matcher.group(2)) * SECTOR_BYTES));
    }
    return blocks;
  }

  /**
   * Finds the bad blocks of a device that lie in a file's extents, by libpmem2's rule: each is
   * widened to whole blocks of the file system. Those that then overlap are merged.
   *
   * @param found bad blocks by their offset on the device
   * @param extents the file's extents
   * @param blockBytes a power of two
   */
  static List<BadBlock> inFile(List<BadBlock> found, List<Extent> extents, long blockBytes) {
    List<BadBlock> ofFile = new ArrayList<>();
    for (BadBlock bad : found) {
      for (Extent extent : extents) {
        long from = Math.max(bad.offset(), extent.deviceOffset());
        long to = Math.min(bad.end(), extent.deviceOffset() + extent.lengthBytes());
        if (from < to) {
          long shift = extent.fileOffset() - extent.deviceOffset();
          long start = (from + shift) & -blockBytes;
          long end = AddressSpace.roundUp(to + shift, blockBytes);
          ofFile.add(new BadBlock(start, end - start));
        }
      }
    }
    ofFile.sort(Comparator.comparingLong(BadBlock::offset));
    return joined(ofFile);
  }

  private static List<BadBlock> joined(List<BadBlock> sorted) {
    List<BadBlock> joined = new ArrayList<>();
    for (BadBlock block : sorted) {
      if (!joined.isEmpty() && block.offset() < joined.getLast().end()) {
        BadBlock before = joined.removeLast();
        long end = Math.max(before.end(), block.end());
        joined.add(new BadBlock(before.offset(), end - before.offset()));
      } else {
        joined.add(block);
      }
    }
    return List.copyOf(joined);
  }
}
