package io.lode.bench.locality;

import io.lode.bench.run.Figures;
import io.lode.bench.run.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A report as text for a terminal of 80 columns. */
final class LocalityText {
  private static final int WIDTH = 80;
  private static final int NODES_A_TABLE = 4;
  private static final String NONE = "-";

  private final LocalityReport report;
  private final StringBuilder text = new StringBuilder();

  private LocalityText(LocalityReport report) {
    this.report = report;
  }

  /**
   * Writes it.
   *
   * @param details whether every figure is wanted, not only those of the matrices
   */
  static String of(LocalityReport report, boolean details) {
    var text = new LocalityText(report);
    text.head();
    text.sources();
    text.verdicts();
    report.measures().forEach(text::matrix);
    text.oracle();
    if (details) {
      report.measures().forEach(text::details);
    }
    text.notes();
    return text.text.toString();
  }

  private void head() {
    paragraph(report.title(), "");
    if (report.interrupted() != null) {
      paragraph("PARTIAL: " + report.interrupted() + "; what is missing was not measured.", "");
    }
    text.append('\n');
    report.provenance().lines().forEach(line -> fact(line.substring(0, 9), line.substring(10)));
    Machine machine = report.machine();
    for (Machine.Node node : machine.nodes()) {
      fact(
          "node " + node.id(),
          (node.hasCpus() ? "CPUs " + node.cpus() : "no CPUs")
              + ", "
              + Figures.bytes((double) node.memoryBytes()));
    }
    fact(
        "clock",
        "governor "
            + machine.governor()
            + "; huge pages of memory: "
            + machine.hugePages()
            + (machine.virtual() ? "; a virtual machine" : ""));
    Effort effort = report.effort();
    fact(
        "effort",
        effort.rounds()
            + (effort.rounds() == 1 ? " round of " : " rounds of ")
            + effort.millis()
            + " ms a figure; "
            + Math.round(report.seconds())
            + " s in all");
    fact(
        "placed",
        "threads were where they should be, " + report.placements() + " answers of the kernel");
  }

  private void sources() {
    text.append('\n');
    for (TargetFacts source : report.sources()) {
      fact(
          source.name(),
          Stream.of(
                  source.kind().title(),
                  source.path(),
                  source.device() == null ? null : "on " + source.device(),
                  source.granularity() + " by " + source.flushPrimitive(),
                  "3 areas of " + Figures.bytes((double) source.areaBytes()))
              .filter(Objects::nonNull)
              .collect(Collectors.joining(", ")));
      fact("", source.placedBy());
      fact("", "durable: survives " + source.durability());
      if (source.emulated() != null) {
        fact("", "EMULATED: " + source.emulated());
      }
    }
  }

  private void verdicts() {
    text.append("\nVerdicts\n");
    for (Verdict verdict : report.verdicts()) {
      paragraph(
          "- "
              + verdict.text()
              + " ("
              + (verdict.evidence().contains("confidence")
                  ? verdict.evidence()
                  : verdict.evidence() + ", " + verdict.confidence() + " confidence")
              + ")",
          "  ");
    }
  }

  private void matrix(Measure measure) {
    Step step = headline(measure);
    text.append('\n');
    paragraph(
        Titles.ofChart(
                report,
                measure.title()
                    + " ("
                    + step.detail()
                    + (measure.isBandwidth() ? "), more is better" : "), less is better"),
                report.sources())
            .strip(),
        "");
    text.append(matrices(measure, NODES_A_TABLE));
    reasons(measure);
  }

  private Step headline(Measure measure) {
    int cpus =
        report.machine().nodesWithCpus().stream()
            .mapToInt(node -> node.cpuSet().size())
            .max()
            .orElse(1);
    return report.effort().headline(measure, cpus);
  }

  /** Writes the matrix, in as many parts as the terminal is too narrow for. */
  private String matrices(Measure measure, int most) {
    List<Integer> nodes = report.cpuNodes();
    var parts = new StringBuilder();
    for (int from = 0; from < nodes.size(); from += most) {
      parts.append(matrix(measure, nodes.subList(from, Math.min(from + most, nodes.size()))));
    }
    boolean isNarrow = parts.toString().lines().allMatch(line -> line.length() <= WIDTH);
    return isNarrow || most == 1 ? parts.toString() : matrices(measure, most - 1);
  }

  private String matrix(Measure measure, List<Integer> nodes) {
    List<String> titles = new ArrayList<>(List.of("source"));
    nodes.forEach(node -> titles.add("from node " + node));
    var table = new TextTable(titles.toArray(String[]::new));
    for (TargetFacts source : report.sources()) {
      row(table, source.name(), nodes, node -> value(node, source, measure));
      if (report.cpuNodes().size() > 1) {
        row(table, "  far to near", nodes, node -> far(node, source, measure));
      }
      if (source.kind() == TargetFacts.Kind.FSDAX && hasDevdax()) {
        row(table, "  to devdax", nodes, node -> toDevdax(node, source, measure));
      }
    }
    return table.text();
  }

  private boolean hasDevdax() {
    return report.sources().stream().anyMatch(source -> source.kind() == TargetFacts.Kind.DEVDAX);
  }

  private static void row(
      TextTable table, String title, List<Integer> nodes, Function<Integer, String> cell) {
    List<String> cells = new ArrayList<>(List.of(title));
    nodes.forEach(node -> cells.add(cell.apply(node)));
    table.add(cells.toArray(String[]::new));
  }

  private String value(int node, TargetFacts source, Measure measure) {
    return report
        .headline(node, source.name(), measure)
        .map(point -> shown(measure, point))
        .orElse(NONE);
  }

  private static String shown(Measure measure, Cell.Point point) {
    String page =
        point.pageBytes() == null || point.pageBytes() == 0
            ? ""
            : ", " + Figures.bytes((double) point.pageBytes()) + " a fault";
    String beside =
        point.besideGigabytes() == null
            ? ""
            : String.format(Locale.ROOT, " at %.1f GB/s", point.besideMedian());
    return measure.figure(point.median()) + beside + page + spread(point);
  }

  private static String spread(Cell.Point point) {
    return point.values().size() < 2
        ? ""
        : point.spread() > 0.995
            ? " +->99%"
            : String.format(Locale.ROOT, " +-%.0f%%", point.spread() * 100);
  }

  private String far(int node, TargetFacts source, Measure measure) {
    Cell cell = report.cell(node, source.name(), measure).orElseThrow();
    Factor factor = cell.farToNear();
    if (factor != null) {
      return factor.text();
    }
    return source.isNear(node) && cell.headline() != null ? "near" : NONE;
  }

  private String toDevdax(int node, TargetFacts source, Measure measure) {
    Factor factor = report.cell(node, source.name(), measure).orElseThrow().fsdaxToDevdax();
    return factor == null ? NONE : factor.text();
  }

  private void reasons(Measure measure) {
    Map<String, List<String>> reasons = new TreeMap<>();
    report.cells().stream()
        .filter(cell -> cell.measure() == measure && cell.unavailable() != null)
        .forEach(cell -> {
          List<String> names =
              reasons.computeIfAbsent(String.valueOf(cell.unavailable()), _ -> new ArrayList<>());
          if (!names.contains(cell.source())) {
            names.add(cell.source());
          }
        });
    reasons.forEach((reason, names) -> paragraph(String.join(", ", names) + ": " + reason, "  "));
  }

  private void oracle() {
    if (report.oracle().isEmpty()) {
      return;
    }
    text.append("\nBeside a C program that shares nothing with this one, measured in turn\n");
    var table = new TextTable("source", "from", "<measure", "threads", "here", "C", "here/C");
    for (OracleRow row : report.oracle()) {
      Measure measure = row.measure();
      table.add(
          row.source(),
          "node " + row.cpuNode(),
          measure.title() + ", " + measure.unit().symbol(),
          Integer.toString(row.threads()),
          Figures.number(row.ourMedian()),
          Figures.number(row.theirMedian()),
          String.format(Locale.ROOT, "%.2f", row.ratio()));
    }
    text.append(table.text());
  }

  private void details(Measure measure) {
    if (measure == Measure.MAP || measure == Measure.FIRST_TOUCH) {
      return;
    }
    text.append("\nAll of ").append(measure.title()).append('\n');
    var table = new TextTable("source", "from", "<what", "median", "spread", "rounds");
    for (Cell cell : report.cells()) {
      if (cell.measure() == measure) {
        for (Cell.Point point : cell.points()) {
          table.add(
              cell.source(),
              "node " + cell.cpuNode(),
              point.step(measure).detail(),
              measure.figure(point.median()),
              spread(point).strip(),
              Integer.toString(point.values().size()));
        }
      }
    }
    text.append(table.text());
  }

  private void notes() {
    text.append(
        """

        Each figure: the median of the rounds, and half of what lies between the
        lowest and the highest of them. Far to near, to devdax: times the cost, of
        the same work from the nearest node, on a devdax device as near. GB: 10^9
        bytes. What each figure means and where it misleads: docs/locality.md.
        """);
    if (report.isEmulated()) {
      paragraph(
          "EMULATED sources show what works and what the instructions cost; the times of real"
              + " persistent memory are others.",
          "");
    }
  }

  private void fact(String name, String value) {
    int indent = 12;
    String first = name.length() > indent - 2 ? name + "  " : String.format("%-12s", name);
    wrap(first + value, " ".repeat(indent));
  }

  private void paragraph(String words, String indent) {
    wrap(words, indent);
  }

  private void wrap(String words, String indent) {
    String rest = words;
    while (rest.length() > WIDTH) {
      int blank = rest.lastIndexOf(' ', WIDTH);
      if (blank <= indent.length()) {
        blank = rest.indexOf(' ', WIDTH);
        if (blank < 0) {
          break;
        }
      }
      text.append(rest.substring(0, blank).stripTrailing()).append('\n');
      rest = indent + rest.substring(blank + 1);
    }
    text.append(rest.stripTrailing()).append('\n');
  }
}
