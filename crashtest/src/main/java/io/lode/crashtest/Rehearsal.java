package io.lode.crashtest;

import io.lode.crashtest.trace.Event;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Checks the description of a structure before it is tested: that it has operations, that its model
 * can be compared and is not changed by them, that the same program does the same twice, and that
 * its stores are seen.
 *
 * @param <T> the open structure
 * @param <M> the model's state
 */
final class Rehearsal<T, M> {
  private final Subject<T, M> subject;
  private final List<Operation<T, M>> operations;
  private final String name;

  private Rehearsal(Subject<T, M> subject) {
    this.subject = subject;
    this.name = subject.getClass().getName();
    this.operations = subject.operations();
    require(!operations.isEmpty(), "it has no operations, so there is nothing to try");
  }

  /**
   * Checks a subject.
   *
   * @param totals receives the findings
   * @return what is wrong with the structure, or null
   * @throws IllegalArgumentException if the subject does not describe one
   */
  static @Nullable Violation of(Subjects.Loaded loaded, Settings settings, Totals totals) {
    return check(loaded.supplier().get(), loaded, settings, totals);
  }

  private static <T, M> @Nullable Violation check(
      Subject<T, M> subject, Subjects.Loaded loaded, Settings settings, Totals totals) {
    var rehearsal = new Rehearsal<>(subject);
    rehearsal.requireModel();
    return rehearsal.checkStructure(new Harness<>(subject, loaded, settings), totals);
  }

  private void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(name + ": " + otherwise);
    }
  }

  private void requireModel() {
    M initial = model("initial", subject::initial);
    require(
        initial.equals(model("initial", subject::initial)),
        "two results of initial() are not equal: the model's states are compared by equals, and "
            + initial.getClass().getName()
            + " does not have one that compares content");
    for (int index = 0; index < operations.size(); index++) {
      Operation<T, M> operation = operations.get(index);
      M given = after(index);
      after(operation, given);
      require(
          given.equals(after(index)),
          "the effect of \""
              + operation.name()
              + "\" changes the state that it is given; it must return another one");
    }
  }

  /** Computes the state after the first operations, from the beginning. */
  private M after(int count) {
    M state = subject.initial();
    for (int index = 0; index < count; index++) {
      state = after(operations.get(index), state);
    }
    return state;
  }

  private M after(Operation<T, M> operation, M state) {
    return model(
        "the effect of \"" + operation.name() + "\" on " + state,
        () -> operation.effect().apply(state));
  }

  private M model(String what, Supplier<M> computation) {
    @Nullable M result;
    try {
      result = computation.get();
    } catch (RuntimeException failure) {
      throw new IllegalArgumentException(
          name
              + ": "
              + what
              + " failed: "
              + failure
              + "; an operation that the structure refuses leaves the state as it is",
          failure);
    }
    if (result == null) {
      throw new IllegalArgumentException(name + ": " + what + " is null");
    }
    return result;
  }

  /** Runs each operation alone, then all of them, twice, and recovers what they left. */
  private @Nullable Violation checkStructure(Harness<T, M> harness, Totals totals) {
    var finder = new ViolationFinder<>(harness, totals);
    Totals failed = new Totals();
    for (int index = 0; index < operations.size(); index++) {
      if (finder.record(new Run.Program(new int[] {index}, 0), failed) == null) {
        return failed.violations().getFirst();
      }
    }
    int[] every = IntStream.range(0, operations.size()).toArray();
    Recording<M> first = finder.record(new Run.Program(every, 0), failed);
    Recording<M> second = finder.record(new Run.Program(every, 0), failed);
    if (first == null || second == null) {
      return failed.violations().getFirst();
    }
    int differing = firstDifference(first.events(), second.events());
    if (differing >= 0) {
      return Violation.withoutCrash(
          "the same program does not do the same twice: a subject must be deterministic, without"
              + " clocks, random numbers, threads and static state",
          programOf(first),
          "event " + differing + ": " + textAt(first.events(), differing),
          textAt(second.events(), differing));
    }
    return checkRecovery(harness, first, totals);
  }

  /** A recovery that fails is left to the run, which finds the smallest program for it. */
  private @Nullable Violation checkRecovery(
      Harness<T, M> harness, Recording<M> program, Totals totals) {
    var end = new PendingStores(harness.settings().model(), program.start());
    program.events().stream()
        .filter(Event.Store.class::isInstance)
        .map(Event.Store.class::cast)
        .forEach(end::store);
    try {
      totals.ran(harness.recordRecovery(end.contents(), program.steps().getLast(), true));
      return null;
    } catch (UnseenStore failure) {
      return Violation.unseen(failure, programOf(program));
    } catch (RuntimeException | Error _) {
      return null;
    }
  }

  /** Returns the names of the operations, without the creation of the structure. */
  private static List<String> programOf(Recording<?> recording) {
    return recording.names().subList(1, recording.steps().size());
  }

  private static int firstDifference(List<Event> first, List<Event> second) {
    int both = Math.min(first.size(), second.size());
    for (int i = 0; i < both; i++) {
      if (!textAt(first, i).equals(textAt(second, i))) {
        return i;
      }
    }
    return first.size() == second.size() ? -1 : both;
  }

  private static String textAt(List<Event> events, int index) {
    if (index >= events.size()) {
      return "the end";
    }
    return switch (events.get(index)) {
      case Event.Store store ->
          "%s stores %s at %d"
              .formatted(store.site(), HexFormat.of().formatHex(store.bytes()), store.offset());
      case Event.Load load ->
          "%s reads %d at %d".formatted(load.site(), load.length(), load.offset());
      case Event.Flush flush ->
          "%s flushes %d at %d".formatted(flush.site(), flush.length(), flush.offset());
      case Event.Fence fence -> fence.site() + " fences";
      case Event.Begin begin -> "operation " + begin.operation() + " begins";
      case Event.Ack ack -> "operation " + ack.operation() + " returns";
    };
  }
}
