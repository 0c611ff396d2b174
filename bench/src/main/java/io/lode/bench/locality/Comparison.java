package io.lode.bench.locality;

import io.lode.bench.report.Document;
import io.lode.bench.report.Part;
import io.lode.bench.report.Table;
import io.lode.bench.run.Figures;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two runs beside each other. A figure has changed only when no round of one lies among the rounds
 * of the other: what overlaps may be noise.
 */
final class Comparison {
  private static final double WORTH_A_WORD = 0.03;

  private final LocalityReport before;
  private final LocalityReport after;
  private final Document document = new Document("Two runs of lode bench locality");
  private final List<String> only = new ArrayList<>();
  private final Map<Change, Integer> counts = new EnumMap<>(Change.class);

  private Comparison(LocalityReport before, LocalityReport after) {
    this.before = before;
    this.after = after;
  }

  static Document of(LocalityReport before, LocalityReport after) {
    var comparison = new Comparison(before, after);
    comparison.differences();
    for (Measure measure : Measure.values()) {
      comparison.measure(measure);
    }
    comparison.summary();
    return comparison.document;
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
    boolean isApart = after.high() < before.low() || after.low() > before.high();
    if (!isApart || Math.abs(cost - 1) < WORTH_A_WORD) {
      return Change.SAME;
    }
    return cost < 1 ? Change.BETTER : Change.WORSE;
  }

  private int count(Change change) {
    return counts.getOrDefault(change, 0);
  }

  private void summary() {
    document.add(
        new Part.Paragraph(
            "%d better, %d worse, %d the same: their rounds overlap, or differ by less than 3 %%"
                .formatted(count(Change.BETTER), count(Change.WORSE), count(Change.SAME))));
    if (!only.isEmpty()) {
      document.addHeading("In one of them only");
      document.add(Part.Bullets.of(only));
    }
  }

  /** Says what makes two runs hard to compare. */
  private void differences() {
    if (before.isEmulated() || after.isEmulated()) {
      document.addBanner("EMULATED: figures of emulated sources are not those of the medium");
    }
    var facts = new Part.Facts().add("A", dated(before)).add("B", dated(after));
    different(facts, "machine", before.provenance().cpu(), after.provenance().cpu());
    different(facts, "kernel", before.provenance().kernel(), after.provenance().kernel());
    different(facts, "JVM", before.provenance().jvm(), after.provenance().jvm());
    different(facts, "area", area(before), area(after));
    different(facts, "rounds", rounds(before), rounds(after));
    different(facts, "emulated", "" + before.isEmulated(), "" + after.isEmulated());
    document.add(facts);
  }

  private static String dated(LocalityReport report) {
    String partial = report.interrupted() == null ? "" : "  PARTIAL: " + report.interrupted();
    return report.provenance().date() + partial;
  }

  private static String area(LocalityReport report) {
    return Figures.bytes((double) report.effort().areaBytes());
  }

  private static String rounds(LocalityReport report) {
    return report.effort().rounds() + " of " + report.effort().millis() + " ms";
  }

  private static void different(Part.Facts facts, String what, String first, String second) {
    if (!first.equals(second)) {
      facts.add("differs:", "%s: %s | %s".formatted(what, first, second));
    }
  }

  private void measure(Measure measure) {
    var table = new Table("source", "from", "A", "B", "cost B/A", "<");
    boolean isAny = false;
    for (Cell cell : before.cells(measure)) {
      Cell.Point then = cell.headline();
      Optional<Cell.Point> now =
          Optional.ofNullable(then)
              .flatMap(point ->
                  after
                      .cell(cell.cpuNode(), cell.source(), measure)
                      .flatMap(other -> other.point(point.step(measure))));
      if (then != null && now.isPresent()) {
        isAny = true;
        row(table, cell, then, now.get());
      } else if (then != null) {
        missing(cell, "A");
      }
    }
    for (Cell cell : after.cells(measure)) {
      if (cell.headline() != null
          && before.headline(cell.cpuNode(), cell.source(), measure).isEmpty()) {
        missing(cell, "B");
      }
    }
    if (isAny) {
      document.addHeading(measure.title() + ", " + measure.way());
      document.add(table);
    }
  }

  private void row(Table table, Cell cell, Cell.Point then, Cell.Point now) {
    Change change = change(cell.measure(), then, now);
    counts.merge(change, 1, Integer::sum);
    double cost = cell.measure().cost(now.median(), then.median());
    table.add(
        cell.source(),
        "node " + cell.cpuNode(),
        cell.measure().figure(then.median()),
        cell.measure().figure(now.median()),
        "x" + Figures.ratio(cost),
        change.word);
  }

  private void missing(Cell cell, String where) {
    only.add(
        "%s: %s of %s from node %d"
            .formatted(where, cell.measure().title(), cell.source(), cell.cpuNode()));
  }
}
