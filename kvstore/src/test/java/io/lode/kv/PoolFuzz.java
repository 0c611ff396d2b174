package io.lode.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Lets {@link PoolFuzzer} work on all processors until its time is over. */
final class PoolFuzz {
  private static final int ENOUGH = 5;

  private final long seed;
  private final AtomicLong next = new AtomicLong();
  private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
  private final List<PoolFuzzer> fuzzers = Collections.synchronizedList(new ArrayList<>());

  PoolFuzz(long seed) {
    this.seed = seed;
  }

  List<String> wrong() {
    return wrong;
  }

  /** Runs; returns how many inputs were tried. */
  long run(long deadlineNanos) throws IOException {
    int threads = Runtime.getRuntime().availableProcessors();
    Parallel.count(
        Collections.nCopies(threads, seed), deadlineNanos, ignored -> work(deadlineNanos));
    return next.get();
  }

  private void work(long deadlineNanos) {
    var fuzzer = new PoolFuzzer();
    fuzzers.add(fuzzer);
    while (System.nanoTime() - deadlineNanos < 0 && wrong.size() < ENOUGH) {
      String found = fuzzer.run(seed + next.getAndIncrement());
      if (!found.isEmpty()) {
        wrong.add(found);
      }
    }
  }

  String text() {
    return "at most "
        + fuzzers.stream().mapToLong(PoolFuzzer::mostBytes).max().orElse(0)
        + " bytes allocated and "
        + fuzzers.stream().mapToLong(PoolFuzzer::mostNanos).max().orElse(0) / 1000
        + " us for one, "
        + wrong.size()
        + " wrong";
  }
}
