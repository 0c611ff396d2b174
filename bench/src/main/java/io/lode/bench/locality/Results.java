package io.lode.bench.locality;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gathers the figures of all rounds, and makes cells of them. */
final class Results {
  private static final String NOT_MEASURED = "not measured: the run was interrupted";

  private final Map<Key, List<Figure>> figures = new LinkedHashMap<>();

  private record Key(int cpuNode, String source, Step step) {}

  void add(int cpuNode, String source, Step step, Figure figure) {
    figures.computeIfAbsent(new Key(cpuNode, source, step), _ -> new ArrayList<>()).add(figure);
  }

  /** The values of a step so far, one of each round. */
  List<Double> values(int cpuNode, String source, Step step) {
    return figures.getOrDefault(new Key(cpuNode, source, step), List.of()).stream()
        .map(Figure::value)
        .toList();
  }

  /** Whether a step was found to be impossible: then it is not tried in every round. */
  boolean isUnavailable(int cpuNode, String source, Step step) {
    return figures.getOrDefault(new Key(cpuNode, source, step), List.of()).stream()
        .anyMatch(figure -> figure.unavailable() != null);
  }

  /** Makes a cell for each node with CPUs, source and measure. */
  List<Cell> cells(
      Machine machine, List<TargetFacts> sources, List<Measure> measures, Effort effort) {
    Map<String, Cell> cells = new LinkedHashMap<>();
    for (Machine.Node node : machine.nodesWithCpus()) {
      int cpus = node.cpuSet().size();
      for (TargetFacts source : sources) {
        for (Measure measure : measures) {
          Cell cell = cell(node.id(), source.name(), measure, effort, cpus);
          cells.put(name(node.id(), source.name(), measure), cell);
        }
      }
    }
    return cells.values().stream().map(cell -> compared(cell, cells, sources)).toList();
  }

  private static String name(int cpuNode, String source, Measure measure) {
    return cpuNode + " " + source + " " + measure;
  }

  private Cell cell(int cpuNode, String source, Measure measure, Effort effort, int cpus) {
    List<Cell.Point> points = new ArrayList<>();
    String reason = NOT_MEASURED;
    for (Step step : effort.steps(List.of(measure), cpus)) {
      List<Figure> found = figures.getOrDefault(new Key(cpuNode, source, step), List.of());
      for (Figure figure : found) {
        reason = Objects.requireNonNullElse(figure.unavailable(), reason);
      }
      List<Figure> usable = found.stream().filter(one -> one.unavailable() == null).toList();
      if (!usable.isEmpty()) {
        points.add(point(step, usable));
      }
    }
    Step wanted = effort.headline(measure, cpus);
    Cell.Point headline =
        points.stream().filter(point -> point.isOf(wanted)).findFirst().orElse(null);
    String unavailable = headline == null ? reason : null;
    return new Cell(cpuNode, source, measure, unavailable, headline, null, null, points);
  }

  private static Cell.Point point(Step step, List<Figure> found) {
    List<Double> beside =
        found.stream().map(Figure::besideGigabytes).filter(Objects::nonNull).toList();
    Figure last = found.getLast();
    return new Cell.Point(
        step.sizeBytes(),
        step.threads(),
        step.pauseNanos(),
        step.measure().unit().symbol(),
        found.stream().map(Figure::value).toList(),
        beside.isEmpty() ? null : beside,
        last.pageBytes(),
        last.told());
  }

  private static Cell compared(Cell cell, Map<String, Cell> cells, List<TargetFacts> sources) {
    TargetFacts own =
        sources.stream().filter(one -> one.name().equals(cell.source())).findFirst().orElseThrow();
    Factor farToNear =
        own.nearNodes().isEmpty() || own.rank(cell.cpuNode()) == 0
            ? null
            : factor(
                cell,
                cells.get(name(own.nodesByDistance().getFirst(), own.name(), cell.measure())));
    return new Cell(
        cell.cpuNode(),
        cell.source(),
        cell.measure(),
        cell.unavailable(),
        cell.headline(),
        farToNear,
        toDevdax(cell, own, cells, sources).orElse(null),
        cell.points());
  }

  /** Compares an fsdax file with the device that is as near to the CPUs that use it. */
  private static Optional<Factor> toDevdax(
      Cell cell, TargetFacts own, Map<String, Cell> cells, List<TargetFacts> sources) {
    if (own.kind() != TargetFacts.Kind.FSDAX) {
      return Optional.empty();
    }
    return sources.stream()
        .filter(one -> one.kind() == TargetFacts.Kind.DEVDAX)
        .findFirst()
        .map(device -> {
          int from = device.nodesByDistance().get(own.rank(cell.cpuNode()));
          return factor(cell, cells.get(name(from, device.name(), cell.measure())));
        });
  }

  private static @Nullable Factor factor(Cell cell, @Nullable Cell base) {
    if (base == null || cell.headline() == null || base.headline() == null) {
      return null;
    }
    return Factor.of(cell.measure(), cell.headline(), base.headline()).orElse(null);
  }
}
