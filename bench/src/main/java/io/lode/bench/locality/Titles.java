package io.lode.bench.locality;

import java.util.List;
import java.util.Objects;

/** What reports and charts are called: nothing that was emulated goes without that word. */
final class Titles {
  private static final String EMULATED = "EMULATED";

  private Titles() {}

  /** The title of a run. */
  static String of(Machine machine, List<TargetFacts> sources) {
    String all =
        "What memory costs from where: "
            + counted(sources.size(), "source")
            + " from "
            + counted(machine.nodesWithCpus().size(), "node");
    if (machine.emulation() != null) {
      return all + " (" + EMULATED + " machine: its times mean nothing)";
    }
    List<String> emulated =
        sources.stream()
            .filter(source -> source.emulated() != null)
            .map(TargetFacts::name)
            .toList();
    return emulated.isEmpty()
        ? all
        : all + " (" + EMULATED + " persistent memory: " + String.join(", ", emulated) + ")";
  }

  /** The title of a chart of a measure of some sources. */
  static String ofChart(LocalityReport report, String what, List<TargetFacts> sources) {
    if (report.machine().emulation() != null) {
      return what + " (" + EMULATED + " machine)";
    }
    List<String> emulated =
        sources.stream()
            .filter(source -> Objects.nonNull(source.emulated()))
            .map(TargetFacts::name)
            .toList();
    return emulated.isEmpty()
        ? what
        : what + " (" + EMULATED + ": " + String.join(", ", emulated) + ")";
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
