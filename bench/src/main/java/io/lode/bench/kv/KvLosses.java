package io.lode.bench.kv;

import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.Figures;
import java.util.ArrayList;
import java.util.List;

/** Names what Lode loses at: every row in which a rival's median is better. */
final class KvLosses {
  private KvLosses() {}

  /** Returns a heading sentence and a line for each loss, nothing if Lode stood alone. */
  static List<String> of(KvReport report) {
    List<String> losses = new ArrayList<>();
    boolean compared = false;
    for (Section section : report.sections()) {
      for (Row lode : section.rows()) {
        if (lode.rival() == Rival.LODE && lode.isMeasured()) {
          List<Row> others =
              section.rows(lode.what()).stream()
                  .filter(row -> row.rival() != Rival.LODE && row.isMeasured())
                  .toList();
          compared |= !others.isEmpty();
          List<String> faster =
              others.stream()
                  .filter(other -> other.median() < lode.median())
                  .map(other ->
                      other.rival().title() + " " + Figures.number(lode.median() / other.median()))
                  .toList();
          if (!faster.isEmpty()) {
            losses.add(
                "%s (%s): %s"
                    .formatted(lode.what(), section.profile().title(), String.join(", ", faster)));
          }
        }
      }
    }
    if (!compared) {
      return List.of();
    }
    losses.addFirst(
        losses.isEmpty()
            ? "Lode loses at nothing that was measured here."
            : "How many times as fast as Lode others are, in what was measured here:");
    return losses;
  }
}
