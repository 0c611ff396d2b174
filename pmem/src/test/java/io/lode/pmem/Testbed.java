package io.lode.pmem;

import static io.lode.pmem.SystemFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The emulated machine, as its environment describes it. */
final class Testbed {
  private Testbed() {}

  static Path fsdaxFolder() {
    return Path.of(variable("LODE_FSDAX"));
  }

  static Path fsdaxDevice() {
    return Path.of(variable("LODE_FSDAX_DEVICE"));
  }

  static Path devdax() {
    return Path.of(variable("LODE_DEVDAX"));
  }

  static boolean isEadr() {
    return variable("LODE_TOPOLOGY").equals("eadr");
  }

  static Granularity granularity() {
    return isEadr() ? Granularity.BYTE : Granularity.CACHE_LINE;
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalStateException(name + " is not set: run this test inside testbed/run");
    }
    return value;
  }

  static Path sparseFile(String name, long bytes) throws IOException, InterruptedException {
    Path file = fsdaxFolder().resolve(name);
    Files.deleteIfExists(file);
    run("truncate", "-s", Long.toString(bytes), file.toString());
    return file;
  }

  /** An unused block device of persistent memory. */
  static Path spare() {
    return Path.of(variable("LODE_SPARE"));
  }

  /** Compares all that a source tells of its place with what {@code ndctl list -v} prints. */
  static void locationIsNdctls(Source source) throws IOException, InterruptedException {
    DeviceLocation location = source.location();
    String region = location.region().orElseThrow();
    assertThat(ndctlDevices(region)).contains('"' + location.device().orElseThrow() + '"');
    assertThat(source.numaNode()).isEqualTo(ndctlNode(region, "numa_node"));
    assertThat(location.numaNode()).hasValue(source.numaNode());
    assertThat(source.targetNode()).hasValue(ndctlNode(region, "target_node"));
    assertThat(source.persistenceDomain()).isEqualTo(ndctlDomain(region));
    System.out.println(source + ": " + location);
  }

  /** The namespaces of a region, in which the names of its devices are. */
  private static String ndctlDevices(String region) throws IOException, InterruptedException {
    return run("ndctl", "list", "-N", "-X", "-v", "-r", region);
  }

  private static PersistenceDomain ndctlDomain(String region)
      throws IOException, InterruptedException {
    String json = run("ndctl", "list", "-R", "-v", "-r", region);
    Matcher matcher = Pattern.compile("\"persistence_domain\":\"(\\w+)\"").matcher(json);
    String domain = matcher.find() ? matcher.group(1) : "";
    return switch (domain) {
      case "cpu_cache" -> PersistenceDomain.CPU_CACHE;
      case "memory_controller" -> PersistenceDomain.MEMORY_CONTROLLER;
      case "" -> PersistenceDomain.NONE;
      default -> PersistenceDomain.UNKNOWN;
    };
  }

  /** What {@code ndctl list -v} prints of a region. */
  static int ndctlNode(String region, String field) throws IOException, InterruptedException {
    String json = run("ndctl", "list", "-R", "-v", "-r", region);
    Matcher matcher = Pattern.compile("\"" + field + "\":(-?\\d+)").matcher(json);
    assertThat(matcher.find()).as(json).isTrue();
    return Integer.parseInt(matcher.group(1));
  }
}
