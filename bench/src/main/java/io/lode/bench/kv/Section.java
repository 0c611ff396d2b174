package io.lode.bench.kv;

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
 */
public record Section(Profile profile, List<StoreFacts> stores, List<Row> rows) {
  Optional<Row> row(Workload workload, Rival rival) {
    return rows.stream()
        .filter(row -> row.workload() == workload && row.rival() == rival)
        .filter(row -> row.nanos() != null)
        .findFirst();
  }

  Optional<StoreFacts> store(Rival rival) {
    return stores.stream().filter(store -> store.rival() == rival).findFirst();
  }
}
