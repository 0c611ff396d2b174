package io.lode.pmem.internal;

import io.lode.pmem.internal.FileSystem.Medium;
import io.lode.pmem.internal.jna.LibC;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds out why a file on persistent memory is not mapped as such. The kernel gives up DAX without
 * an error in many places between the memory and the file; each has its own remedy.
 *
 * @param files the device files
 */
record NoDax(DeviceFiles files) {
  private static final long OVERLAY_MAGIC = 0x794c7630L;
  private static final int SECTOR_BYTES = 512;

  /** Block devices with a translation table, namespaces of mode {@code sector}. */
  private static final Pattern SECTOR_DISK = Pattern.compile("pmem\\d+(\\.\\d+)?s");

  private static final Pattern PMEM_DISK = Pattern.compile("pmem\\d+(\\.\\d+)?");

  /**
   * What the file system says of an open file.
   *
   * @param magic the file system's number
   * @param blockBytes the size of its blocks
   * @param flag whether the file has the flag that {@code chattr +x} sets; empty if unknown
   */
  record Opened(long magic, long blockBytes, Optional<Boolean> flag) {
    private static final int STATFS_BYTES = 120;
    private static final int BLOCK_SIZE = 8;
    private static final int FSXATTR_BYTES = 28;

    static Opened of(Descriptor descriptor) {
      LibC libc = SystemCalls.libc("statfs");
      byte[] statfs = new byte[STATFS_BYTES];
      byte[] attributes = new byte[FSXATTR_BYTES];
      boolean known = descriptor.use(fd -> libc.fstatfs(fd, statfs)) == 0;
      boolean flags = descriptor.use(fd -> libc.ioctl(fd, LibC.FS_IOC_FSGETXATTR, attributes)) == 0;
      return new Opened(
          known ? FileSystem.magic(statfs) : 0,
          known ? ByteBuffer.wrap(statfs).order(ByteOrder.nativeOrder()).getLong(BLOCK_SIZE) : 0,
          flags
              ? Optional.of((Extents.intAt(attributes, 0) & LibC.FS_XFLAG_DAX) != 0)
              : Optional.empty());
    }
  }

  /** Tells whether a file that the kernel calls DAX lies on an overlay, which has no MAP_SYNC. */
  static boolean isOverlay(long magic) {
    return magic == OVERLAY_MAGIC;
  }

  /**
   * Returns the cause and the remedy.
   *
   * @param source a regular file for which MAP_SYNC was refused
   * @return empty where no persistent memory is known to lie below the file
   */
  Optional<String> cause(OpenSource source) {
    return cause(source.status(), Opened.of(source.descriptor()));
  }

  Optional<String> cause(FileStatus status, Opened opened) {
    if (isOverlay(opened.magic())) {
      return status.dax()
          ? Optional.of(
              "overlayfs (a container's writable layer) does not pass it on to the DAX file system"
                  + " below; use a volume or a bind mount of that file system")
          : Optional.empty();
    }
    DeviceTree tree = new DeviceTree(files);
    Optional<DeviceTree.Mount> mount = tree.mount(status.mountId());
    Optional<DeviceNumber> number =
        files.blockDevice(status.file()).isPresent()
            ? Optional.of(status.file())
            : tree.mountedDevice(status.mountId());
    Optional<Path> device = number.flatMap(files::blockDevice);
    if (status.dax() || device.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> ofDevice = ofDevice(tree, device.get(), tree.disks(number.orElseThrow()));
    if (ofDevice.isPresent()) {
      return ofDevice;
    }
    boolean onRegion =
        tree.disks(number.orElseThrow()).stream().anyMatch(disk -> tree.region(disk).isPresent());
    return onRegion ? Optional.of(ofFileSystem(mount, opened)) : Optional.empty();
  }

  private static Optional<String> ofDevice(DeviceTree tree, Path device, List<Path> below) {
    boolean isPartition = Files.exists(device.resolve("partition"));
    Path disk = isPartition && device.getParent() != null ? device.getParent() : device;
    Optional<String> backing = DeviceFiles.text(disk.resolve("loop/backing_file"));
    if (backing.isPresent()) {
      return Optional.of(
          "the file system is on a loop device, which has no DAX (its bytes are in "
              + backing.get()
              + "); make the file system on the persistent memory itself");
    }
    if (below.stream().noneMatch(found -> tree.region(found).isPresent())) {
      return Optional.empty();
    }
    for (Path found : below) {
      String name = String.valueOf(found.getFileName());
      if (SECTOR_DISK.matcher(name).matches()) {
        return Optional.of(
            name
                + " is a namespace in sector mode, which has no DAX; make it anew, without its"
                + " data: ndctl create-namespace -f -e NAMESPACE -m fsdax");
      }
    }
    String name = String.valueOf(device.getFileName());
    if (isPartition && !isAligned(device)) {
      return Optional.of(
          "the partition "
              + name
              + " does not begin and end at whole pages of "
              + PageSize.bytes()
              + " bytes; make it anew, aligned to 2 MiB");
    }
    if (!DeviceFiles.text(disk.resolve("queue/dax")).equals(Optional.of("0"))) {
      return Optional.empty();
    }
    Optional<String> mapped = DeviceFiles.text(disk.resolve("dm/name"));
    if (mapped.isPresent()) {
      return Optional.of(
          "the mapped device "
              + mapped.get()
              + " (device-mapper) has no DAX: only linear and striped targets have, and every"
              + " device below must have it, aligned to pages");
    }
    return Optional.of(
        PMEM_DISK.matcher(name).matches()
            ? name
                + " has no DAX: its namespace is in raw mode; make it anew, without its data: ndctl"
                + " create-namespace -f -e NAMESPACE -m fsdax"
            : name + " has no DAX; make the file system on the persistent memory itself");
  }

  private static boolean isAligned(Path partition) {
    long unit = PageSize.bytes() / SECTOR_BYTES;
    return DeviceFiles.number(partition.resolve("start")).orElse(0) % unit == 0
        && DeviceFiles.number(partition.resolve("size")).orElse(0) % unit == 0;
  }

  private static String ofFileSystem(Optional<DeviceTree.Mount> mount, Opened opened) {
    FileSystem kind = FileSystem.ofMagic(opened.magic());
    String type = mount.map(DeviceTree.Mount::type).orElse(kind.name());
    boolean isExt = opened.magic() == 0xEF53;
    boolean isXfs = opened.magic() == 0x58465342;
    if (!isExt && !isXfs && kind.medium() != Medium.UNKNOWN) {
      return type + " has no DAX; use ext4 or xfs";
    }
    if (opened.blockBytes() != 0 && opened.blockBytes() != PageSize.bytes()) {
      return "the file system has blocks of "
          + opened.blockBytes()
          + " bytes, and DAX requires the page size; make it anew, without its data: mkfs."
          + type
          + (isXfs ? " -b size=" : " -b ")
          + PageSize.bytes();
    }
    if (mount.isPresent() && mount.get().has("dax=never")) {
      return "the file system is mounted with dax=never"
          + (isXfs ? ", or xfs found that the device has no DAX" : "")
          + "; unmount it and mount it with -o dax=always";
    }
    boolean always = mount.isPresent() && (mount.get().has("dax=always") || mount.get().has("dax"));
    if (!always && (type.equals("ext2") || type.equals("ext3"))) {
      return type + " is not mounted for DAX; mount it with -o dax, or use ext4 or xfs";
    }
    if (!always && opened.flag().equals(Optional.of(false))) {
      return "the file system is mounted with dax=inode and the file lacks the x flag; mount with"
          + " -o dax=always, or chattr +x the folder or the empty file before writing (cp does not"
          + " copy the flag)";
    }
    if (!always && opened.flag().equals(Optional.of(true))) {
      return "the file has the x flag, but the kernel still holds it as it was before; close it"
          + " everywhere, then open it again"
          + sharing(isXfs);
    }
    return "the file system does without DAX for this file: it may be encrypted, have verity or"
        + " journaled data"
        + sharing(isXfs);
  }

  private static String sharing(boolean isXfs) {
    return isXfs ? "; before Linux 6.0, a file that shares blocks (reflink) is never DAX" : "";
  }
}
