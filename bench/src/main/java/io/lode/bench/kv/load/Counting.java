package io.lode.bench.kv.load;

import io.lode.bench.kv.store.CountedLode;
import io.lode.bench.kv.store.WatchedMap;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Counts what Lode flushes and fences, in small stores. It has a process of its own: a JVM that saw
 * stores of two kinds compiles neither as well as it does where there is one.
 */
final class Counting {
  private static final int CALLS = 1000;
  private static final int ENTRIES = 4 * CALLS;
  private static final int LEAST_CALLS = 16;

  /** Above this segments would end in between: those lines are not the entries'. */
  private static final long MOST_BYTES = 16 << 20;

  private final Plan plan;

  Counting(Plan plan) {
    this.plan = plan;
  }

  /** Counts for each workload that the store can do. */
  void run(Consumer<Counted> to) {
    if (plan.data().lineBytes() * ENTRIES > MOST_BYTES) {
      return;
    }
    for (Workload workload : plan.workloads()) {
      try (var store = new CountedLode(Path.of(plan.folder()));
          var client = new Client(store.subject().session(), plan.data(), ENTRIES, 0, 1)) {
        if (client.unavailable(workload).isEmpty() && workload != Workload.SCAN) {
          to.accept(new Counted(workload, count(workload, client, store.map())));
        }
      }
    }
  }

  private Costs count(Workload workload, Client client, WatchedMap map) {
    new Filling(plan.data(), client.session()).fill(ENTRIES);
    long fences = map.fences();
    long lines = map.lines();
    long repeated = map.repeatedLines();
    // So few that all stay in one segment: taking another one has a budget of its own.
    int calls = Math.max(LEAST_CALLS, CALLS / workload.entriesPerCall());
    for (int call = 0; call < calls; call++) {
      client.call(workload);
    }
    double entries = (double) calls * workload.entriesPerCall();
    return new Costs(
        (map.fences() - fences) / entries,
        (map.lines() - lines) / entries,
        map.repeatedLines() - repeated);
  }
}
