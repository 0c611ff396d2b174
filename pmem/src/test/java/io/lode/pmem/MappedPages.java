package io.lode.pmem;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The pages behind a map, as the kernel gives them. */
final class MappedPages {
  private static final int MINOR_FAULTS = 9;

  private MappedPages() {}

  /**
   * Reads the entry of {@code /proc/self/smaps} that holds an address.
   *
   * @return its figures in KiB, by name
   */
  static Map<String, Long> figures(long address) throws IOException {
    Map<String, Long> figures = new HashMap<>();
    boolean here = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        String[] range = line.split("[- ]", 3);
        here =
            Long.parseUnsignedLong(range[0], 16) <= address
                && address < Long.parseUnsignedLong(range[1], 16);
      } else if (here && line.endsWith(" kB")) {
        figures.put(
            line.substring(0, line.indexOf(':')),
            Long.valueOf(line.replaceAll(".*?(\\d+) kB", "$1")));
      }
    }
    return figures;
  }

  /**
   * Loads from every page of 4 KiB and returns how many bytes each fault brought in on average.
   * Pages that were there before bring none, so the memory must not have been touched.
   */
  static long bytesPerFault(MemorySegment memory) throws IOException {
    long before = minorFaults();
    for (long offset = 0; offset < memory.byteSize(); offset += 4096) {
      memory.get(JAVA_BYTE, offset);
    }
    return memory.byteSize() / Math.max(1, minorFaults() - before);
  }

  /** Returns how much shared memory is in huge pages on the whole machine, in KiB. */
  static long hugeSharedKib() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/meminfo"))) {
      return lines
          .filter(line -> line.startsWith("ShmemHugePages:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    }
  }

  private static long minorFaults() throws IOException {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    // The second field is a name and may hold spaces: count from its end.
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    return Long.parseLong(fields.get(MINOR_FAULTS - 2));
  }
}
