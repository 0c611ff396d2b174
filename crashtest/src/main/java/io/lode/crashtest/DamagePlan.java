package io.lode.crashtest;

import io.lode.crashtest.trace.Event;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The contents to harm, and in which parts the work is done: what a program leaves behind when the
 * power goes, and when it has closed the structure.
 *
 * @param <T> the open structure
 * @param <M> the model's state
 */
final class DamagePlan<T, M> {
  private static final int BIT_PARTS = 8;

  /** For each of the two contents: parts of the bits, one for lines, one for pages. */
  static final int PARTS = 2 * (BIT_PARTS + 2);

  private final Bench<T, M> bench;
  private final byte[] killed;
  private final byte[] closed;
  private final byte[] earlier;
  private final M expected;
  private final M beforeLast;

  DamagePlan(Bench<T, M> bench, int[] program) {
    this.bench = bench;
    Recording<M> recording = bench.record(program, 0);
    List<Event> events = recording.events();
    killed = contentsAfter(recording, events.size());
    earlier = contentsAfter(recording, events.size() / 2);
    expected = recording.steps().getLast().returned().getFirst();
    beforeLast =
        recording.steps().reversed().stream()
            .map(step -> step.returned().getFirst())
            .filter(state -> !state.equals(expected))
            .findFirst()
            .orElse(expected);
    closed = bench.closed(killed);
  }

  private byte[] contentsAfter(Recording<M> recording, int eventCount) {
    PendingStores memory = new PendingStores(PersistencyModel.ADR, recording.start());
    for (Event event : recording.events().subList(0, eventCount)) {
      if (event instanceof Event.Store store) {
        memory.store(store);
      }
    }
    return memory.contents().clone();
  }

  Damage<T, M> run(int part, long bitStep) {
    boolean isClosed = part % 2 == 1;
    int kind = part / 2;
    Damage<T, M> damage =
        new Damage<>(bench, isClosed ? closed : killed, earlier, expected, beforeLast);
    try {
      if (kind < BIT_PARTS) {
        damage.flipBits(kind * bitStep, BIT_PARTS * bitStep);
      } else if (kind == BIT_PARTS) {
        damage.harmLines(new SplittableRandom(bench.settings().seed()));
      } else {
        damage.poisonPages();
      }
    } finally {
      damage.close();
    }
    return damage;
  }
}
