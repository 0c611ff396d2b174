package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Ids and shutdown counts of the emulated memory devices, compared with those of libpmem2. */
class DimmIT {
  private static final Path DEVICES = Path.of("/sys/bus/nd/devices");

  private static List<Path> dimms() throws IOException {
    try (Stream<Path> devices = Files.list(DEVICES)) {
      return devices
          .filter(device -> device.getFileName().toString().startsWith("nmem"))
          .sorted()
          .toList();
    }
  }

  /**
   * Gives the memory devices counts, 100 plus their number, because the machine's own have none.
   */
  private static List<Path> bindCounts() throws IOException, InterruptedException {
    List<Path> bound = new ArrayList<>();
    for (Path dimm : dimms()) {
      Path attributes = dimm.resolve("nfit").toRealPath();
      Path copy = Files.createTempDirectory("lode-nfit");
      try (Stream<Path> files = Files.list(attributes)) {
        for (Path file : files.filter(Files::isReadable).toList()) {
          Files.writeString(copy.resolve(file.getFileName()), Files.readString(file));
        }
      }
      int number = Integer.parseInt(dimm.getFileName().toString().substring("nmem".length()));
      Files.writeString(copy.resolve("dirty_shutdown"), (100 + number) + "\n");
      run("mount", "--bind", copy.toString(), attributes.toString());
      bound.add(attributes);
    }
    return bound;
  }

  private static int number(Source source) throws IOException {
    Path region = DEVICES.resolve(source.region().orElseThrow());
    String mapping = Files.readString(region.resolve("mapping0"));
    return Integer.parseInt(mapping.substring("nmem".length(), mapping.indexOf(',')));
  }

  @Test
  void idIsTheDevicesAndTheMachineCountsNoShutdowns() throws Exception {
    Path file = Testbed.sparseFile("dimm-it", 4096);
    for (Path path : List.of(file, Testbed.devdax())) {
      try (Source source = Source.of(path)) {
        Path id = DEVICES.resolve("nmem" + number(source)).resolve("nfit/id");
        assertThat(source.deviceId()).isEqualTo(Files.readString(id).strip()).isNotEmpty();
        assertThat(failure(source::unsafeShutdownCount).error()).isEqualTo(PmemError.NOSUPP);
      }
    }
    Files.delete(file);
  }

  @Test
  void shutdownCountIsTheDevicesAndLibpmem2s() throws Exception {
    Path file = Testbed.sparseFile("dimm-it-count", 4096);
    List<Path> bound = bindCounts();
    try {
      for (Path path : List.of(file, Testbed.devdax())) {
        try (Source source = Source.of(path)) {
          assertThat(source.unsafeShutdownCount()).isEqualTo(100 + number(source));
        }
      }
      isLibpmem2s(file);
    } finally {
      for (Path attributes : bound) {
        run("umount", attributes.toString());
      }
    }
    Files.delete(file);
  }

  private static void isLibpmem2s(Path file) throws Exception {
    List<String> cases = new ArrayList<>();
    for (Path path : List.of(file, Testbed.devdax())) {
      cases.add("fd:rw:" + path + " PAGE 0 0 SHARED READ");
    }
    List<String> theirs = BothSides.outcomes(Path.of("/tmp"), "libpmem2", "", cases);
    assertThat(BothSides.outcomes(Path.of("/tmp"), "lode", "", cases)).isEqualTo(theirs);
    System.out.println(String.join("\n", theirs));
  }
}
