package io.lode.bench.locality;

import io.lode.bench.run.Figures;
import io.lode.bench.run.Summary;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every figure of a report in a line of its own. */
final class LocalityCsv {
  private static final String HEADER =
      "cpu_node,source,kind,emulated,measure,size_bytes,threads,pause_nanos,unit,median,low,high,"
          + "rounds,beside_gb_per_s,page_bytes,is_headline,far_to_near,fsdax_to_devdax,values,"
          + "unavailable\n";

  private LocalityCsv() {}

  static String of(LocalityReport report) {
    var text = new StringBuilder(HEADER);
    for (Cell cell : report.cells()) {
      TargetFacts source = report.source(cell.source());
      String head =
          line(
              cell.cpuNode(),
              quoted(cell.source()),
              source.kind().name().toLowerCase(Locale.ROOT),
              source.emulated() != null,
              cell.measure().id());
      if (cell.points().isEmpty()) {
        String reason = quoted(String.valueOf(cell.unavailable()));
        text.append(head).append(",,,,").append(cell.measure().unit().symbol());
        text.append(",".repeat(11)).append(reason).append('\n');
      }
      cell.points()
          .forEach(
              point -> text.append(head).append(',').append(figures(cell, point)).append(",\n"));
    }
    return text.toString();
  }

  private static String figures(Cell cell, Cell.Point point) {
    Summary summary = point.summary();
    boolean isHeadline = point.equals(cell.headline());
    return line(
        point.sizeBytes(),
        point.threads(),
        point.pauseNanos(),
        point.unit(),
        Figures.number(summary.median()),
        Figures.number(summary.low()),
        Figures.number(summary.high()),
        summary.count(),
        point.besideGigabytes() == null ? "" : Figures.number(point.besideMedian()),
        point.pageBytes() == null ? "" : point.pageBytes(),
        isHeadline,
        isHeadline ? factor(cell.farToNear()) : "",
        isHeadline ? factor(cell.fsdaxToDevdax()) : "",
        point.values().stream().map(Figures::number).collect(Collectors.joining(" ")));
  }

  private static String line(Object... values) {
    return Stream.of(values).map(String::valueOf).collect(Collectors.joining(","));
  }

  private static String factor(@Nullable Factor factor) {
    return factor == null ? "" : Figures.number(factor.median());
  }

  private static String quoted(String value) {
    return value.matches("[\\w:./#-]*") ? value : '"' + value.replace("\"", "\"\"") + '"';
  }
}
