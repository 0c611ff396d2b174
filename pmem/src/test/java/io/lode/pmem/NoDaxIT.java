package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The cause is named where a file on persistent memory is not mapped as such. */
class NoDaxIT {
  private final Path disk = Testbed.spare();

  @SuppressWarnings("NullAway.Init")
  private Path mount;

  @BeforeEach
  void makeMountPoint() throws Exception {
    mount = Files.createTempDirectory("lode-no-dax");
  }

  @AfterEach
  void removeMountPoint() throws Exception {
    Files.delete(mount);
  }

  @Test
  void blocksOfAnotherSizeAreNamed() throws Exception {
    run("mkfs.ext4", "-F", "-q", "-b", "1024", disk.toString());
    mounted(disk, "dax=inode", () -> assertCause(newFile(), "blocks of 1024 bytes", "mkfs.ext4"));
  }

  @Test
  void mountOptionsAndFlagsOfExt4AreNamed() throws Exception {
    run("mkfs.ext4", "-F", "-q", "-b", "4096", disk.toString());
    mounted(disk, "dax=never", () -> assertCause(newFile(), "mounted with dax=never"));
    mounted(disk, "dax=always", () -> assertDax(newFile()));
    mounted(
        disk,
        "dax=inode",
        () -> {
          assertCause(newFile(), "lacks the x flag", "chattr +x");
          Path folder = Files.createDirectories(mount.resolve("dax"));
          run("chattr", "+x", folder.toString());
          Path flagged = Files.write(folder.resolve("flagged"), new byte[8192]);
          assertDax(flagged);
          Path copy = mount.resolve("copy");
          run("cp", flagged.toString(), copy.toString());
          assertCause(copy, "lacks the x flag");
          run("chattr", "-x", flagged.toString());
          assertCause(flagged, "lacks the x flag");
        });
  }

  @Test
  void xfsWithReflinksIsDaxOnlyIfAsked() throws Exception {
    run("mkfs.xfs", "--unsupported", "-q", "-f", "-m", "reflink=1", disk.toString());
    mounted(disk, "dax=always", () -> assertDax(newFile()));
    mounted(disk, "dax=never", () -> assertCause(newFile(), "mounted with dax=never"));
    mounted(disk, "dax=inode", () -> assertCause(newFile(), "lacks the x flag"));
  }

  @Test
  void ext2IsNamed() throws Exception {
    run("mkfs.ext2", "-F", "-q", "-b", "4096", disk.toString());
    run("mount", "-t", "ext2", disk.toString(), mount.toString());
    try {
      assertCause(newFile(), "ext2 is not mounted for DAX");
    } finally {
      run("umount", mount.toString());
    }
  }

  @Test
  void overlayIsAnOrdinaryFile() throws Exception {
    run("mkfs.ext4", "-F", "-q", "-b", "4096", disk.toString());
    mounted(
        disk,
        "dax=always",
        () -> {
          for (String name : new String[] {"lower", "upper", "work", "merged"}) {
            Files.createDirectories(mount.resolve(name));
          }
          Path merged = mount.resolve("merged");
          String options =
              "lowerdir="
                  + mount.resolve("lower")
                  + ",upperdir="
                  + mount.resolve("upper")
                  + ",workdir="
                  + mount.resolve("work");
          run("mount", "-t", "overlay", "overlay", "-o", options, merged.toString());
          try {
            Path file = Files.write(merged.resolve("file"), new byte[8192]);
            assertCause(file, "overlayfs", "use a volume");
            try (Source source = Source.of(file)) {
              assertThat(source.granularity().durability()).contains("overlay, on top of");
            }
          } finally {
            run("umount", merged.toString());
          }
        });
  }

  @Test
  void loopDeviceIsNamed() throws Exception {
    run("mkfs.ext4", "-F", "-q", "-b", "4096", disk.toString());
    mounted(
        disk,
        "dax=always",
        () -> {
          Path image = mount.resolve("image");
          run("truncate", "-s", "64M", image.toString());
          String loop = run("losetup", "-f", "--show", image.toString()).strip();
          try {
            run("mkfs.ext4", "-F", "-q", "-b", "4096", loop);
            Path inner = Files.createDirectories(mount.resolve("inner"));
            run("mount", loop, inner.toString());
            try {
              Path file = Files.write(inner.resolve("file"), new byte[8192]);
              assertCause(file, "loop device", image.toString());
            } finally {
              run("umount", inner.toString());
            }
          } finally {
            run("losetup", "-d", loop);
          }
        });
  }

  @Test
  void partitionAtOddSectorsIsNamed() throws Exception {
    run("addpart", disk.toString(), "1", "4097", "196608");
    try {
      Path partition = Path.of(disk + "p1");
      run("mkfs.ext4", "-F", "-q", "-b", "4096", partition.toString());
      mounted(partition, "rw", () -> assertCause(newFile(), "partition", "whole pages"));
    } finally {
      run("delpart", disk.toString(), "1");
    }
  }

  @Test
  void mappedDeviceWithoutDaxIsNamed() throws Exception {
    String table = "0 196608 delay " + disk + " 0 0";
    run("dmsetup", "create", "lode-delay", "--table", table);
    run("dmsetup", "mknodes", "lode-delay");
    try {
      Path device = Path.of("/dev/mapper/lode-delay");
      run("mkfs.ext4", "-F", "-q", "-b", "4096", device.toString());
      mounted(device, "rw", () -> assertCause(newFile(), "mapped device lode-delay"));
    } finally {
      run("dmsetup", "remove", "lode-delay");
    }
    run("dmsetup", "create", "lode-plain", "--table", "0 196608 linear " + disk + " 0");
    run("dmsetup", "mknodes", "lode-plain");
    try {
      Path device = Path.of("/dev/mapper/lode-plain");
      run("mkfs.ext4", "-F", "-q", "-b", "4096", device.toString());
      mounted(device, "dax=always", () -> assertDax(newFile()));
    } finally {
      run("dmsetup", "remove", "lode-plain");
    }
  }

  @Test
  void sectorModeIsNamed() throws Exception {
    Path attribute = Path.of("/sys/block", disk.getFileName().toString(), "device/namespace");
    String namespace = Files.readString(attribute).strip();
    run("ndctl", "create-namespace", "-f", "-e", namespace, "-m", "sector");
    try {
      Path sectors = Path.of(disk + "s");
      run("mkfs.ext4", "-F", "-q", "-b", "4096", sectors.toString());
      mounted(sectors, "rw", () -> assertCause(newFile(), "sector mode", "create-namespace"));
    } finally {
      // A namespace keeps the sectors of 4096 bytes of its translation table unless told otherwise.
      run("ndctl", "create-namespace", "-f", "-e", namespace, "-m", "fsdax", "-l", "512");
    }
    assertThat(Files.exists(disk)).isTrue();
  }

  @Test
  void disabledDeviceIsRefusedAsWhatItIs() throws Exception {
    Path device = Testbed.devdax();
    String name = device.getFileName().toString();
    run("daxctl", "disable-device", name);
    try (Source source = Source.of(device)) {
      assertThat(source.kind()).isEqualTo(SourceKind.DISABLED_DAX);
      PmemException refused = failure(source::tryLock);
      assertThat(refused.error()).isEqualTo(PmemError.INVALID_FILE_TYPE);
      assertThat(refused).hasMessageContainingAll("the device is disabled", "enable-device");
    } finally {
      run("daxctl", "enable-device", name);
    }
    try (Source source = Source.of(device)) {
      assertThat(source.kind()).isEqualTo(SourceKind.DEVDAX);
      assertThat(source.tryLock()).isTrue();
    }
  }

  @Test
  void regionSetReadOnlyIsWarnedOf() throws Exception {
    try (Source source = Source.of(Testbed.devdax())) {
      assertThat(source.location().reasons()).noneMatch(said -> said.contains("read-only"));
      Path attribute = Path.of("/sys/bus/nd/devices", source.region().orElseThrow(), "read_only");
      Files.writeString(attribute, "1\n");
      try {
        assertThat(source.location().reasons()).anyMatch(said -> said.contains("set read-only"));
      } finally {
        Files.writeString(attribute, "0\n");
      }
    }
  }

  private interface Check {
    void run() throws Exception;
  }

  private void mounted(Path device, String options, Check check) throws Exception {
    run("mount", "-o", options, device.toString(), mount.toString());
    try {
      check.run();
    } finally {
      run("umount", mount.toString());
    }
  }

  private Path newFile() throws Exception {
    Path file = mount.resolve("file");
    Files.deleteIfExists(file);
    return Files.write(file, new byte[8192]);
  }

  private static void assertCause(Path file, String... words) {
    try (Source source = Source.of(file)) {
      assertThat(source.kind()).isEqualTo(SourceKind.FILE);
      GranularityReport answer = source.granularity();
      System.out.println(file + ": " + answer.reason());
      assertThat(answer.granularity()).isEqualTo(Granularity.PAGE);
      assertThat(answer.reason()).contains(words);
      assertThat(failure(() -> MapConfig.of(Granularity.CACHE_LINE).map(source)))
          .hasMessageContainingAll(words);
    }
  }

  private static void assertDax(Path file) {
    try (Source source = Source.of(file)) {
      assertThat(source.kind()).isEqualTo(SourceKind.FSDAX_FILE);
      assertThat(source.granularity().granularity()).isEqualTo(Testbed.granularity());
    }
  }
}
