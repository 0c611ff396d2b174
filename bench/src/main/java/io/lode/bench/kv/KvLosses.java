package io.lode.bench.kv;

import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.Figures;
import io.lode.bench.run.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Names what Lode loses at: every row in which a rival's median is better. */
final class KvLosses {
  private KvLosses() {}

  static Optional<String> of(KvReport report) {
    List<String> losses = new ArrayList<>();
    boolean compared = false;
    for (Section section : report.sections()) {
      for (Row lode : section.rows()) {
        if (lode.rival() == Rival.LODE && lode.nanos() != null) {
          List<Row> others = others(section, lode);
          compared |= !others.isEmpty();
          List<String> faster = faster(lode, others);
          if (!faster.isEmpty()) {
            losses.add(
                "  "
                    + lode.what()
                    + " ("
                    + section.profile().title()
                    + "): "
                    + String.join(", ", faster));
          }
        }
      }
    }
    if (!compared) {
      return Optional.empty();
    }
    return Optional.of(
        losses.isEmpty()
            ? "Lode loses at nothing that was measured here."
            : "What Lode loses at here, and how many times as fast the others are:\n"
                + String.join("\n", losses));
  }

  private static List<Row> others(Section section, Row lode) {
    return section.rows().stream()
        .filter(row -> row.rival() != Rival.LODE && row.nanos() != null)
        .filter(row -> row.what().equals(lode.what()))
        .toList();
  }

  private static List<String> faster(Row lode, List<Row> others) {
    return others.stream()
        .filter(other -> median(other) < median(lode))
        .map(other -> other.rival().title() + " " + Figures.number(median(lode) / median(other)))
        .toList();
  }

  private static double median(Row row) {
    Summary nanos = Objects.requireNonNull(row.nanos());
    return nanos.median();
  }
}
