package io.lode.crashtest;

import io.lode.crashtest.trace.Event;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * The contents to harm, and in which parts the work is done: what a program leaves behind when the
 * power goes, and when it has closed the structure.
 *
 * @param <T> the open structure
 * @param <M> the model's state
 */
final class DamagePlan<T, M> {
  private static final int BIT_PARTS = 8;

  /** Pairs of bits are many, and every checksum finds them: a share is enough. */
  private static final long PAIR_STEP = 7;

  private static final int PARTS_OF_LINES = 3;

  /** For each of the two contents: faults of lines, then of single bits, then of two. */
  static final int PARTS = 2 * (PARTS_OF_LINES + BIT_PARTS + 1);

  private final Bench<T, M> bench;
  private final byte[] killed;
  private final byte[] closed;
  private final byte[] earlier;
  private final M expected;
  private final List<M> history;

  DamagePlan(Bench<T, M> bench, int[] program) {
    this.bench = bench;
    Recording<M> recording = bench.record(program, 0);
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

  Damage<T, M> run(int part, long bitStep, BooleanSupplier isOver) {
    boolean isClosed = part % 2 == 1;
    int kind = part / 2;
    Damage<T, M> damage =
        new Damage<>(bench, isClosed ? closed : killed, earlier, expected, history, isOver);
    try {
      var faults = new MediaFaults(damage);
      switch (kind) {
        case 0 -> faults.harmAlone();
        case 1 -> faults.misplace(new SplittableRandom(bench.settings().seed()), bitStep);
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
