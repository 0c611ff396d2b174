package io.lode.crashtest;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What a run tried and found.
 *
 * @param model what a crash could leave behind
 * @param seed where random choices started
 * @param exhaustive whether every state was tried at every crash point of every program
 * @param diffMode whether stores were only found by comparing memory at each flush and fence, so
 *     that their order within a line is not known and not every state was tried
 * @param programs how many programs ran
 * @param crashPoints at how many points they were crashed
 * @param sampledPoints at how many of those there were more states than were tried
 * @param cutShortPoints at how many of those time ran out
 * @param mostStates the most states that there were at one point; {@link Long#MAX_VALUE} stands for
 *     that many or more
 * @param images how many crash images were recovered
 * @param nestedImages how many images of crashes inside a recovery were recovered besides
 * @param opens how often the structure was opened in all
 * @param schedules how many orders of what several threads did were tried
 * @param violationCount how many crashes broke a promise
 * @param violations the first of them
 * @param findings what the linter saw
 * @param costs what each operation spent on durability; several entries for one that varies
 * @param mutants how many faults were planted
 * @param mutantsCaught how many of them were noticed
 * @param mutantResults each of them
 * @param outcomes how the structure answered damaged memory, empty if none was tried
 * @param kills how many times a process was killed
 * @param fuzz how many generated inputs were opened
 * @param nanos how long it took
 */
public record Report(
    PersistencyModel model,
    long seed,
    boolean exhaustive,
    boolean diffMode,
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

  /**
   * Returns how many wrong answers damaged memory gave without a word.
   *
   * @return the count; to be 0
   */
  public long silent() {
    return outcomes.getOrDefault(Outcome.SILENT, 0L);
  }

  /**
   * Tells whether no promise was broken, no planted fault went unnoticed and no answer was wrong.
   *
   * @return true if all is well; findings of the linter that cost only speed do not count
   */
  public boolean isSound() {
    return violationCount == 0
        && mutants == mutantsCaught
        && silent() == 0
        && findings.stream().noneMatch(Finding::isSerious);
  }

  /**
   * Writes the figures for programs.
   *
   * @return one JSON object
   */
  public String json() {
    return "{\"model\":\"%s\",\"seed\":%d,\"images\":%d,\"nestedImages\":%d,\"violations\":%d,\"mutants\":%d,\"mutantsCaught\":%d,\"silent\":%d,\"kills\":%d,\"fuzz\":%d,\"programs\":%d,\"crashPoints\":%d,\"sampledPoints\":%d,\"cutShortPoints\":%d,\"exhaustive\":%b,\"diffMode\":%b,\"seconds\":%.1f}"
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
            nanos / 1e9);
  }

  /**
   * Adds up several runs for programs.
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
   * Tells in a few lines what was tried, what was not, and what came of it.
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
    }
    text.append("%,d violations%n".formatted(violationCount));
    violations.forEach(violation -> text.append(violation).append('\n'));
    findings.forEach(finding -> text.append(finding).append('\n'));
    if (mutants > 0) {
      text.append("%d of %d planted faults noticed%n".formatted(mutantsCaught, mutants));
    }
    mutantResults.stream()
        .filter(result -> !result.caught())
        .forEach(result -> text.append("not noticed: ").append(result.name()).append('\n'));
    if (schedules > 0) {
      text.append("%,d schedules of threads%n".formatted(schedules));
    }
    if (!outcomes.isEmpty()) {
      text.append("damage: ").append(outcomeText()).append('\n');
    }
    return text.toString();
  }

  private String coverage() {
    if (exhaustive) {
      return "exhaustive: every state at every crash point";
    }
    return "not exhaustive: %,d of %,d crash points sampled, the largest with %s states%s"
        .formatted(
            sampledPoints,
            crashPoints,
            mostStates == Long.MAX_VALUE ? "more than 9e18" : "%,d".formatted(mostStates),
            cutShortPoints == 0 ? "" : "; %,d cut short by time".formatted(cutShortPoints));
  }

  private String outcomeText() {
    return Arrays.stream(Outcome.values())
        .map(outcome -> outcomes.getOrDefault(outcome, 0L) + " " + outcome)
        .collect(Collectors.joining(", "));
  }
}
