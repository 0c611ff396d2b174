package io.lode.bench.kv;

import io.lode.bench.kv.load.Profile;
import io.lode.bench.kv.load.Workload;
import io.lode.bench.kv.store.Rival;
import java.util.List;
import java.util.Optional;

/**
 * All figures of one profile.
 *
 * @param profile what was in the stores
 * @param stores what is known of each store
 * @param rows a row for each workload and store, by workload
 * @param cleaning a row for each case and store where space is used again, empty elsewhere
 */
public record Section(
    Profile profile, List<StoreFacts> stores, List<Row> rows, List<CleaningRow> cleaning) {
  /** Returns a row that has figures, or Lode's without cleaning. */
  Optional<CleaningRow> cleaning(Rival rival, double fill, String distribution, boolean cleans) {
    return cleaning.stream()
        .filter(row -> row.rival() == rival && row.cleans() == cleans && row.isMeasured())
        .filter(row -> row.fill() == fill && row.distribution().equals(distribution))
        .findFirst();
  }

  /** Returns a row that has figures. */
  Optional<Row> row(Workload workload, Rival rival) {
    return rows.stream()
        .filter(row -> row.workload() == workload && row.rival() == rival && row.isMeasured())
        .findFirst();
  }

  /** Returns what was done, in words, in the order of the rows. */
  List<String> kinds() {
    return rows.stream().map(Row::what).distinct().toList();
  }

  List<Row> rows(String kind) {
    return rows.stream().filter(row -> row.what().equals(kind)).toList();
  }

  String durability(Rival rival) {
    return store(rival).map(StoreFacts::durability).orElse("");
  }

  Optional<StoreFacts> store(Rival rival) {
    return stores.stream().filter(store -> store.rival() == rival).findFirst();
  }
}
