package io.lode.numa;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's view of this process's mappings in {@code /proc/self/numa_maps}. */
final class NumaMaps {
  private NumaMaps() {}

  /** Returns the policy and the counters of the mapping that holds an address. */
  static String policyAt(long address) throws IOException {
    String found = "";
    for (String line : Files.readAllLines(Path.of("/proc/self/numa_maps"))) {
      int blank = line.indexOf(' ');
      if (Long.compareUnsigned(Long.parseUnsignedLong(line, 0, blank, 16), address) <= 0) {
        found = line.substring(blank + 1);
      }
    }
    return found;
  }
}
