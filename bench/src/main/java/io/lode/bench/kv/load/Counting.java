package io.lode.bench.kv.load;

import io.lode.bench.kv.store.Rival;
import io.lode.bench.kv.store.Session;
import io.lode.bench.kv.store.WatchedMap;
import io.lode.bench.run.ScratchMemory;
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
  private static final long STORE_BYTES = 64L << 20;

  /** Above this segments would end in between: those lines are not the entries'. */
  private static final long MOST_BYTES = 16 << 20;

  private final Dataset data;
  private final Path folder;

  Counting(Plan plan) {
    data = plan.profile().data();
    folder = Path.of(plan.folder());
  }

  /** Counts for each workload that the store can do. */
  void run(Iterable<Workload> workloads, Consumer<CostReport> to) throws Exception {
    if (data.lineBytes() * ENTRIES > MOST_BYTES) {
      return;
    }
    for (Workload workload : workloads) {
      try (var memory = ScratchMemory.in(folder, STORE_BYTES);
          var map = new WatchedMap(memory.map(), 0);
          var store = Rival.lodeOver(map);
          var session = store.session()) {
        var client = new Client(session, data, ENTRIES, 0, 1);
        if (client.unavailable(workload).isEmpty() && workload != Workload.SCAN) {
          to.accept(new CostReport(workload, count(workload, client, session, map)));
        }
      }
    }
  }

  private Costs count(Workload workload, Client client, Session session, WatchedMap map)
      throws Exception {
    new Filling(data, session).fill(ENTRIES);
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
