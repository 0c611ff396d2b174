package io.lode.pmem.internal;

import static io.lode.pmem.internal.FakeMachine.NFIT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why a file on persistent memory is not DAX, on a machine described by a folder. */
class NoDaxTest {
  private static final long EXT4 = 0xEF53;
  private static final long XFS = 0x58465342;
  private static final long BTRFS = 0x9123683eL;
  private static final long OVERLAY = 0x794c7630L;
  private static final long PAGE = PageSize.bytes();
  private static final String DISK = NFIT + "region0/pfn0.0/block/pmem0";

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private FakeMachine machine;

  @BeforeEach
  void makeMachine() throws IOException {
    machine = new FakeMachine(folder).region(0, 0, 0, "memory_controller").pmem(0, 0);
  }

  private Optional<String> cause(int minor, boolean dax, NoDax.Opened opened) {
    FileStatus status =
        new FileStatus(
            FileStatus.Type.REGULAR,
            new DeviceNumber(259, minor),
            new DeviceNumber(0, 0),
            4096,
            dax,
            7,
            4096);
    return new NoDax(machine.files()).cause(status, opened);
  }

  private String causeOf(long magic, String type, String options, long block, boolean flag)
      throws IOException {
    machine.mountInfo("7 1 259:0 / /mnt rw shared:1 - " + type + " /dev/pmem0 " + options + "\n");
    return cause(0, false, new NoDax.Opened(magic, block, Optional.of(flag))).orElseThrow();
  }

  private String ofDevice(int minor) {
    return cause(minor, false, new NoDax.Opened(EXT4, PAGE, Optional.of(false))).orElseThrow();
  }

  @Test
  void fileSystemHasItsCauses() throws IOException {
    assertThat(causeOf(EXT4, "ext4", "rw", 1024, true))
        .contains("blocks of 1024 bytes", "mkfs.ext4 -b " + PAGE);
    assertThat(causeOf(XFS, "xfs", "rw", 1024, true)).contains("mkfs.xfs -b size=" + PAGE);
    assertThat(causeOf(EXT4, "ext4", "rw,dax=never", PAGE, true))
        .contains("mounted with dax=never", "-o dax=always");
    assertThat(causeOf(EXT4, "ext4", "rw,dax=inode", PAGE, false))
        .contains("lacks the x flag", "chattr +x", "cp ");
    assertThat(causeOf(EXT4, "ext4", "rw", PAGE, false)).contains("lacks the x flag");
    assertThat(causeOf(EXT4, "ext4", "rw", PAGE, true)).contains("has the x flag", "open it again");
    assertThat(causeOf(XFS, "xfs", "rw", PAGE, true)).contains("reflink");
    assertThat(causeOf(EXT4, "ext4", "rw,dax=always", PAGE, false)).contains("encrypted");
    assertThat(causeOf(EXT4, "ext2", "rw", PAGE, false)).contains("ext2", "-o dax");
    assertThat(causeOf(BTRFS, "btrfs", "rw", PAGE, false)).contains("btrfs has no DAX");
  }

  @Test
  void overlayIsOneOnlyWhereTheFileBelowIsDax() {
    NoDax.Opened opened = new NoDax.Opened(OVERLAY, PAGE, Optional.empty());
    assertThat(cause(0, true, opened).orElseThrow()).contains("overlayfs", "use a volume");
    assertThat(cause(0, false, opened)).isEmpty();
  }

  @Test
  void oddPartitionIsNamed() throws IOException {
    machine.file(DISK + "/pmem0p1/start", "34").file(DISK + "/pmem0p1/size", "8192");
    assertThat(ofDevice(1)).contains("partition pmem0p1", "whole pages");
    machine.file(DISK + "/pmem0p1/start", "4096");
    assertThat(ofDevice(1)).doesNotContain("partition");
    machine.file(DISK + "/pmem0p1/size", "8191");
    assertThat(ofDevice(1)).contains("partition pmem0p1");
  }

  @Test
  void deviceWithoutDaxIsNamed() throws IOException {
    machine.file(DISK + "/queue/dax", "0");
    assertThat(ofDevice(0)).contains("raw mode", "create-namespace");
    machine
        .file("devices/virtual/block/dm-0/dev", "259:8")
        .file("devices/virtual/block/dm-0/dm/name", "crypt")
        .file("devices/virtual/block/dm-0/queue/dax", "0")
        .link("devices/virtual/block/dm-0/slaves/pmem0", DISK)
        .link("dev/block/259:8", "devices/virtual/block/dm-0");
    assertThat(ofDevice(8)).contains("mapped device crypt");
    machine
        .file("devices/virtual/block/loop0/loop/backing_file", "/mnt/image")
        .link("dev/block/259:9", "devices/virtual/block/loop0");
    assertThat(ofDevice(9)).contains("loop device", "/mnt/image");
    String sector = NFIT + "region0/btt0.0/block/pmem0.1s";
    machine.file(sector + "/queue/dax", "0").link("dev/block/259:10", sector);
    assertThat(ofDevice(10)).contains("pmem0.1s", "sector mode");
  }

  @Test
  void ordinaryDiskHasNoCause() throws IOException {
    machine
        .file("devices/pci0/block/sda/dev", "259:12")
        .link("dev/block/259:12", "devices/pci0/block/sda");
    NoDax.Opened opened = new NoDax.Opened(EXT4, 1024, Optional.of(false));
    assertThat(cause(12, false, opened)).isEmpty();
    assertThat(cause(99, false, opened)).isEmpty();
  }
}
