package io.lode.bench.locality;

import io.lode.bench.run.Figures;
import io.lode.bench.run.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two runs beside each other. A figure has changed only when no round of one lies among the rounds
 * of the other: what overlaps may be noise.
 */
final class Comparison {
  private static final double WORTH_A_WORD = 0.03;

  private final LocalityReport before;
  private final LocalityReport after;
  private final StringBuilder text = new StringBuilder();
  private final List<String> only = new ArrayList<>();
  private int better;
  private int worse;
  private int same;

  private Comparison(LocalityReport before, LocalityReport after) {
    this.before = before;
    this.after = after;
  }

  static String of(LocalityReport before, LocalityReport after) {
    var comparison = new Comparison(before, after);
    comparison.write();
    return comparison.text.toString();
  }

  /** How a figure of one run stands to that of the other. */
  enum Change {
    BETTER("better"),
    WORSE("WORSE"),
    SAME("same");

    private final String word;

    Change(String word) {
      this.word = word;
    }
  }

  static Change change(Measure measure, Cell.Point before, Cell.Point after) {
    double cost = measure.cost(after.median(), before.median());
    boolean isApart = max(after) < min(before) || min(after) > max(before);
    if (!isApart || Math.abs(cost - 1) < WORTH_A_WORD) {
      return Change.SAME;
    }
    return cost < 1 ? Change.BETTER : Change.WORSE;
  }

  private static double min(Cell.Point point) {
    return point.values().stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  private static double max(Cell.Point point) {
    return point.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  private void write() {
    differences();
    for (Measure measure : Measure.values()) {
      measure(measure);
    }
    text.append('\n').append(better).append(" better, ").append(worse).append(" worse, ");
    text.append(same).append(" the same: their rounds overlap, or differ by less than 3 %\n");
    if (!only.isEmpty()) {
      text.append("\nIn one of them only:\n");
      only.forEach(line -> text.append("  ").append(line).append('\n'));
    }
  }

  /** What makes two runs hard to compare. */
  private void differences() {
    line("A", before.provenance().date(), partial(before));
    line("B", after.provenance().date(), partial(after));
    different("machine", before.provenance().cpu(), after.provenance().cpu());
    different("kernel", before.provenance().kernel(), after.provenance().kernel());
    different("JVM", before.provenance().jvm(), after.provenance().jvm());
    different("area", area(before), area(after));
    different("rounds", rounds(before), rounds(after));
    different("emulated", "" + before.isEmulated(), "" + after.isEmulated());
    if (before.isEmulated() || after.isEmulated()) {
      text.append("EMULATED: figures of emulated sources are not those of the medium\n");
    }
  }

  private static String partial(LocalityReport report) {
    return report.interrupted() == null ? "" : "PARTIAL: " + report.interrupted();
  }

  private static String area(LocalityReport report) {
    return Figures.bytes((double) report.effort().areaBytes());
  }

  private static String rounds(LocalityReport report) {
    return report.effort().rounds() + " of " + report.effort().millis() + " ms";
  }

  private void line(String name, String value, String more) {
    text.append(name).append("  ").append(value);
    text.append(more.isEmpty() ? "" : "  " + more).append('\n');
  }

  private void different(String what, String first, String second) {
    if (!first.equals(second)) {
      text.append("differs: ").append(what).append(": ").append(first).append(" | ");
      text.append(second).append('\n');
    }
  }

  private void measure(Measure measure) {
    var table = new TextTable("source", "from", "A", "B", "cost B/A", "<");
    boolean isAny = false;
    for (Cell cell : before.cells()) {
      if (cell.measure() != measure) {
        continue;
      }
      Optional<Cell.Point> now =
          Optional.ofNullable(cell.headline())
              .flatMap(point ->
                  after
                      .cell(cell.cpuNode(), cell.source(), measure)
                      .flatMap(other -> other.point(point.step(measure))));
      if (now.isEmpty()) {
        missing(cell, cell.headline() != null, "A");
        continue;
      }
      isAny = true;
      row(table, cell, now.get());
    }
    for (Cell cell : after.cells()) {
      if (cell.measure() == measure
          && cell.headline() != null
          && before.headline(cell.cpuNode(), cell.source(), measure).isEmpty()) {
        missing(cell, true, "B");
      }
    }
    if (isAny) {
      String way = measure.unit().isLessBetter() ? "less is better" : "more is better";
      text.append('\n').append(measure.title()).append(", ").append(way).append('\n');
      text.append(table.text());
    }
  }

  private void row(TextTable table, Cell cell, Cell.Point now) {
    Cell.Point then = java.util.Objects.requireNonNull(cell.headline());
    Change change = change(cell.measure(), then, now);
    switch (change) {
      case BETTER -> better++;
      case WORSE -> worse++;
      case SAME -> same++;
    }
    Factor factor = Factor.of(List.of(cell.measure().cost(now.median(), then.median())));
    table.add(
        cell.source(),
        "node " + cell.cpuNode(),
        cell.measure().figure(then.median()),
        cell.measure().figure(now.median()),
        factor.text(),
        change.word);
  }

  private void missing(Cell cell, boolean isThere, String where) {
    if (isThere) {
      only.add(
          where
              + ": "
              + cell.measure().title()
              + " of "
              + cell.source()
              + " from node "
              + cell.cpuNode());
    }
  }
}
