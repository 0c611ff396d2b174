package io.lode.bench.locality;

import io.lode.bench.run.BenchException;
import io.lode.bench.run.Json;
import io.lode.bench.run.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The results of a run.
 *
 * @param format {@link #FORMAT}
 * @param title what was measured, where from, and whether any of it is emulated
 * @param interrupted how far the run came; absent when it is whole
 * @param provenance where and when
 * @param machine what of the machine decides the figures
 * @param effort how much was measured
 * @param seconds how long it took
 * @param placements how often the kernel confirmed where a thread ran
 * @param sources what was measured
 * @param cells a figure, or the reason for none, for each node with CPUs, source and measure
 * @param verdicts what follows
 * @param oracle the same from a C program, measured in turn; empty if not asked for
 */
record LocalityReport(
    String format,
    String title,
    @Nullable String interrupted,
    Provenance provenance,
    Machine machine,
    Effort effort,
    double seconds,
    long placements,
    List<TargetFacts> sources,
    List<Cell> cells,
    List<Verdict> verdicts,
    List<OracleRow> oracle) {
  static final String FORMAT = "lode bench locality 1";

  /** Reads a file that {@code --json} wrote. */
  static LocalityReport read(Path file) {
    try {
      LocalityReport report = Json.read(Files.readString(file), LocalityReport.class);
      if (!FORMAT.equals(report.format())) {
        throw new IllegalArgumentException("its format is " + report.format());
      }
      return report;
    } catch (IOException failure) {
      throw new BenchException(BenchException.NOT_FOUND, file + " cannot be read: " + failure);
    } catch (IllegalArgumentException foreign) {
      throw new BenchException(
          BenchException.FOREIGN,
          file + " is no JSON of lode bench locality: " + foreign.getMessage());
    }
  }

  List<Cell> cells(Measure measure) {
    return cells.stream().filter(cell -> cell.measure() == measure).toList();
  }

  Optional<Cell> cell(int cpuNode, String source, Measure measure) {
    return cells(measure).stream()
        .filter(cell -> cell.cpuNode() == cpuNode && cell.source().equals(source))
        .findFirst();
  }

  Optional<Cell.Point> headline(int cpuNode, String source, Measure measure) {
    return cell(cpuNode, source, measure).map(Cell::headline);
  }

  TargetFacts source(String name) {
    return sources.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  List<Integer> cpuNodes() {
    return machine.nodesWithCpus().stream().map(Machine.Node::id).toList();
  }

  /** Returns the measures of the run, in order. */
  List<Measure> measures() {
    return cells.stream().map(Cell::measure).distinct().sorted().toList();
  }

  boolean isEmulated() {
    return sources.stream().map(TargetFacts::emulated).anyMatch(Objects::nonNull);
  }
}
