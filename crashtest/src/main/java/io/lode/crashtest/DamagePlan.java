package io.lode.crashtest;

import io.lode.crashtest.trace.Event;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * The contents to damage, and the division of the work into parts: what a program leaves behind
 * when power is lost, and after it has closed the structure.
 *
 * @param <T> the open structure
 * @param <M> the model's state
 */
final class DamagePlan<T, M> {
  private static final int BIT_PARTS = 8;

  /** There are many pairs of bits, and every checksum detects them: a fraction is enough. */
  private static final long PAIR_STEP = 7;

  private static final int PARTS_OF_LINES = 3;

  /** For each of the two contents: faults of lines, then of single bits, then of pairs of bits. */
  static final int PARTS = 2 * (PARTS_OF_LINES + BIT_PARTS + 1);

  private final Harness<T, M> harness;
  private final byte[] killed;
  private final byte[] closed;
  private final byte[] earlier;
  private final M expected;
  private final List<M> history;

  DamagePlan(Harness<T, M> harness, int[] program) {
    this.harness = harness;
    Recording<M> recording = harness.record(program, 0);
    List<Event> events = recording.events();
    killed = contentsAfter(recording, events.size());
    earlier = contentsAfter(recording, events.size() / 2);
    expected = recording.steps().getLast().returned().getFirst();
    history =
        recording.steps().reversed().stream()
            .map(step -> step.returned().getFirst())
            .filter(state -> !state.equals(expected))
            .distinct()
            .toList();
    closed = harness.closed(killed);
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

  DamageRun<T, M> run(int part, long bitStep, BooleanSupplier isOver) {
    boolean isClosed = part % 2 == 1;
    int kind = part / 2;
    DamageRun<T, M> damage =
        new DamageRun<>(harness, isClosed ? closed : killed, earlier, expected, history, isOver);
    try {
      var faults = new MediaFaults(damage);
      switch (kind) {
        case 0 -> faults.harmAlone();
        case 1 -> faults.misplace(new SplittableRandom(harness.settings().seed()), bitStep);
        case 2 -> faults.poison(bitStep);
        case PARTS / 2 - 1 -> faults.flipPairs(PAIR_STEP * bitStep);
        default -> faults.flipBits((kind - PARTS_OF_LINES) * bitStep, BIT_PARTS * bitStep);
      }
    } finally {
      damage.close();
    }
    return damage;
  }
}
