package io.lode.pmem.internal;

import io.lode.pmem.SourceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A machine described by files in a folder, as sysfs and proc describe a real one. */
final class FakeMachine {
  static final String NFIT = "devices/LNXSYSTM:00/ACPI0012:00/ndbus0/";

  private final Path sys;
  private final Path proc;

  FakeMachine(Path folder) throws IOException {
    sys = Files.createDirectories(folder.resolve("sys"));
    proc = Files.createDirectories(folder.resolve("proc"));
  }

  /**
   * Region 0 with pmem0 on node 1; region 1, whose caches are safe, with pmem1 and dax1.0 on node
   * 0.
   */
  static FakeMachine twoRegions(Path folder) throws IOException {
    return new FakeMachine(folder)
        .region(0, 1, 3, "memory_controller")
        .pmem(0, 0)
        .region(1, 0, 2, "cpu_cache")
        .pmem(1, 4)
        .dax(NFIT + "region1/dax1.0", "dax1.0", 0, "device_dax");
  }

  DeviceFiles files() {
    return new DeviceFiles(sys, proc);
  }

  FakeMachine file(String path, String text) throws IOException {
    Path file = sys.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
    return this;
  }

  FakeMachine link(String path, String target) throws IOException {
    Path link = sys.resolve(path);
    Files.createDirectories(link.getParent());
    Files.createDirectories(sys.resolve(target));
    Files.createSymbolicLink(link, sys.resolve(target));
    return this;
  }

  FakeMachine mountInfo(String text) throws IOException {
    Files.createDirectories(proc.resolve("self"));
    Files.writeString(proc.resolve("self/mountinfo"), text);
    return this;
  }

  /** An NVDIMM region with its provider. */
  FakeMachine region(int number, int numaNode, int targetNode, String domain) throws IOException {
    String region = NFIT + "region" + number;
    return file(NFIT + "provider", "ACPI.NFIT")
        .file(region + "/numa_node", Integer.toString(numaNode))
        .file(region + "/target_node", Integer.toString(targetNode))
        .file(region + "/persistence_domain", domain)
        .link("bus/nd/devices/region" + number, region);
  }

  /** An fsdax block device of a region, with a partition. */
  FakeMachine pmem(int region, int minor) throws IOException {
    String name = "pmem" + region;
    String disk = NFIT + "region" + region + "/pfn" + region + ".0/block/" + name;
    return file(disk + "/dev", "259:" + minor)
        .file(disk + "/" + name + "p1/partition", "1")
        .file(disk + "/" + name + "p1/dev", "259:" + (minor + 1))
        .link("dev/block/259:" + minor, disk)
        .link("dev/block/259:" + (minor + 1), disk + "/" + name + "p1")
        .link("class/block/" + name, disk);
  }

  /** A dax device below a folder. */
  FakeMachine dax(String folder, String name, int minor, String driver) throws IOException {
    String device = folder + "/" + name;
    return file(device + "/size", "4194304")
        .file(device + "/align", "2097152")
        .link(device + "/subsystem", "bus/dax")
        .link(device + "/driver", "bus/dax/drivers/" + driver)
        .link("bus/dax/devices/" + name, device)
        .link("dev/char/252:" + minor, device);
  }

  static OpenSource file(DeviceNumber device, long mountId) {
    return source(
        SourceKind.FSDAX_FILE,
        new FileStatus(
            FileStatus.Type.REGULAR, device, new DeviceNumber(0, 0), 4096, true, mountId, 4096));
  }

  static OpenSource file(int major, int minor) {
    return file(new DeviceNumber(major, minor), 1);
  }

  static OpenSource device(int major, int minor) {
    return source(
        SourceKind.DEVDAX,
        new FileStatus(
            FileStatus.Type.CHARACTER,
            new DeviceNumber(0, 5),
            new DeviceNumber(major, minor),
            0,
            false,
            1,
            4096));
  }

  private static OpenSource source(SourceKind kind, FileStatus status) {
    return new OpenSource(
        new Descriptor(-1, "the source", false, true), kind, status, "the source");
  }
}
