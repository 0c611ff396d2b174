package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The layers that may lie between persistent memory and a file: partitions, mapped devices, mounts.
 */
class BlockDeviceIT {
  private static final int SECTOR = 512;
  private static final int MIB = 1 << 20;

  @SuppressWarnings("NullAway.Init")
  private Path mount;

  @BeforeEach
  void makeMountPoint() throws Exception {
    mount = Files.createTempDirectory("lode-mount");
  }

  @AfterEach
  void removeMountPoint() throws Exception {
    Files.delete(mount);
  }

  @Test
  void blockDeviceIsNoSourceAndSaysSo() {
    for (Path device : new Path[] {Testbed.spare(), Testbed.fsdaxDevice()}) {
      PmemException e = failure(() -> Source.of(device));
      assertThat(e.error()).isEqualTo(PmemError.INVALID_FILE_TYPE);
      assertThat(e).hasMessageContaining("a block device").hasMessageContaining(device.toString());
    }
  }

  @Test
  void directoryOnDaxIsNoSource() {
    PmemException e = failure(() -> Source.of(Testbed.fsdaxFolder()));
    assertThat(e.error()).isEqualTo(PmemError.INVALID_FILE_TYPE);
    assertThat(e).hasMessageContaining("a directory");
  }

  @Test
  void emptyDaxFileHasAPlaceAndAnAnswerButNoMap() throws Exception {
    Path file = Testbed.sparseFile("empty", 0);
    try (Source source = Source.of(file)) {
      assertThat(source.kind()).isEqualTo(SourceKind.FSDAX_FILE);
      assertThat(source.sizeBytes()).isZero();
      Testbed.locationIsNdctls(source);
      assertThat(source.granularity().granularity()).isEqualTo(Testbed.granularity());
      assertThat(source.sizeBytes()).isZero();
      assertThat(failure(() -> MapConfig.of(Granularity.PAGE).map(source)).error())
          .isEqualTo(PmemError.SOURCE_EMPTY);
    }
    Files.delete(file);
  }

  @Test
  void fileOnAPartitionIsOnTheDevicesNode() throws Exception {
    Path disk = Testbed.spare();
    long sectors = Long.parseLong(run("blockdev", "--getsz", disk.toString()).strip());
    long start = 2L * MIB / SECTOR;
    String length = Long.toString((sectors - start) / 4096 * 4096);
    run("addpart", disk.toString(), "1", Long.toString(start), length);
    try {
      mountedFileIsOn(Path.of(disk + "p1"));
    } finally {
      run("delpart", disk.toString(), "1");
    }
  }

  @Test
  void fileOnAMappedDeviceIsOnTheDevicesNode() throws Exception {
    Path disk = Testbed.spare();
    String sectors = run("blockdev", "--getsz", disk.toString()).strip();
    String name = "lode-linear";
    // Without udev, nothing else creates the file in /dev.
    run("dmsetup", "create", name, "--table", "0 " + sectors + " linear " + disk + " 0");
    run("dmsetup", "mknodes", name);
    try {
      mountedFileIsOn(Path.of("/dev/mapper", name));
    } finally {
      run("dmsetup", "remove", name);
    }
  }

  /**
   * Formats a block device of the spare memory, and queries a file on it, also through a bind
   * mount.
   */
  private void mountedFileIsOn(Path device) throws Exception {
    run("mkfs.ext4", "-F", "-q", "-b", "4096", device.toString());
    run("mount", "-o", "dax=always", device.toString(), mount.toString());
    try {
      Path folder = Files.createDirectory(mount.resolve("folder"));
      Path file = Files.write(folder.resolve("file"), new byte[MIB]);
      isOnTheSpareDevice(file);
      Path bound = Files.createTempDirectory("lode-bound");
      run("mount", "--bind", folder.toString(), bound.toString());
      try {
        isOnTheSpareDevice(bound.resolve("file"));
      } finally {
        run("umount", bound.toString());
      }
    } finally {
      run("umount", mount.toString());
    }
  }

  private static void isOnTheSpareDevice(Path file) throws Exception {
    try (Source source = Source.of(file)) {
      assertThat(source.kind()).isEqualTo(SourceKind.FSDAX_FILE);
      assertThat(source.location().device()).hasValue(Testbed.spare().getFileName().toString());
      Testbed.locationIsNdctls(source);
      try (PmemMap map = MapConfig.of(Granularity.CACHE_LINE).map(source)) {
        assertThat(map.granularity()).isEqualTo(Testbed.granularity());
        map.fill(0, 4096, (byte) 5, CopyFlags.NONE);
      }
    }
    assertThat(Files.readAllBytes(file)[4095]).isEqualTo((byte) 5);
  }
}
