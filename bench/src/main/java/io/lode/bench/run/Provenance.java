package io.lode.bench.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Where and when something was measured.
 *
 * @param date when the run began, UTC
 * @param kernel the operating system and its version
 * @param cpu the model as the kernel names it
 * @param cpus how many there are for this process
 * @param memoryBytes how much memory the machine has
 * @param loadAverage of the last minute when the run began: others at work make figures worse
 * @param jvm name and version
 * @param collector the garbage collector of the parent; each child's options are with its figures
 * @param sharedHugePages whether files in /dev/shm are on huge pages, in the words of its mount
 */
public record Provenance(
    String date,
    String kernel,
    String cpu,
    int cpus,
    long memoryBytes,
    double loadAverage,
    String jvm,
    String collector,
    String sharedHugePages) {
  private static final long KIB = 1024;
  private static final double QUIET = 0.5;

  /**
   * Asks this machine.
   *
   * @return what it is now
   */
  public static Provenance ofThisMachine() {
    return new Provenance(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        field("/proc/cpuinfo", "model name", System.getProperty("os.arch", "unknown")),
        Runtime.getRuntime().availableProcessors(),
        Long.parseLong(field("/proc/meminfo", "MemTotal", "0 kB").replaceAll("\\D", "")) * KIB,
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
        ManagementFactory.getGarbageCollectorMXBeans().getFirst().getName(),
        hugePages());
  }

  /** The mount decides, unless the kernel was told to deny or force them everywhere. */
  private static String hugePages() {
    String setting = lines("/sys/kernel/mm/transparent_hugepage/shmem_enabled").getFirst();
    String everywhere = setting.replaceAll(".*\\[(.*)].*", "$1");
    if (List.of("deny", "force").contains(everywhere)) {
      return everywhere;
    }
    return lines("/proc/self/mounts").stream()
        .filter(line -> line.contains(" /dev/shm "))
        .reduce((_, last) -> last)
        .filter(line -> line.contains("huge="))
        .map(line -> line.replaceAll(".*huge=(\\w+).*", "$1"))
        .orElse("never");
  }

  private static String field(String file, String name, String otherwise) {
    for (String line : lines(file)) {
      if (line.startsWith(name)) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return otherwise;
  }

  private static List<String> lines(String file) {
    try {
      List<String> lines = Files.readAllLines(Path.of(file));
      return lines.isEmpty() ? List.of("unknown") : lines;
    } catch (IOException unknown) {
      return List.of("unknown");
    }
  }

  /**
   * Returns the facts in lines of text.
   *
   * @return a few lines, each with its name first
   */
  public List<String> lines() {
    return List.of(
        "date      " + date,
        "machine   " + cpu + ", " + cpus + " CPUs, " + Figures.bytes((double) memoryBytes),
        "kernel    " + kernel + ", huge pages in /dev/shm: " + sharedHugePages,
        "JVM       " + jvm + ", " + collector,
        "load      " + Figures.number(loadAverage) + " when the run began" + noise());
  }

  private String noise() {
    return loadAverage < QUIET
        ? ""
        : ": others were at work, figures are worse and wider than alone";
  }
}
