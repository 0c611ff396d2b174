package io.lode.pmem;

import io.lode.probe.DifferentialProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the same cases on Debian's libpmem2 and on Lode, each in its own process. */
final class BothSides {
  private BothSides() {}

  /**
   * Returns the outcome of each case; a process that died is started again after the case that
   * killed it.
   */
  static List<String> outcomes(Path folder, String side, String forced, List<String> cases)
      throws Exception {
    List<String> outcomes = new ArrayList<>();
    while (outcomes.size() < cases.size()) {
      Path input =
          Files.write(folder.resolve("cases"), cases.subList(outcomes.size(), cases.size()));
      List<String> command =
          new ArrayList<>(ChildJvm.onClassPath("--enable-native-access=ALL-UNNAMED"));
      command.add(DifferentialProbe.class.getName());
      command.add(side);
      ChildJvm.Result result =
          ChildJvm.run(
              Map.of("PMEM2_FORCE_GRANULARITY", forced),
              List.of("sh", "-c", "exec \"$0\" \"$@\" < " + input),
              command.toArray(String[]::new));
      result.output().lines().filter(BothSides::isOutcome).forEach(outcomes::add);
      if (result.status() != 0 && outcomes.size() < cases.size()) {
        outcomes.add("died");
      }
    }
    return outcomes;
  }

  /** A JVM that is killed by a signal reports it in its own words. */
  private static boolean isOutcome(String line) {
    return !line.startsWith("#") && !line.matches("\\[[0-9.]+s\\].*");
  }

  /** Prints what was compared, for the reader and for {@code ./check pmem}. */
  static void report(String what, int cases, int differing, Map<String, Integer> allowed)
      throws IOException {
    Map<String, Integer> values = new LinkedHashMap<>();
    values.put("cases", cases);
    values.put("differing", differing);
    allowed.forEach((name, count) -> values.put("allowed: " + name, count));
    System.out.println(what + ": " + values);
    Report.write("differential, " + what, values);
  }
}
