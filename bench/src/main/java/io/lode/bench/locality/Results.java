package io.lode.bench.locality;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The figures of all rounds, of which cells are made. */
final class Results {
  private static final String NOT_MEASURED = "not measured: the run was interrupted";

  private final Map<Key, List<Figure>> figures = new LinkedHashMap<>();
  private final Map<Place, Found> found = new LinkedHashMap<>();

  private record Key(int cpuNode, String source, Step step) {}

  private record Place(int cpuNode, String source, Measure measure) {}

  private record Found(List<Cell.Point> points, Cell.@Nullable Point headline, String whyNothing) {}

  void add(int cpuNode, String source, Step step, Figure figure) {
    figures.computeIfAbsent(new Key(cpuNode, source, step), _ -> new ArrayList<>()).add(figure);
  }

  private List<Figure> of(int cpuNode, String source, Step step) {
    return figures.getOrDefault(new Key(cpuNode, source, step), List.of());
  }

  /** Whether a step was found to be impossible: then it is not tried in every round. */
  boolean isUnavailable(int cpuNode, String source, Step step) {
    return of(cpuNode, source, step).stream().anyMatch(figure -> figure.unavailable() != null);
  }

  /** Makes a cell for each node with CPUs, source and measure. */
  List<Cell> cells(
      Machine machine, List<TargetFacts> sources, List<Measure> measures, Effort effort) {
    for (Machine.Node node : machine.nodesWithCpus()) {
      for (TargetFacts source : sources) {
        for (Measure measure : measures) {
          var place = new Place(node.id(), source.name(), measure);
          found.put(place, found(place, effort, node.cpuSet().size()));
        }
      }
    }
    return found.keySet().stream().map(place -> cell(place, sources)).toList();
  }

  private Found found(Place place, Effort effort, int cpus) {
    List<Cell.Point> points = new ArrayList<>();
    String reason = NOT_MEASURED;
    for (Step step : effort.steps(List.of(place.measure()), cpus)) {
      List<Figure> all = of(place.cpuNode(), place.source(), step);
      for (Figure figure : all) {
        reason = Objects.requireNonNullElse(figure.unavailable(), reason);
      }
      List<Figure> usable = all.stream().filter(one -> one.unavailable() == null).toList();
      if (!usable.isEmpty()) {
        points.add(point(step, usable));
      }
    }
    Step wanted = effort.headline(place.measure(), cpus);
    Cell.Point headline =
        points.stream().filter(point -> point.isOf(wanted)).findFirst().orElse(null);
    return new Found(points, headline, reason);
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

  private Cell cell(Place place, List<TargetFacts> sources) {
    Found own = Objects.requireNonNull(found.get(place));
    TargetFacts source =
        sources.stream().filter(one -> one.name().equals(place.source())).findFirst().orElseThrow();
    int rank = source.rank(place.cpuNode());
    boolean isFar = !source.nearNodes().isEmpty() && rank > 0;
    TargetFacts device =
        source.kind() != TargetFacts.Kind.FSDAX
            ? null
            : sources.stream()
                .filter(one -> one.kind() == TargetFacts.Kind.DEVDAX)
                .findFirst()
                .orElse(null);
    return new Cell(
        place.cpuNode(),
        place.source(),
        place.measure(),
        own.headline() == null ? own.whyNothing() : null,
        own.headline(),
        isFar ? factor(own, source, 0, place.measure()) : null,
        // Compared with the device that is as near to the CPUs that use it.
        device == null ? null : factor(own, device, rank, place.measure()),
        own.points());
  }

  private @Nullable Factor factor(Found own, TargetFacts base, int rank, Measure measure) {
    Found other = found.get(new Place(base.nodesByDistance().get(rank), base.name(), measure));
    if (other == null || own.headline() == null || other.headline() == null) {
      return null;
    }
    return Factor.of(measure, own.headline(), other.headline()).orElse(null);
  }
}
