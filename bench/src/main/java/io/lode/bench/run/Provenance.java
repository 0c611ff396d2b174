package io.lode.bench.run;

import io.lode.bench.report.Part.Facts;
import java.lang.management.ManagementFactory;
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

  /** Asks this machine. */
  public static Provenance ofThisMachine() {
    return new Provenance(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        SystemFiles.field(Path.of("/proc/cpuinfo"), "model name")
            .orElse(System.getProperty("os.arch", "unknown")),
        Runtime.getRuntime().availableProcessors(),
        SystemFiles.field(Path.of("/proc/meminfo"), "MemTotal")
            .map(total -> Long.parseLong(total.replaceAll("\\D", "")) * KIB)
            .orElse(0L),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
        ManagementFactory.getGarbageCollectorMXBeans().getFirst().getName(),
        sharedHugePagesOfThisMachine());
  }

  /** The mount decides, unless the kernel was told to deny or force them everywhere. */
  private static String sharedHugePagesOfThisMachine() {
    String everywhere =
        SystemFiles.chosen(Path.of("/sys/kernel/mm/transparent_hugepage/shmem_enabled"));
    if (List.of("deny", "force").contains(everywhere)) {
      return everywhere;
    }
    return SystemFiles.lines(Path.of("/proc/self/mounts")).stream()
        .filter(line -> line.contains(" /dev/shm "))
        .reduce((_, last) -> last)
        .filter(line -> line.contains("huge="))
        .map(line -> line.replaceAll(".*huge=(\\w+).*", "$1"))
        .orElse("never");
  }

  /** Returns the head of a report. */
  public Facts facts() {
    String noise =
        loadAverage < QUIET ? "" : ": others were at work, figures are worse and wider than alone";
    return new Facts()
        .add("date", date)
        .add("machine", "%s, %d CPUs, %s".formatted(cpu, cpus, Figures.bytes((double) memoryBytes)))
        .add("kernel", kernel + ", huge pages in /dev/shm: " + sharedHugePages)
        .add("JVM", jvm + ", " + collector)
        .add("load", Figures.number(loadAverage) + " when the run began" + noise);
  }
}
