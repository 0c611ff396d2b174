package io.lode.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The output of {@code numactl --hardware}.
 *
 * @param available the number of nodes that it reports
 * @param cpus the CPUs of each node
 * @param sizeMib the memory of each node in MiB
 * @param distances the distances from each node, in the order of the nodes
 */
record NumactlHardware(
    int available,
    Map<Integer, List<Integer>> cpus,
    Map<Integer, Long> sizeMib,
    Map<Integer, List<Integer>> distances) {

  static NumactlHardware read() throws Exception {
    ProcessRun run = ProcessRun.run(List.of("numactl", "--hardware"));
    if (run.code() != 0) {
      throw new AssertionError(run);
    }
    return parse(run.out());
  }

  private static NumactlHardware parse(String text) {
    int available = 0;
    Map<Integer, List<Integer>> cpus = new TreeMap<>();
    Map<Integer, Long> sizeMib = new TreeMap<>();
    Map<Integer, List<Integer>> distances = new TreeMap<>();
    for (String line : text.split("\n", -1)) {
      List<String> words = Arrays.asList(line.strip().split("[\\s:]+", -1));
      if (line.startsWith("available:")) {
        available = Integer.parseInt(words.get(1));
      } else if (line.matches("node \\d+ cpus:.*")) {
        cpus.put(Integer.valueOf(words.get(1)), numbers(words.subList(3, words.size())));
      } else if (line.matches("node \\d+ size:.*")) {
        sizeMib.put(Integer.valueOf(words.get(1)), Long.valueOf(words.get(3)));
      } else if (line.matches("\\s*\\d+:.*")) {
        distances.put(Integer.valueOf(words.get(0)), numbers(words.subList(1, words.size())));
      }
    }
    return new NumactlHardware(available, cpus, sizeMib, distances);
  }

  private static List<Integer> numbers(List<String> words) {
    return words.stream().filter(word -> !word.isEmpty()).map(Integer::valueOf).toList();
  }
}
