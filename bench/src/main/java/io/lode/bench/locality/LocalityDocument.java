package io.lode.bench.locality;

import io.lode.bench.report.Curves;
import io.lode.bench.report.Document;
import io.lode.bench.report.Document.Form;
import io.lode.bench.report.Matrix;
import io.lode.bench.report.Part;
import io.lode.bench.report.Table;
import io.lode.bench.run.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.DoubleFunction;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A report of memory and sources, for people. Nothing emulated goes without that word. */
final class LocalityDocument {
  private static final String NONE = "-";

  private final LocalityReport report;
  private final Document document;
  private final boolean hasFar;

  private LocalityDocument(LocalityReport report) {
    this.report = report;
    this.document = new Document(report.title());
    this.hasFar = report.cpuNodes().size() > 1;
  }

  /** Makes the document; the text has every figure only if details are asked for. */
  static Document of(LocalityReport report, boolean details) {
    var locality = new LocalityDocument(report);
    locality.head();
    locality.sources();
    locality.verdicts();
    locality.key();
    report.measures().forEach(measure -> locality.measure(measure, details));
    locality.oracle();
    return locality.document;
  }

  /** Returns the title of a run. */
  static String title(Machine machine, List<TargetFacts> sources) {
    String all =
        "Latency and bandwidth of each memory from each node: %s, %s"
            .formatted(
                Figures.counted(sources.size(), "source"),
                Figures.counted(machine.nodesWithCpus().size(), "node"));
    return all
        + emulated(machine, sources, " machine: its times mean nothing", " persistent memory");
  }

  private static String emulated(
      Machine machine, List<TargetFacts> sources, String ofMachine, String ofSources) {
    String names =
        sources.stream()
            .filter(source -> source.emulated() != null)
            .map(TargetFacts::name)
            .collect(Collectors.joining(", "));
    return machine.emulation() != null
        ? " (EMULATED" + ofMachine + ")"
        : names.isEmpty() ? "" : " (EMULATED" + ofSources + ": " + names + ")";
  }

  private String titled(String what) {
    return what + emulated(report.machine(), report.sources(), " machine", "");
  }

  private void head() {
    if (report.interrupted() != null) {
      document.addBanner(
          "PARTIAL: " + report.interrupted() + "; what is missing was not measured.");
    }
    report.sources().stream()
        .map(TargetFacts::emulated)
        .filter(Objects::nonNull)
        .distinct()
        .forEach(why -> document.addBanner("EMULATED: " + why + "."));
    Machine machine = report.machine();
    Effort effort = report.effort();
    Part.Facts facts = report.provenance().facts();
    machine
        .nodes()
        .forEach(node ->
            facts.add(
                "node " + node.id(),
                (node.hasCpus() ? "CPUs " + node.cpus() : "no CPUs")
                    + ", "
                    + Figures.bytes((double) node.memoryBytes())));
    facts
        .add(
            "clock",
            "frequency governor: %s; huge pages of memory: %s%s"
                .formatted(
                    machine.governor(),
                    machine.hugePages(),
                    machine.virtual() ? "; a virtual machine" : ""))
        .add(
            "effort",
            "%s of %d ms per figure; %d s in all"
                .formatted(
                    Figures.counted(effort.rounds(), "round"),
                    effort.millis(),
                    Math.round(report.seconds())))
        .add(
            "placed",
            "each thread ran on its CPU: the kernel was asked %d times"
                .formatted(report.placements()));
    document.add(facts);
  }

  private void sources() {
    var facts = new Part.Facts();
    for (TargetFacts source : report.sources()) {
      facts.add(
          source.name(),
          Stream.of(
                  source.kind().title(),
                  source.path(),
                  source.device() == null ? null : "on " + source.device(),
                  source.granularity() + " granularity by " + source.flushPrimitive(),
                  source.pages().isEmpty() ? null : source.pages(),
                  "3 areas of " + Figures.bytes((double) source.areaBytes()))
              .filter(Objects::nonNull)
              .collect(Collectors.joining(", ")));
      facts.add("", "place: " + source.placedBy());
      facts.add("", "durability: " + source.durability());
    }
    document.addHeading("Sources");
    document.add(facts);
  }

  private void verdicts() {
    document.addHeading("Verdicts");
    document.add(
        new Part.Bullets(
            report.verdicts().stream()
                .map(verdict -> {
                  String grade = verdict.confidence() + " confidence";
                  return new Part.Bullets.Item(
                      verdict.text(), grade, verdict.evidence().replace(", " + grade, ""));
                })
                .toList()));
  }

  private void key() {
    document.addHeading("How to read it");
    document.add(
        new Part.Paragraph(
            "Each figure is the median of the rounds, with half of what lies between the lowest and"
                + " the highest of them."
                + (hasFar ? " Far to near: times the cost from the nearest node." : "")
                + (hasDevdax() ? " To devdax: times the cost of a devdax device as near." : "")
                + " 1 GB is 10^9 bytes. Pages are those that the kernel gave: memory on huge pages"
                + " has fewer misses of the TLB. docs/locality.md says what each figure means and"
                + " where it misleads."));
    document.add(
        new Part.Paragraph(
            "Matrices: the stronger the colour, the more it costs beside the cheapest of the"
                + " matrix. Curves: logarithmic axes, but for the load; a colour and kind of dots"
                + " for each source"
                + (hasFar ? ", dashes for nodes that are far." : ".")),
        Form.PAGE);
    List<Part.CurvesKey.Swatch> swatches = new ArrayList<>();
    forEachLine((number, source, node) ->
        swatches.add(
            new Part.CurvesKey.Swatch(
                Curves.style(number, source.rank(node)),
                source.name() + (hasFar ? " from node " + node : ""))));
    document.add(new Part.CurvesKey(swatches), Form.PAGE);
  }

  /** What curves have lines for. */
  private interface LineOf {
    void accept(int number, TargetFacts source, int node);
  }

  private void forEachLine(LineOf line) {
    for (int number = 0; number < report.sources().size(); number++) {
      TargetFacts source = report.sources().get(number);
      for (int node : source.nodesByDistance()) {
        line.accept(number, source, node);
      }
    }
  }

  private boolean hasDevdax() {
    return report.sources().stream().anyMatch(source -> source.kind() == TargetFacts.Kind.DEVDAX);
  }

  private void measure(Measure measure, boolean details) {
    Step step = headline(measure);
    document.addHeading(
        titled(capital(measure.title()) + " (" + step.detail() + "), " + measure.way()));
    document.add(new Part.Paragraph(capital(measure.meaning()) + "."), Form.PAGE, Form.MARKDOWN);
    document.add(table(measure), Form.TEXT, Form.MARKDOWN);
    List<Part.Chart> charts = new ArrayList<>(List.of(matrix(measure)));
    curves(measure, step, charts);
    document.add(new Part.Charts(charts), Form.PAGE);
    document.add(Part.Bullets.of(reasons(measure)));
    document.add(all(measure, true).folded("All figures", false), Form.PAGE);
    if (details) {
      document.add(all(measure, false), Form.TEXT);
    }
  }

  private Step headline(Measure measure) {
    int cpus =
        report.machine().nodesWithCpus().stream()
            .mapToInt(node -> node.cpuSet().size())
            .max()
            .orElse(1);
    return report.effort().headline(measure, cpus);
  }

  private Cell cell(int node, TargetFacts source, Measure measure) {
    return report.cell(node, source.name(), measure).orElseThrow();
  }

  private Table table(Measure measure) {
    var table =
        new Table(
            Stream.concat(
                    Stream.of("source"),
                    report.cpuNodes().stream().map(node -> "from node " + node))
                .toArray(String[]::new));
    for (TargetFacts source : report.sources()) {
      row(table, source.label(), node -> shown(measure, cell(node, source, measure).headline()));
      if (hasFar) {
        row(table, "  far to near", node -> far(cell(node, source, measure), source));
      }
      if (source.kind() == TargetFacts.Kind.FSDAX && hasDevdax()) {
        row(table, "  to devdax", node -> text(cell(node, source, measure).fsdaxToDevdax(), NONE));
      }
    }
    return table;
  }

  private void row(Table table, String title, IntFunction<String> cell) {
    table.add(
        Stream.concat(Stream.of(title), report.cpuNodes().stream().map(cell::apply))
            .toArray(String[]::new));
  }

  private static String shown(Measure measure, Cell.@Nullable Point point) {
    if (point == null) {
      return NONE;
    }
    String page =
        point.pageBytes() == null || point.pageBytes() == 0
            ? ""
            : ", " + Figures.bytes((double) point.pageBytes()) + " per fault";
    String beside =
        point.besideGigabytes() == null
            ? ""
            : String.format(Locale.ROOT, " at %.1f GB/s", point.besideMedian());
    return measure.figure(point.median()) + beside + page + " " + spread(point, "+-");
  }

  private static String spread(Cell.Point point, String sign) {
    return point.values().size() < 2
        ? ""
        : point.spread() > 0.995
            ? sign + ">99%"
            : String.format(Locale.ROOT, "%s%.0f%%", sign, point.spread() * 100);
  }

  private static String far(Cell cell, TargetFacts source) {
    boolean isNear = source.isNear(cell.cpuNode()) && cell.headline() != null;
    return text(cell.farToNear(), isNear ? "near" : NONE);
  }

  private static String text(@Nullable Factor factor, String otherwise) {
    return factor == null ? otherwise : factor.text();
  }

  private Matrix matrix(Measure measure) {
    return new Matrix(
        measure.title() + ": sources by nodes",
        report.cpuNodes().stream().map(node -> "from node " + node).toList(),
        report.sources().stream()
            .map(source ->
                new Matrix.Row(
                    source.name(),
                    source.pages(),
                    report.cpuNodes().stream()
                        .map(node -> matrixCell(cell(node, source, measure), source))
                        .toList()))
            .toList());
  }

  private static Matrix.Cell matrixCell(Cell cell, TargetFacts source) {
    Measure measure = cell.measure();
    Cell.Point point = cell.headline();
    String of = source.name() + " from node " + cell.cpuNode() + ": ";
    if (point == null) {
      return new Matrix.Cell(Double.NaN, "", "not possible", of + cell.unavailable());
    }
    String title =
        of
            + measure.figure(point.median())
            + String.format(Locale.ROOT, ", rounds within %.0f %%", point.spread() * 100)
            + (cell.farToNear() == null ? "" : ", far to near " + cell.farToNear().range())
            + (cell.fsdaxToDevdax() == null ? "" : ", to devdax " + cell.fsdaxToDevdax().range());
    return new Matrix.Cell(
        measure.unit().isLessBetter() ? point.median() : 1 / point.median(),
        measure.figure(point.median()),
        note(cell, source, point),
        title);
  }

  /** Returns the line below a figure: the ratios, or what else there is to say. */
  private static String note(Cell cell, TargetFacts source, Cell.Point point) {
    boolean isPaged = point.pageBytes() != null && point.pageBytes() > 0;
    boolean isNear = source.nodesByDistance().size() > 1 && source.isNear(cell.cpuNode());
    String far =
        cell.farToNear() == null
            ? isNear ? "near" : ""
            : cell.farToNear().text() + (isPaged ? "" : " far");
    String device =
        cell.fsdaxToDevdax() == null ? "" : cell.fsdaxToDevdax().text() + (isPaged ? "d" : " dev");
    String page =
        isPaged ? Figures.bytes((double) Objects.requireNonNull(point.pageBytes())) + "/fault" : "";
    String notes =
        Stream.of(far, device, page)
            .filter(one -> !one.isEmpty())
            .collect(Collectors.joining(", "));
    return notes.isEmpty() ? spread(point, "\u00b1") : notes;
  }

  private void curves(Measure measure, Step step, List<Part.Chart> to) {
    if (measure == Measure.LOADED_LATENCY) {
      DoubleFunction<String> text = value -> String.format(Locale.ROOT, "%.0f", value);
      String what = "load of the others, GB/s";
      curve(measure, what, true, (_, _) -> true, Cell.Point::besideMedian, text, to);
      return;
    }
    if (measure.isBySize() && report.effort().sizes().size() > 1) {
      String what = "by size, " + Figures.counted(step.threads(), "thread");
      // Nodes can have different numbers of CPUs: the lines are of as many as their figures.
      BiPredicate<Cell, Cell.Point> isOfAll =
          (cell, point) -> cell.headline() != null && point.threads() == cell.headline().threads();
      curve(measure, what, false, isOfAll, Cell.Point::sizeBytes, Figures::bytes, to);
    }
    boolean isByThreads =
        report.cells(measure).stream()
                .flatMap(cell -> cell.points().stream())
                .map(Cell.Point::threads)
                .distinct()
                .count()
            > 1;
    if (isByThreads) {
      String size = step.sizeBytes() == 0 ? "" : ", " + Figures.bytes(step.sizeBytes());
      BiPredicate<Cell, Cell.Point> isOfSize = (_, point) -> point.sizeBytes() == step.sizeBytes();
      String what = "by threads" + size;
      curve(measure, what, false, isOfSize, Cell.Point::threads, Figures::number, to);
    }
  }

  private void curve(
      Measure measure,
      String what,
      boolean isLinear,
      BiPredicate<Cell, Cell.Point> chosen,
      ToDoubleFunction<Cell.Point> x,
      DoubleFunction<String> xText,
      List<Part.Chart> to) {
    List<Curves.Line> lines = new ArrayList<>();
    forEachLine((number, source, node) -> {
      Cell cell = cell(node, source, measure);
      List<double[]> points =
          cell.points().stream()
              .filter(point -> chosen.test(cell, point))
              .map(point -> new double[] {x.applyAsDouble(point), point.median()})
              .toList();
      if (!points.isEmpty()) {
        String style = Curves.style(number, source.rank(node));
        lines.add(new Curves.Line(style, source.name() + " from node " + node, points));
      }
    });
    if (!lines.isEmpty()) {
      String caption = titled(measure.title() + " " + what);
      to.add(new Curves(caption, lines, isLinear, xText, measure::figure));
    }
  }

  private List<String> reasons(Measure measure) {
    Map<String, TreeSet<String>> reasons = new TreeMap<>();
    report.cells(measure).stream()
        .filter(cell -> cell.unavailable() != null)
        .forEach(cell ->
            reasons
                .computeIfAbsent(String.valueOf(cell.unavailable()), _ -> new TreeSet<>())
                .add(cell.source()));
    return reasons.entrySet().stream()
        .map(entry -> String.join(", ", entry.getValue()) + ": " + entry.getKey())
        .toList();
  }

  /** Every figure, with its quartiles where there is room. */
  private Table all(Measure measure, boolean isWide) {
    String around = isWide ? "quartiles" : "spread";
    var table = new Table("source", "node", "<figure", "median", around, "rounds");
    for (Cell cell : report.cells(measure)) {
      for (Cell.Point point : cell.points()) {
        table.add(
            cell.source(),
            Integer.toString(cell.cpuNode()),
            point.step(measure).detail(),
            measure.figure(point.median()),
            isWide ? point.summary().quartiles(measure::figure) : spread(point, "+-"),
            Integer.toString(point.values().size()));
      }
    }
    return table;
  }

  private void oracle() {
    if (report.oracle().isEmpty()) {
      return;
    }
    document.addHeading("Beside a C program that shares nothing with this one, measured in turn");
    var table = new Table("source", "node", "<measure", "threads", "here", "C", "here/C");
    for (OracleRow row : report.oracle()) {
      table.add(
          row.source(),
          Integer.toString(row.cpuNode()),
          row.measure().title(),
          Integer.toString(row.threads()),
          row.measure().figure(row.ourMedian()),
          row.measure().figure(row.theirMedian()),
          String.format(Locale.ROOT, "%.2f", row.ratio()));
    }
    document.add(table);
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
