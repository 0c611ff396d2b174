package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Deep flush where there is something to flush, and syncs that fail because the disk does. */
class DeepFlushIT {
  private static final MapConfig LINE = MapConfig.of(Granularity.CACHE_LINE);

  @Test
  void fileAndDeviceAreFlushed() throws Exception {
    Path file = Testbed.sparseFile("deep-flush-it", 1 << 20);
    for (Path path : new Path[] {file, Testbed.devdax()}) {
      try (Source source = Source.of(path);
          PmemMap map = LINE.map(source);
          PmemMap reading = LINE.protection(Protection.READ).map(source)) {
        map.fill(100, 5000, (byte) 3, CopyFlags.NONE);
        map.deepFlush(100, 5000);
        map.deepFlush(0, map.size());
        reading.deepFlush(0, 4096);
        assertThat(failure(() -> map.deepFlush(map.size(), 1)).error())
            .isEqualTo(PmemError.DEEP_FLUSH_RANGE);
      }
    }
    Files.delete(file);
  }

  @Test
  void regionOfADeviceIsToldToFlush() throws Exception {
    try (Source source = Source.of(Testbed.devdax());
        PmemMap map = LINE.map(source)) {
      Path attribute =
          Path.of("/sys/bus/nd/devices", source.region().orElseThrow(), "deep_flush").toRealPath();
      System.out.println("deep_flush of " + source + ": " + Files.readString(attribute).strip());
      Path instead = Files.writeString(Files.createTempFile("lode", "deep"), "1\n");
      run("mount", "--bind", instead.toString(), attribute.toString());
      try {
        map.deepFlush(0, 64);
      } finally {
        run("umount", attribute.toString());
      }
      assertThat(Files.size(instead)).as("written anew").isEqualTo(1);
      Files.delete(instead);
    }
  }

  @Test
  void syncThatTheDiskFailsIsAnException() throws Exception {
    Path disk = Testbed.spare();
    String sectors = run("blockdev", "--getsz", disk.toString()).strip();
    String name = "lode-failing";
    run("dmsetup", "create", name, "--table", "0 " + sectors + " linear " + disk + " 0");
    run("dmsetup", "mknodes", name);
    Path mount = Files.createTempDirectory("lode-failing");
    try {
      run("mkfs.ext4", "-F", "-q", "-b", "4096", "/dev/mapper/" + name);
      run("mount", "-o", "dax=never", "/dev/mapper/" + name, mount.toString());
      Path file = Files.write(mount.resolve("file"), new byte[1 << 20]);
      run("sync");
      try (Source source = Source.of(file);
          PmemMap map = MapConfig.of(Granularity.PAGE).map(source)) {
        map.fill(0, 8192, (byte) 1, CopyFlags.NONE);
        run("dmsetup", "suspend", "--nolockfs", name);
        run("dmsetup", "reload", name, "--table", "0 " + sectors + " error");
        run("dmsetup", "resume", name);
        PmemException e = failure(() -> map.fill(4096, 4096, (byte) 2, CopyFlags.NONE));
        assertThat(e.errno()).as(e.getMessage()).hasValue(5);
        assertThat(e).hasMessageContaining("is durable is unknown");
      }
    } finally {
      run("umount", mount.toString());
      run("dmsetup", "remove", name);
      Files.delete(mount);
    }
  }
}
