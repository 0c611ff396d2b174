package io.lode.crashtest;

import io.lode.crashtest.trace.Site;
import io.lode.crashtest.trace.TracedMap;
import io.lode.pmem.PmemException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes each persist of a program fail, or lie, and checks what is left. Used by one thread.
 *
 * @param <T> the open structure
 * @param <M> the model's state
 */
final class PersistFaults<T, M> {
  /** After this many failed operations nothing new is learnt. */
  private static final int ENOUGH_FAILURES = 3;

  /** Linux's error number for a device error. */
  private static final int EIO = 5;

  private final Harness<T, M> harness;
  private final BooleanSupplier isOver;
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private final TracedMap map;
  private final TracedMap reopened;
  private final byte[] start;
  private @Nullable Violation wrong;

  PersistFaults(Harness<T, M> harness, BooleanSupplier isOver) {
    this.harness = harness;
    this.isOver = isOver;
    this.map = harness.map();
    this.reopened = harness.map();
    this.start = harness.prepared(map);
  }

  Map<Outcome, Long> outcomes() {
    return outcomes;
  }

  /** Returns the first wrong answer, or null. */
  @Nullable Violation wrong() {
    return wrong;
  }

  void close() {
    harness.drop(map);
    harness.drop(reopened);
  }

  /** Tries all faults of one program. */
  void run(int[] program) {
    Plan counting = new Plan(Integer.MAX_VALUE, false, false);
    new Attempt(program, counting).run();
    for (int call = 0; call < counting.calls && !isOver.getAsBoolean(); call++) {
      for (int kind = 0; kind < 4 && wrong == null; kind++) {
        Plan plan = new Plan(call, kind % 2 == 1, kind >= 2);
        Attempt attempt = new Attempt(program, plan);
        attempt.run();
        attempt.judge();
      }
    }
  }

  /** The persists that fail. */
  private static final class Plan implements TracedMap.Faults {
    private final int first;
    private final boolean fromThenOn;
    private final boolean lies;
    private int calls;

    Plan(int first, boolean fromThenOn, boolean lies) {
      this.first = first;
      this.fromThenOn = fromThenOn;
      this.lies = lies;
    }

    @Override
    public boolean beforePersist(Site where) {
      int call = calls++;
      boolean fails = call == first || (fromThenOn && call > first);
      if (fails && !lies) {
        throw new PmemException(-EIO, "persist: planted, the device failed");
      }
      return fails;
    }

    @Override
    public String toString() {
      return "persist "
          + first
          + (fromThenOn ? " and all after it " : " ")
          + (lies ? "a lie" : "failing");
    }
  }

  /** One run of the program with one fault. */
  private final class Attempt {
    private final int[] program;
    private final Plan plan;
    private final Set<M> possible = new LinkedHashSet<>();
    private final Set<M> ever = new LinkedHashSet<>();
    private M expected = harness.subject().initial();
    private List<M> lost = List.of();
    private final List<Operation<T, M>> inDoubt = new ArrayList<>();
    private boolean exists;
    private @Nullable String escaped;

    Attempt(int[] program, Plan plan) {
      this.program = program;
      this.plan = plan;
    }

    void run() {
      map.load(start);
      map.plant(plan);
      possible.add(expected);
      ever.add(expected);
      try {
        T structure = harness.create(map);
        exists = true;
        int failures = 0;
        for (int i = 0; i < program.length && failures < ENOUGH_FAILURES; i++) {
          Operation<T, M> operation = harness.operations().get(program[i]);
          try {
            structure = harness.run(operation, structure, map);
            if (operation.reopens()) {
              inDoubt.clear();
            }
            if (!harness.wasRefused()) {
              returned(operation);
            } else if (operation.reopens()) {
              return; // it is closed now
            }
          } catch (Harness.OperationFailed failure) {
            note(failure.getCause());
            failed(operation);
            failures = operation.reopens() ? ENOUGH_FAILURES : failures + 1;
          }
        }
      } catch (RuntimeException | Error failure) {
        note(failure);
      } finally {
        map.plant(TracedMap.Faults.NONE);
      }
    }

    private void returned(Operation<T, M> operation) {
      List<M> before = List.copyOf(possible);
      possible.clear();
      for (M state : before) {
        M then = operation.effect().apply(state);
        possible.add(then);
        // What failed may still take effect: its bytes are in the caches.
        inDoubt.forEach(failed -> possible.add(failed.effect().apply(then)));
      }
      M after = operation.effect().apply(expected);
      if (!after.equals(expected) && !inDoubt.isEmpty() && harness.subject().stopsAfterFailure()) {
        escaped = operation.name() + " returned after a persist had failed";
      }
      lost = after.equals(expected) ? lost : List.of(expected);
      expected = after;
      ever.addAll(possible);
    }

    private void failed(Operation<T, M> operation) {
      inDoubt.add(operation);
      List<M> before = List.copyOf(possible);
      before.forEach(state -> possible.add(operation.effect().apply(state)));
      ever.addAll(possible);
    }

    /**
     * Requires that the structure reports the failure itself rather than letting one slip through.
     */
    private void note(@Nullable Throwable failure) {
      boolean spokenOf =
          failure != null
              && (harness.subject().isRefusal(failure) || harness.subject().isFailure(failure));
      if (!spokenOf && escaped == null) {
        escaped = String.valueOf(failure);
      }
    }

    void judge() {
      if (escaped != null) {
        count(Outcome.FAILED, escaped);
      }
      judge(map.contents());
      map.losePower();
      judge(map.contents());
    }

    private void judge(byte[] image) {
      reopened.load(image);
      try {
        M found = harness.subject().observe(harness.open(reopened));
        if (possible.contains(found)) {
          count(Outcome.RIGHT, "");
        } else if (plan.lies && plan.fromThenOn && ever.contains(found)) {
          // Nothing has been written since, so nothing can show that something is missing.
          count(Outcome.EXEMPT, "");
        } else if (plan.lies) {
          reopened.load(image);
          count(harness.judge(reopened, expected, lost), found.toString());
        } else {
          count(Outcome.SILENT, found.toString());
        }
      } catch (RuntimeException | Error failure) {
        boolean isAnswer = harness.subject().isRefusal(failure) && (plan.lies || !exists);
        count(isAnswer ? Outcome.REFUSED : Outcome.FAILED, Checker.describe(failure));
      }
    }

    private void count(Outcome outcome, String found) {
      outcomes.merge(outcome, 1L, Long::sum);
      if (wrong == null && (outcome == Outcome.SILENT || outcome == Outcome.FAILED)) {
        wrong = Violation.ofDamage(plan.toString(), possible, outcome + ": " + found);
      }
    }
  }
}
