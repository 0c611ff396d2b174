package io.lode.crashtest;

import io.lode.crashtest.trace.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a recording and crashes it before every fence and at every return of an operation.
 *
 * @param <T> the open structure
 * @param <M> the model's state
 */
final class Explorer<T, M> implements AutoCloseable {
  private final Harness<T, M> harness;
  private final Recording<M> recording;
  private final Totals totals;
  private final Settings settings;
  private final Checker<T, M> checker;
  private final PendingStores pending;
  private final boolean nested;
  private final SplittableRandom random;
  private long[] applied = new long[0];
  private int step;
  private boolean returned;
  private int event;
  private long imagesHere;
  private @Nullable Found found;

  /**
   * A crash that broke a promise.
   *
   * @param crash the crash
   * @param nested the crash of the recovery after it, if that broke the promise
   * @param failure the broken promise
   * @param step the index of the operation
   * @param returned whether it had returned
   * @param at the place in the code
   * @param lost the stores that were lost
   */
  record Found(
      Crash crash,
      @Nullable Crash nested,
      Checker.Failure failure,
      int step,
      boolean returned,
      String at,
      List<String> lost) {}

  Explorer(Harness<T, M> harness, Recording<M> recording, Totals totals, boolean nested) {
    this.harness = harness;
    this.recording = recording;
    this.totals = totals;
    this.nested = nested;
    this.settings = nested ? harness.settings().nested() : harness.settings();
    this.pending = new PendingStores(settings.model(), recording.start());
    this.checker = new Checker<>(harness, recording.start(), totals);
    this.random = new SplittableRandom(settings.seed() ^ recording.events().size());
  }

  @Override
  public void close() {
    checker.close();
  }

  /** Tries crashes until one breaks a promise; returns null if none does. */
  @Nullable Found explore() {
    walk(Integer.MAX_VALUE, () -> crashHere(pending.units()));
    return found;
  }

  /** Tries one crash; returns null if it breaks no promise. */
  @Nullable Found tryOnly(Crash crash) {
    walk(
        crash.event(),
        () -> {
          if (event == crash.event()) {
            tryOnly(crash, pending.units());
          }
        });
    return found;
  }

  /** Tells whether a crash is one of those of this recording. */
  boolean has(Crash crash) {
    boolean[] has = {false};
    walk(
        crash.event(),
        () -> {
          List<PersistUnit> units = pending.units();
          has[0] |= event == crash.event() && (crash.killed() || isStateOf(units, crash.state()));
        });
    return has[0];
  }

  private static boolean isStateOf(List<PersistUnit> units, long[] state) {
    boolean is = state.length == units.size();
    for (int i = 0; is && i < state.length; i++) {
      is = state[i] < units.get(i).states();
    }
    return is;
  }

  private void tryOnly(Crash crash, List<PersistUnit> units) {
    begin(units);
    if (crash.killed()) {
      tryKill(units);
    } else if (crash.state().length == units.size()) {
      long[] state = crash.state().clone();
      for (int i = 0; i < state.length; i++) {
        state[i] = Math.floorMod(state[i], units.get(i).states());
      }
      tryState(units, state, true);
    }
  }

  private void walk(int lastEvent, Runnable atPoint) {
    List<Event> events = recording.events();
    for (event = 0; event < events.size() && event <= lastEvent && found == null; event++) {
      Event next = events.get(event);
      if (next instanceof Event.Begin begin) {
        step = begin.operation();
        returned = false;
        pending.operation(step);
      }
      if (next instanceof Event.Ack) {
        returned = true;
      }
      if (Totals.isCrashPoint(next, settings.model()) && step >= recording.firstExplored()) {
        atPoint.run();
      }
      apply(next);
    }
  }

  private void apply(Event next) {
    switch (next) {
      case Event.Store store -> pending.store(store);
      case Event.Flush flush -> pending.flush(flush);
      case Event.Fence fence -> pending.fence(fence.thread());
      case Event.Begin _, Event.Ack _, Event.Load _ -> {}
    }
    if (settings.model().keepsCaches() && Totals.isCrashPoint(next, settings.model())) {
      pending.settleAll();
    }
  }

  private void begin(List<PersistUnit> units) {
    checker.settle(pending.durable(), pending.takeSettled());
    applied = new long[units.size()];
    imagesHere = 0;
  }

  private void crashHere(List<PersistUnit> units) {
    begin(units);
    CrashStates states = new CrashStates(units);
    if (!nested) {
      totals.points.increment();
      totals.mostStates.accumulate(states.total());
      if (states.total() > settings.limit()) {
        totals.sampledPoints.increment();
      }
    }
    boolean whole = states.total() <= settings.limit();
    long[] tried = {0};
    if (settings.wholeOnly()) {
      if (!nested && states.total() > 2 && states.total() <= settings.limit()) {
        totals.sampledPoints.increment();
      }
      states.visitEnds(state -> {
        tryState(units, state, false);
        return found == null;
      });
      reset(units);
      return;
    }
    states.visit(
        settings.limit(),
        random,
        state -> {
          tried[0]++;
          tryState(units, state, false);
          return found == null && !settings.isOver();
        });
    if (found == null && tried[0] < (whole ? states.total() : settings.limit())) {
      totals.cutShortPoints.increment();
    }
    reset(units);
    if (found == null && !units.isEmpty()) {
      tryKill(units);
    }
  }

  private void reset(List<PersistUnit> units) {
    for (int i = 0; i < units.size(); i++) {
      if (applied[i] != 0) {
        checker.set(units.get(i), 0);
        applied[i] = 0;
      }
    }
  }

  private void tryState(List<PersistUnit> units, long[] state, boolean thorough) {
    for (int i = 0; i < state.length; i++) {
      if (applied[i] != state[i]) {
        checker.set(units.get(i), state[i]);
        applied[i] = state[i];
      }
    }
    count();
    boolean further = thorough || imagesHere <= 2 || imagesHere % settings.followEvery() == 0;
    Checker.Failure failure = check(further);
    if (failure != null) {
      report(new Crash(event, false, state.clone()), null, failure, units);
    } else if (!nested && (thorough || totals.images.sum() % settings.nestEvery() == 0)) {
      crashRecovery(units, state);
    }
  }

  /** Kills only the process: its stores are visible, but are lost if power fails soon after. */
  private void tryKill(List<PersistUnit> units) {
    checker.fillCaches(units);
    count();
    Checker.Failure failure = check(true);
    if (failure != null) {
      report(new Crash(event, true, new long[0]), null, failure, List.of());
    }
  }

  private void count() {
    imagesHere++;
    (nested ? totals.nestedImages : totals.images).increment();
  }

  private Checker.@Nullable Failure check(boolean further) {
    Recording.Step<M> promise = recording.steps().get(step);
    return returned
        ? checker.check(promise.returned(), false, further)
        : checker.check(promise.running(), promise.mayBeAbsent(), further);
  }

  private void crashRecovery(List<PersistUnit> units, long[] state) {
    Recording<M> recovery;
    try {
      recovery = harness.recordRecovery(checker.image(), recording.steps().get(step), returned);
    } catch (UnseenStore failure) {
      var unseen = new Checker.Failure(String.valueOf(failure.getMessage()), failure.where());
      report(new Crash(event, false, state.clone()), null, unseen, units);
      return;
    } catch (RuntimeException _) {
      return; // nothing exists yet, which has already been found right
    }
    try (Explorer<T, M> inner = new Explorer<>(harness, recovery, totals, true)) {
      Found deeper = inner.explore();
      if (deeper != null) {
        report(new Crash(event, false, state.clone()), deeper.crash(), deeper.failure(), units);
      }
    }
  }

  private void report(
      Crash crash, @Nullable Crash inner, Checker.Failure failure, List<PersistUnit> units) {
    List<String> lost = new ArrayList<>();
    for (int i = 0; i < units.size() && !crash.killed(); i++) {
      PersistUnit unit = units.get(i);
      for (Patch patch : unit.missing(crash.state()[i])) {
        lost.add(
            patch.bytes().length
                + " bytes at "
                + (unit.offset() + patch.at())
                + " (line "
                + (unit.offset() + patch.at()) / 64
                + ") stored by "
                + patch.site());
      }
    }
    found = new Found(crash, inner, failure, step, returned, place(), List.copyOf(lost));
  }

  private String place() {
    return switch (recording.events().get(event)) {
      case Event.Fence fence -> fence.site().toString();
      case Event.Flush flush -> flush.site().toString();
      case Event.Ack _ -> "the return";
      case Event.Begin _, Event.Store _, Event.Load _ -> "the next event";
    };
  }
}
