package io.lode.crashtest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * A report of what a run tried and found.
 *
 * @param model what a crash could leave behind
 * @param seed the seed of random choices
 * @param exhaustive whether every state was tried at every crash point of every program of the
 *     {@code scope}, and nothing was invisible: no operation was refused every time, and no view of
 *     the memory was taken that is not observed. Crashes of a recovery are always a sample.
 * @param diffMode whether stores were found only by comparing memory at each flush and fence, so
 *     that their order within a line is unknown and not every state was tried
 * @param scope the programs that were asked for, for example "all 21 programs of up to 2
 *     operations", empty if none
 * @param unreached the places in the loaded code that store, flush or fence and that no program
 *     reached: nothing is known of them
 * @param hasStores whether any store into the memory was seen while programs ran
 * @param programs the number of programs that ran
 * @param crashPoints the number of points at which they were crashed
 * @param sampledPoints the number of those points with more states than were tried
 * @param cutShortPoints the number of those points at which time ran out
 * @param mostStates the largest number of states at one point; {@link Long#MAX_VALUE} stands for
 *     that many or more
 * @param images the number of crash images that were recovered
 * @param nestedImages the number of images of crashes inside a recovery that were recovered in
 *     addition
 * @param opens the total number of times the structure was opened
 * @param schedules the number of thread schedules that were tried
 * @param violationCount the number of crashes that broke a promise
 * @param violations the one with the smallest program of each kind, by promise and place
 * @param findings the findings of the linter
 * @param costs the cost of durability of each operation; several entries for an operation whose
 *     cost varies
 * @param mutants the number of faults that were planted
 * @param mutantsCaught the number of those that were detected
 * @param mutantResults the result of each
 * @param outcomes the reactions of the structure to damaged memory, empty if none was tried
 * @param kills the number of times a process was killed
 * @param fuzz the number of generated inputs that were opened
 * @param nanos the duration of the run in nanoseconds
 */
public record Report(
    PersistencyModel model,
    long seed,
    boolean exhaustive,
    boolean diffMode,
    String scope,
    List<String> unreached,
    boolean hasStores,
    long programs,
    long crashPoints,
    long sampledPoints,
    long cutShortPoints,
    long mostStates,
    long images,
    long nestedImages,
    long opens,
    long schedules,
    long violationCount,
    List<Violation> violations,
    List<Finding> findings,
    List<OperationCost> costs,
    long mutants,
    long mutantsCaught,
    List<MutantResult> mutantResults,
    Map<Outcome, Long> outcomes,
    long kills,
    long fuzz,
    long nanos) {

  /** How many places that were not reached are printed. */
  private static final int PRINTED_PLACES = 5;

  /**
   * Returns the number of silent wrong answers from damaged memory.
   *
   * @return the count, which should be 0
   */
  public long silent() {
    return outcomes.getOrDefault(Outcome.SILENT, 0L);
  }

  /**
   * Tells whether no promise was broken, no planted fault went undetected and no answer was wrong.
   *
   * @return true if so; findings of the linter that cost only speed do not count
   */
  public boolean isSound() {
    return violationCount == 0
        && mutants == mutantsCaught
        && silent() == 0
        && findings.stream().noneMatch(Finding::isSerious);
  }

  /**
   * Returns the figures in machine-readable form.
   *
   * @return one JSON object
   */
  public String json() {
    return "{\"model\":\"%s\",\"seed\":%d,\"images\":%d,\"nestedImages\":%d,\"violations\":%d,\"mutants\":%d,\"mutantsCaught\":%d,\"silent\":%d,\"kills\":%d,\"fuzz\":%d,\"programs\":%d,\"crashPoints\":%d,\"sampledPoints\":%d,\"cutShortPoints\":%d,\"exhaustive\":%b,\"diffMode\":%b,\"scope\":\"%s\",\"unreached\":%d,\"seconds\":%.1f}"
        .formatted(
            model,
            seed,
            images,
            nestedImages,
            violationCount,
            mutants,
            mutantsCaught,
            silent(),
            kills,
            fuzz,
            programs,
            crashPoints,
            sampledPoints,
            cutShortPoints,
            exhaustive,
            diffMode,
            scope,
            unreached.size(),
            nanos / 1e9);
  }

  /**
   * Adds up several runs in machine-readable form.
   *
   * @param reports the runs
   * @return one JSON object with the sums, and {@code runs} with each of them
   */
  public static String json(List<Report> reports) {
    return "{\"images\":%d,\"nestedImages\":%d,\"violations\":%d,\"mutants\":%d,\"mutantsCaught\":%d,\"silent\":%d,\"kills\":%d,\"fuzz\":%d,\"seconds\":%.1f,\"runs\":[%s]}"
        .formatted(
            sum(reports, Report::images),
            sum(reports, Report::nestedImages),
            sum(reports, Report::violationCount),
            sum(reports, Report::mutants),
            sum(reports, Report::mutantsCaught),
            sum(reports, Report::silent),
            sum(reports, Report::kills),
            sum(reports, Report::fuzz),
            sum(reports, Report::nanos) / 1e9,
            reports.stream().map(Report::json).collect(Collectors.joining(",\n")));
  }

  private static long sum(List<Report> reports, ToLongFunction<Report> figure) {
    return reports.stream().mapToLong(figure).sum();
  }

  /**
   * Returns a few lines on what was tried, what was not, and the results.
   *
   * @return the text
   */
  public String summary() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s%s: %,d programs, %,d crash points, %,d images and %,d of crashes in recovery in %.1f s, seed %d%n"
            .formatted(
                model,
                diffMode ? ", diff mode: not exhaustive" : "",
                programs,
                crashPoints,
                images,
                nestedImages,
                nanos / 1e9,
                seed));
    if (crashPoints > 0) {
      text.append(coverage()).append('\n');
      text.append(gaps());
    }
    text.append("%,d violations%n".formatted(violationCount));
    violations.forEach(violation -> text.append(violation).append('\n'));
    findings.forEach(finding -> text.append(finding).append('\n'));
    if (mutants > 0) {
      text.append("%d of %d planted faults detected%n".formatted(mutantsCaught, mutants));
    }
    mutantResults.stream()
        .filter(result -> !result.caught())
        .forEach(result -> text.append("not detected: ").append(result.name()).append('\n'));
    if (schedules > 0) {
      text.append("%,d schedules of threads%n".formatted(schedules));
    }
    if (!outcomes.isEmpty()) {
      text.append("damage: ").append(outcomeText()).append('\n');
    }
    return text.toString();
  }

  private String coverage() {
    String of = scope.isEmpty() ? "every program" : scope;
    if (exhaustive) {
      return "exhaustive: every state at every crash point of "
          + of
          + "; crashes of a recovery sampled";
    }
    List<String> reasons = new ArrayList<>();
    if (!hasStores) {
      reasons.add("no store was seen");
    }
    if (violationCount > 0) {
      reasons.add("a program ends with its first violation");
    }
    if (sampledPoints > 0) {
      reasons.add(
          "%,d of %,d crash points sampled, the largest with %s states"
              .formatted(
                  sampledPoints,
                  crashPoints,
                  mostStates == Long.MAX_VALUE ? "more than 9e18" : "%,d".formatted(mostStates)));
    }
    if (cutShortPoints > 0) {
      reasons.add("%,d crash points cut short by time".formatted(cutShortPoints));
    }
    String why = reasons.isEmpty() ? "" : ": " + String.join("; ", reasons);
    return "not exhaustive, of " + of + why;
  }

  private String gaps() {
    if (unreached.isEmpty()) {
      return "";
    }
    String more =
        unreached.size() <= PRINTED_PLACES
            ? ""
            : " and %,d more".formatted(unreached.size() - PRINTED_PLACES);
    return "no program reached "
        + unreached.stream().limit(PRINTED_PLACES).collect(Collectors.joining(", "))
        + more
        + ": longer programs may (sequences, random)\n";
  }

  private String outcomeText() {
    return Arrays.stream(Outcome.values())
        .map(outcome -> outcomes.getOrDefault(outcome, 0L) + " " + outcome)
        .collect(Collectors.joining(", "));
  }
}
