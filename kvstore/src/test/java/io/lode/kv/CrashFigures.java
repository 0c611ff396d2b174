package io.lode.kv;

import io.lode.crashtest.FileCrashTest;
import io.lode.crashtest.Finding;
import io.lode.crashtest.Outcome;
import io.lode.crashtest.Report;
import java.util.ArrayList;
import java.util.List;

/** Adds up what the parts of a check found. */
final class CrashFigures {
  private long images;
  private long nestedImages;
  private long violations;
  private long mutants;
  private long mutantsCaught;
  private long silent;
  private long exempt;
  private long kills;
  private long fuzz;
  private long schedules;
  private long damaged;
  private final List<Part> parts = new ArrayList<>();

  /**
   * A part of the check.
   *
   * @param name what was tried
   * @param wrong what was wrong, empty if nothing
   */
  private record Part(String name, String wrong) {}

  void add(String name, Report report) {
    images += report.images();
    nestedImages += report.nestedImages();
    violations += report.violationCount();
    schedules += report.mutants() == 0 ? report.schedules() : 0;
    mutants += report.mutants();
    mutantsCaught += report.mutantsCaught();
    // What planted faults answer is not the store's.
    if (report.mutants() == 0) {
      silent += report.silent();
      exempt += report.outcomes().getOrDefault(Outcome.EXEMPT, 0L);
      damaged += report.outcomes().values().stream().mapToLong(Long::longValue).sum();
    }
    boolean isClean = report.findings().stream().allMatch(CrashFigures::isOfReuse);
    parts.add(new Part(name, report.isSound() && isClean ? "" : wrongIn(report)));
  }

  /**
   * A segment that is freed and taken into use again within one operation has its header written
   * twice: each time it must be durable before the operation goes on.
   */
  private static boolean isOfReuse(Finding finding) {
    return finding.rule() == Finding.Rule.LINE_FLUSHED_TWICE
        && finding.place().startsWith("SegmentHeaders.write:");
  }

  private static String wrongIn(Report report) {
    if (!report.violations().isEmpty()) {
      return report.violations().getFirst().what() + ", " + report.violations().getFirst().replay();
    }
    return report.mutantResults().stream()
        .filter(result -> !result.caught())
        .findFirst()
        .map(result -> "not noticed: " + result.name())
        .orElseGet(() ->
            report.findings().stream()
                .findFirst()
                .map(String::valueOf)
                .orElse("a wrong answer without a word"));
  }

  void fuzz(String name, long count, List<String> wrong) {
    fuzz += count;
    other(name, count, wrong);
  }

  void kills(String name, long count, List<String> wrong) {
    kills += count;
    other(name, count, wrong);
  }

  void files(String name, FileCrashTest.Result result) {
    images += result.images();
    other(name, result.images(), result.wrong());
  }

  void mutant(String name, boolean caught) {
    mutants++;
    mutantsCaught += caught ? 1 : 0;
    parts.add(new Part("planted: " + name, caught ? "" : "not noticed"));
  }

  private void other(String name, long count, List<String> wrong) {
    violations += wrong.size();
    String first = wrong.isEmpty() ? "" : wrong.getFirst();
    parts.add(new Part(name, count == 0 ? "nothing was tried" : first));
  }

  boolean isSound() {
    return parts.stream().allMatch(part -> part.wrong().isEmpty());
  }

  /** One JSON object. */
  String json(long seed, long nanos) {
    return ("{\"images\":%d,\"violations\":%d,\"mutants\":%d,\"mutantsCaught\":%d,\"silent\":%d,"
            + "\"kills\":%d,\"fuzz\":%d,\"nestedImages\":%d,\"schedules\":%d,\"damaged\":%d,"
            + "\"exempt\":%d,\"seed\":%d,\"seconds\":%.1f}")
        .formatted(
            images,
            violations,
            mutants,
            mutantsCaught,
            silent,
            kills,
            fuzz,
            nestedImages,
            schedules,
            damaged,
            exempt,
            seed,
            nanos / 1e9);
  }

  /** A line for people. */
  String line(long seed, long nanos) {
    return ("crash: %,d images, %,d violations, %d of %d mutants caught, %,d damaged pools with %d"
            + " silent (%,d exempt: the end of a log that was not closed), %,d kills, %,d"
            + " schedules, %,d tampered pools; %.0f s, seed %d")
        .formatted(
            images + nestedImages,
            violations,
            mutantsCaught,
            mutants,
            damaged,
            silent,
            exempt,
            kills,
            schedules,
            fuzz,
            nanos / 1e9,
            seed);
  }

  /** The parts as test results: outcome, name, message, separated by tabulators. */
  String results() {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      String message = part.wrong().replaceAll("\\s+", " ");
      text.append(part.wrong().isEmpty() ? "passed" : "failed")
          .append("\tcrash: ")
          .append(part.name())
          .append('\t')
          .append(message)
          .append("\t\n");
    }
    return text.toString();
  }
}
