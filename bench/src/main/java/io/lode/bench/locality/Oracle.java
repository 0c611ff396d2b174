package io.lode.bench.locality;

import io.lode.bench.run.CompiledProgram;
import io.lode.bench.run.RandomCycle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A C program that measures the memory of nodes as this benchmark does, and shares nothing with it:
 * its own threads, placement, memory, loops and clock. It runs right after each figure that it has
 * too.
 */
final class Oracle implements AutoCloseable {
  private final CompiledProgram program;
  private final Map<String, OracleRow> rows = new LinkedHashMap<>();

  private Oracle(CompiledProgram program) {
    this.program = program;
  }

  static Oracle compile() throws IOException {
    return new Oracle(
        CompiledProgram.compile(Oracle.class, List.of("locality.c"), List.of("-lpthread")));
  }

  /** Measures the same, if it can. */
  void measureBeside(PlacedCrew crew, Target target, Step step, Figure figure, Effort effort) {
    String kind = kind(step, effort);
    if (target.facts().kind() != TargetFacts.Kind.DRAM || kind.isEmpty()) {
      return;
    }
    Stream<Object> arguments =
        Stream.of(
            kind,
            Objects.requireNonNull(target.facts().memoryNode()),
            target.facts().areaBytes(),
            Math.max(step.sizeBytes(), RandomCycle.LINE_BYTES),
            effort.warmUpMillis(),
            effort.millis());
    double theirs =
        program
            .run(
                Stream.concat(arguments, crew.cpus().stream().limit(step.threads()))
                    .map(String::valueOf)
                    .toList())
            .getFirst();
    var row =
        rows.computeIfAbsent(
            crew.node() + " " + target.facts().name() + " " + step,
            _ ->
                new OracleRow(
                    crew.node(),
                    target.facts().name(),
                    step.measure(),
                    step.threads(),
                    new ArrayList<>(),
                    new ArrayList<>()));
    row.ours().add(figure.value());
    row.theirs().add(theirs);
  }

  private static String kind(Step step, Effort effort) {
    boolean isLargest = step.sizeBytes() == effort.sizes().getLast();
    return switch (step.measure()) {
      case READ_LATENCY -> "latency";
      case READ_SEQUENTIAL -> isLargest ? "read" : "";
      case WRITE_SEQUENTIAL -> isLargest ? "write" : "";
      default -> "";
    };
  }

  List<OracleRow> rows() {
    return List.copyOf(rows.values());
  }

  @Override
  public void close() {
    program.close();
  }
}
