package io.lode.pmem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lines of a name and a number, which {@code ./check pmem} sums up. */
final class Report {
  private static final Path FOLDER = Path.of("target", "reports", "pmem");

  private Report() {}

  /** Writes one report, where the tests run in the module's folder: not in the testbed. */
  static void write(String name, Map<String, ? extends Number> values) throws IOException {
    if (!Files.isDirectory(Path.of("src"))) {
      return;
    }
    List<String> lines =
        values.entrySet().stream().map(e -> e.getValue() + "\t" + e.getKey()).toList();
    Files.write(Files.createDirectories(FOLDER).resolve(name), lines);
  }

  /** Reads lines of a name and a number. */
  static Map<String, Long> values(String lines) {
    Map<String, Long> values = new LinkedHashMap<>();
    for (String line : lines.lines().toList()) {
      int space = line.lastIndexOf(' ');
      values.put(line.substring(0, space), Long.valueOf(line.substring(space + 1)));
    }
    return values;
  }
}
