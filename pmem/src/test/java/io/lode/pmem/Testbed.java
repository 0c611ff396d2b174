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

  /** What {@code ndctl list -v} prints of a region. */
  static int ndctlNode(String region, String field) throws IOException, InterruptedException {
    String json = run("ndctl", "list", "-R", "-v", "-r", region);
    Matcher matcher = Pattern.compile("\"" + field + "\":(-?\\d+)").matcher(json);
    assertThat(matcher.find()).as(json).isTrue();
    return Integer.parseInt(matcher.group(1));
  }
}
