package io.lode.numa.internal;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of {@code devices/system/node} and {@code devices/system/cpu}, read afresh each time.
 */
public final class NodeFiles {
  private static final String NODES = "devices/system/node/";
  private static final String CPUS = "devices/system/cpu/";
  private static final Pattern MEMINFO_LINE =
      Pattern.compile("Node \\d+ (\\S+):\\s+(\\d+)( kB)?", Pattern.MULTILINE);

  private final Sysfs sysfs;

  /** Creates a reader of {@code sysfs}. */
  public NodeFiles(Sysfs sysfs) {
    this.sysfs = sysfs;
  }

  /** Returns the ids of the existing nodes, in any state, empty on a kernel without NUMA. */
  public IdSet existing() {
    return sysfs.numbered(NODES, "node");
  }

  /** Returns a node state file, such as {@code online} or {@code has_cpu}. */
  public Optional<IdSet> state(String name) {
    return sysfs.list(NODES + name);
  }

  /** Returns a CPU state file, such as {@code online} or {@code possible}. */
  public Optional<IdSet> cpuState(String name) {
    return sysfs.list(CPUS + name);
  }

  /** Returns the online CPUs of a node. */
  public IdSet cpus(int node) {
    return sysfs.list(NODES + "node" + node + "/cpulist").orElse(IdSet.EMPTY);
  }

  /** Returns the node's memory statistics in bytes by name, such as {@code MemTotal}. */
  public Map<String, Long> memory(int node) {
    Map<String, Long> values = new TreeMap<>();
    Matcher line = MEMINFO_LINE.matcher(sysfs.text(NODES + "node" + node + "/meminfo").orElse(""));
    while (line.find()) {
      long value = Long.parseLong(line.group(2));
      values.put(line.group(1), line.group(3) == null ? value : Math.multiplyExact(value, 1024L));
    }
    return values;
  }

  /** Returns the row of distances from a node: one number per online node, by ascending id. */
  public int[] distances(int node) {
    String path = NODES + "node" + node + "/distance";
    String row = sysfs.text(path).orElse("");
    try {
      return Pattern.compile("\\s+")
          .splitAsStream(row)
          .filter(number -> !number.isEmpty())
          .mapToInt(Integer::parseInt)
          .toArray();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(sysfs.resolve(path) + ": malformed: " + row, e);
    }
  }

  /**
   * Returns the initiator nodes of a node's access class; absent when firmware does not describe
   * it.
   */
  public Optional<IdSet> initiators(int node, int accessClass) {
    String directory = access(node, accessClass);
    IdSet linked = sysfs.numbered(directory, "node");
    return linked.isEmpty() ? Optional.empty() : Optional.of(linked);
  }

  /** Returns a performance attribute of an access class, such as {@code read_latency}. */
  public OptionalLong accessAttribute(int node, int accessClass, String name) {
    return sysfs.number(access(node, accessClass) + "/" + name);
  }

  private static String access(int node, int accessClass) {
    return NODES + "node" + node + "/access" + accessClass + "/initiators";
  }
}
