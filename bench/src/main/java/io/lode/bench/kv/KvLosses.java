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
        if (lode.rival() != Rival.LODE || lode.nanos() == null) {
          continue;
        }
        for (Row other : section.rows()) {
          if (other.rival() == Rival.LODE
              || other.nanos() == null
              || !other.what().equals(lode.what())) {
            continue;
          }
          compared = true;
          double times = median(lode) / median(other);
          if (times > 1) {
            losses.add(
                "  "
                    + lode.what()
                    + " ("
                    + section.profile().title()
                    + "): "
                    + other.rival().title()
                    + " is "
                    + Figures.number(times)
                    + " times as fast");
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
            : "What Lode loses at here:\n" + String.join("\n", losses));
  }

  private static double median(Row row) {
    Summary nanos = Objects.requireNonNull(row.nanos());
    return nanos.median();
  }
}
