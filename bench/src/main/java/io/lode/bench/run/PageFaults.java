package io.lode.bench.run;

import io.lode.numa.Numa;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/**
 * How large the pages are that the kernel really maps. It does not tell for every kind of memory,
 * so the faults of the thread are counted that touches it.
 */
public final class PageFaults {
  /** What is touched by one store. */
  public static final long PAGE_BYTES = 4096;

  private static final Path STATUS = Path.of("/proc/thread-self/stat");
  private static final Path MAPPINGS = Path.of("/proc/self/smaps");
  private static final long PROBE_BYTES = 16 << 20;
  private static final long LEAST_HUGE_BYTES = 2 << 20;

  /** Where minor faults stand behind the name of the thread, in proc(5). */
  private static final int MINOR_FAULTS = 7;

  private PageFaults() {}

  /** Returns the page size that a mapping of a file of at least 16 MiB gets. */
  public static long pageBytesOf(Path file) {
    return pageBytesOf(bytes -> RawMap.of(file, 0, bytes, Arena.ofConfined()), PROBE_BYTES);
  }

  /** Returns the page size that new mappings get, of which one of some bytes is touched. */
  public static long pageBytesOf(LongFunction<RawMap> fresh, long bytes) {
    long page = 0;
    // The first time is for the JVM, whose own faults would be counted as the memory's.
    for (int time = 0; time < 2; time++) {
      try (RawMap map = fresh.apply(bytes)) {
        long before = ofThisThread();
        touch(map.segment(), 0, map.segment().byteSize());
        page = pageBytes(map.segment().byteSize(), ofThisThread() - before);
      }
    }
    // A fault may map many small pages of one large folio: that is no larger page.
    return page == 0 || page >= LEAST_HUGE_BYTES ? page : Numa.pageSizeBytes();
  }

  /** Stores a byte to each page of a range. */
  public static void touch(MemorySegment memory, long from, long to) {
    for (long offset = from; offset < to; offset += PAGE_BYTES) {
      memory.set(ValueLayout.JAVA_BYTE, offset, (byte) 1);
    }
  }

  /** Returns the faults of the calling thread so far that needed no input. */
  public static long ofThisThread() {
    String status = SystemFiles.text(STATUS);
    String[] fields = status.substring(status.lastIndexOf(')') + 1).strip().split(" ", -1);
    return fields.length > MINOR_FAULTS ? Long.parseLong(fields[MINOR_FAULTS]) : 0;
  }

  /**
   * Returns how much a fault mapped: a power of two from 4 KiB to 1 GiB, 0 if there were none.
   *
   * @param touchedBytes how much was touched for the first time
   * @param faults how many there were; a few of them are the JVM's own
   */
  public static long pageBytes(long touchedBytes, long faults) {
    if (faults <= 0) {
      return 0;
    }
    double bytes = (double) touchedBytes / faults;
    long page = PAGE_BYTES;
    // The JVM's own faults make a page look smaller, never larger.
    while (page < 1 << 30 && bytes > page * 1.05) {
      page *= 2;
    }
    return page;
  }

  /** Returns the kernel's account of the mapping at an address, for comparison. */
  public static String told(long address) {
    List<String> lines = SystemFiles.lines(MAPPINGS);
    return lines.stream()
        .dropWhile(line -> !isOf(line, address))
        .skip(1)
        .takeWhile(PageFaults::isFact)
        .filter(line -> line.matches("KernelPageSize:.*|(Anon|Shmem|File)\\w*(Huge|Pmd).*"))
        .filter(line -> !line.matches(".*\\s0 kB"))
        .map(line -> line.replaceAll(":\\s+", " "))
        .collect(Collectors.joining(", "));
  }

  private static boolean isFact(String line) {
    return Character.isUpperCase(line.charAt(0));
  }

  private static boolean isOf(String line, long address) {
    if (isFact(line)) {
      return false;
    }
    String[] ends = line.substring(0, line.indexOf(' ')).split("-", 2);
    return Long.parseUnsignedLong(ends[0], 16) <= address
        && address < Long.parseUnsignedLong(ends[1], 16);
  }
}
