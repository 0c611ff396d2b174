package io.lode.bench.locality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How large the pages are that the kernel really maps. It does not tell for every kind of memory:
 * so the faults of the thread are counted that touches it.
 */
final class PageFaults {
  private static final Path STATUS = Path.of("/proc/thread-self/stat");
  private static final Path MAPPINGS = Path.of("/proc/self/smaps");

  /** Where minor faults stand behind the name of the thread, in proc(5). */
  private static final int MINOR_FAULTS = 7;

  private PageFaults() {}

  /** Returns the faults of the calling thread so far that needed no input. */
  static long ofThisThread() {
    try {
      String status = Files.readString(STATUS);
      String[] fields = status.substring(status.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[MINOR_FAULTS]);
    } catch (IOException | RuntimeException unknown) {
      return 0;
    }
  }

  /**
   * Returns how much a fault mapped: a power of two from 4 KiB to 1 GiB, 0 if there were none.
   *
   * @param touchedBytes how much was touched for the first time
   * @param faults how many there were; a few of them are the JVM's own
   */
  static long pageBytes(long touchedBytes, long faults) {
    if (faults <= 0) {
      return 0;
    }
    double bytes = (double) touchedBytes / faults;
    long page = 4096;
    // The JVM's own faults make a page look smaller, never larger.
    while (page < 1 << 30 && bytes > page * 1.05) {
      page *= 2;
    }
    return page;
  }

  /** Returns what the kernel tells of the mapping at an address, for those who want to compare. */
  static String told(long address) {
    try (Stream<String> lines = Files.lines(MAPPINGS)) {
      List<String> own =
          lines
              .dropWhile(line -> !isOf(line, address))
              .skip(1)
              .takeWhile(PageFaults::isFact)
              .toList();
      return own.stream()
          .filter(line -> line.matches("KernelPageSize:.*|(Anon|Shmem|File)\\w*(Huge|Pmd).*"))
          .filter(line -> !line.matches(".*\\s0 kB"))
          .map(line -> line.replaceAll(":\\s+", " "))
          .collect(Collectors.joining(", "));
    } catch (IOException | RuntimeException unknown) {
      return "";
    }
  }

  private static boolean isFact(String line) {
    return Character.isUpperCase(line.charAt(0));
  }

  private static boolean isOf(String line, long address) {
    int dash = line.indexOf('-');
    int blank = line.indexOf(' ');
    if (isFact(line) || dash < 0 || blank < dash) {
      return false;
    }
    return Long.parseUnsignedLong(line.substring(0, dash), 16) <= address
        && address < Long.parseUnsignedLong(line.substring(dash + 1, blank), 16);
  }
}
