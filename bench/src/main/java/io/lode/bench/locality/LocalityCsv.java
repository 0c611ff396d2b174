package io.lode.bench.locality;

import io.lode.bench.run.Figures;
import io.lode.bench.run.Summary;
import java.util.stream.Collectors;
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
      if (cell.points().isEmpty()) {
        head(text, cell, source);
        text.append(",,,").append(cell.measure().unit().symbol()).append(",,,,,,,,,,,");
        text.append(quoted(String.valueOf(cell.unavailable()))).append('\n');
      }
      cell.points().forEach(point -> line(text, cell, source, point));
    }
    return text.toString();
  }

  private static void head(StringBuilder text, Cell cell, TargetFacts source) {
    text.append(cell.cpuNode()).append(',').append(quoted(cell.source())).append(',');
    text.append(source.kind().name().toLowerCase(java.util.Locale.ROOT)).append(',');
    text.append(source.emulated() != null).append(',').append(cell.measure().id()).append(',');
  }

  private static void line(StringBuilder text, Cell cell, TargetFacts source, Cell.Point point) {
    Summary summary = point.summary();
    boolean isHeadline = point.equals(cell.headline());
    head(text, cell, source);
    text.append(point.sizeBytes()).append(',').append(point.threads()).append(',');
    text.append(point.pauseNanos()).append(',').append(point.unit()).append(',');
    text.append(number(summary.median())).append(',').append(number(summary.low())).append(',');
    text.append(number(summary.high())).append(',').append(summary.count()).append(',');
    text.append(point.besideGigabytes() == null ? "" : number(point.besideMedian())).append(',');
    text.append(point.pageBytes() == null ? "" : point.pageBytes()).append(',');
    text.append(isHeadline).append(',');
    text.append(isHeadline ? factor(cell.farToNear()) : "").append(',');
    text.append(isHeadline ? factor(cell.fsdaxToDevdax()) : "").append(',');
    text.append(point.values().stream().map(LocalityCsv::number).collect(Collectors.joining(" ")));
    text.append(",\n");
  }

  private static String factor(@Nullable Factor factor) {
    return factor == null ? "" : number(factor.median());
  }

  private static String number(double value) {
    return Figures.number(value);
  }

  private static String quoted(String value) {
    return value.matches("[\\w:./#-]*") ? value : '"' + value.replace("\"", "\"\"") + '"';
  }
}
