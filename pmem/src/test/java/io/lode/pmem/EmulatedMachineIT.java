package io.lode.pmem;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The emulated machine matches its topologies. Uses only the kernel and ndctl: if this fails, every
 * other test there is meaningless, whatever the library does.
 */
final class EmulatedMachineIT {
  private static final Path DAX_DEVICES = Path.of("/sys/bus/dax/devices");
  private static final Path NODES = Path.of("/sys/devices/system/node");

  @Test
  void devicesSitOnDifferentNodes() throws IOException, InterruptedException {
    assertThat(valuesOf("numa_node")).contains("0", "1");
  }

  @Test
  void cachesAreOutsideThePersistenceDomain() throws IOException, InterruptedException {
    assertThat(valuesOf("persistence_domain")).isNotEmpty().containsOnly("memory_controller");
  }

  @Test
  void fsdaxAcceptsSynchronousMappings() throws Throwable {
    assertThat(acceptsMapSync(Path.of(environment("LODE_FSDAX")))).isTrue();
  }

  @Test
  void tmpfsRefusesSynchronousMappings() throws Throwable {
    assertThat(acceptsMapSync(Path.of("/dev/shm"))).isFalse();
  }

  @Test
  @Tag("topology-eadr")
  void cachesAreInsideThePersistenceDomainOfEadr() throws IOException, InterruptedException {
    assertThat(valuesOf("persistence_domain")).isNotEmpty().containsOnly("cpu_cache");
  }

  @Test
  @Tag("topology-cpuless")
  void nodeOfTheDeviceHasNoCpusAndItsTargetIsAnother() throws IOException {
    String node = ofDevdax("numa_node");
    assertThat(Files.readString(NODES.resolve("node" + node).resolve("cpulist"))).isBlank();
    assertThat(ofDevdax("target_node")).isEqualTo("3").isNotEqualTo(node);
  }

  @Test
  @Tag("topology-cxl")
  void kernelNamesTheWrongNodeForCxlMemory() throws IOException {
    // The host bridge is on node 1; Linux 6.1 says 0. Pinning by numa_node alone is wrong here.
    assertThat(ofDevdax("numa_node")).isEqualTo("0");
    assertThat(ofDevdax("target_node")).isEqualTo("2");
  }

  private static String environment(String name) {
    return Objects.requireNonNull(System.getenv(name), () -> name + " is set by testbed/run");
  }

  private static String ofDevdax(String attribute) throws IOException {
    Path device = Path.of(environment("LODE_DEVDAX")).getFileName();
    return Files.readString(DAX_DEVICES.resolve(device).resolve(attribute)).strip();
  }

  private static List<String> valuesOf(String field) throws IOException, InterruptedException {
    Process ndctl =
        new ProcessBuilder("ndctl", "list", "-R", "-N", "-v").redirectErrorStream(true).start();
    String listed = new String(ndctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(ndctl.waitFor()).as(listed).isZero();
    return Pattern.compile('"' + field + "\":\"?([^\",\\s]+)")
        .matcher(listed)
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  @SuppressWarnings("restricted")
  private static boolean acceptsMapSync(Path folder) throws Throwable {
    Linker linker = Linker.nativeLinker();
    var mmap =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("mmap"),
            FunctionDescriptor.of(
                ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    var open =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    Path file = Files.write(folder.resolve("map-sync"), new byte[1 << 16]);
    try (var arena = java.lang.foreign.Arena.ofConfined()) {
      int readWrite = 2;
      int descriptor = (int) open.invokeExact(arena.allocateFrom(file.toString()), readWrite);
      assertThat(descriptor).isNotNegative();
      int mapSharedValidateSync = 0x3 | 0x80000; // <bits/mman-map-flags-generic.h>
      var mapped =
          (MemorySegment)
              mmap.invokeExact(
                  MemorySegment.NULL, 1L << 16, 0x3, mapSharedValidateSync, descriptor, 0L);
      return mapped.address() != -1;
    } finally {
      Files.delete(file);
    }
  }
}
