package io.lode.crashtest;

import io.lode.crashtest.trace.Event;
import io.lode.crashtest.trace.Schedule;
import io.lode.crashtest.trace.Trace;
import io.lode.crashtest.trace.TracedMap;
import io.lode.crashtest.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Runs operations on several threads under a schedule, and crashes them. Used by one worker.
 *
 * @param <T> the open structure
 * @param <M> the model's state
 */
final class ThreadRun<T, M> {
  private final Harness<T, M> harness;
  private final Tracer tracer;
  private final Totals totals;
  private final long images;
  private final TracedMap map;

  ThreadRun(Harness<T, M> harness, Tracer tracer, Totals totals, long images) {
    this.harness = harness;
    this.tracer = tracer;
    this.totals = totals;
    this.images = images;
    this.map = harness.map();
  }

  void close() {
    harness.drop(map);
  }

  /**
   * Runs one schedule.
   *
   * @param before the operations to run beforehand
   * @param threads the operations of each thread, by their indexes
   * @param reads how many times an additional thread reads, 0 for none
   * @param choice the schedule
   * @param name the schedule's name
   * @return the number of points at which threads could switch
   */
  int run(int[] before, List<int[]> threads, int reads, Schedule.Choice choice, String name) {
    map.load(new byte[Math.toIntExact(harness.subject().poolBytes())]);
    harness.prepared(map);
    T structure = harness.create(map);
    M state = harness.subject().initial();
    for (int index : before) {
      Operation<T, M> operation = harness.operations().get(index);
      structure = harness.run(operation, structure, map);
      state = harness.wasRefused() ? state : operation.effect().apply(state);
    }
    var attempt = new Attempt(structure, state, threads, reads);
    int points = attempt.run(choice);
    totals.schedules.increment();
    attempt.judge(name);
    return points;
  }

  private final class Attempt {
    private final T structure;
    private final Linearizations<M> right;
    private final List<String> names = new ArrayList<>();
    private final List<Runnable> bodies = new ArrayList<>();
    private final byte[] start;
    private final Trace trace = new Trace();
    private @Nullable String failed;

    Attempt(T structure, M state, List<int[]> threads, int reads) {
      this.structure = structure;
      this.right = new Linearizations<>(state);
      this.start = map.contents();
      for (int thread = 0; thread < threads.size(); thread++) {
        List<Runnable> body = new ArrayList<>();
        for (int index : threads.get(thread)) {
          Operation<T, M> operation = harness.operations().get(index);
          names.add((char) ('A' + thread) + ": " + operation.name());
          body.add(writing(names.size() - 1, operation, right.write(operation.effect())));
        }
        bodies.add(() -> body.forEach(Runnable::run));
      }
      List<Runnable> reader = new ArrayList<>();
      for (int i = 0; i < reads; i++) {
        names.add("reader");
        reader.add(reading(names.size() - 1, right.read(harness.subject()::readOf)));
      }
      if (reads > 0) {
        bodies.add(() -> reader.forEach(Runnable::run));
      }
    }

    private Runnable writing(int index, Operation<T, M> operation, Linearizations.Call<M> call) {
      return () -> {
        map.mark(new Event.Begin(index));
        try {
          operation.action().run(structure);
        } catch (Exception | Error failure) {
          call.refuse();
          if (!harness.subject().isRefusal(failure)) {
            failed = operation.name() + " failed: " + Checker.describe(failure);
          }
        }
        map.mark(new Event.Ack(index));
      };
    }

    private Runnable reading(int index, Linearizations.Call<M> call) {
      return () -> {
        map.mark(new Event.Begin(index));
        try {
          call.result(harness.subject().read(structure));
        } catch (RuntimeException | Error failure) {
          failed = "reading failed: " + Checker.describe(failure);
        }
        map.mark(new Event.Ack(index));
      };
    }

    int run(Schedule.Choice choice) {
      map.record(trace);
      var schedule = new Schedule(choice);
      try {
        schedule.run(tracer, bodies);
      } catch (IllegalStateException failure) {
        failed = String.valueOf(failure.getMessage());
      } finally {
        map.record(null);
      }
      return schedule.points();
    }

    void judge(String name) {
      List<Event> events = trace.events();
      for (int i = 0; i < events.size(); i++) {
        switch (events.get(i)) {
          case Event.Begin begin -> right.call(begin.operation()).begin(i);
          case Event.Ack ack -> right.call(ack.operation()).end(i);
          case Event.Store _, Event.Load _, Event.Flush _, Event.Fence _ -> {}
        }
      }
      if (failed == null) {
        judgeEnd(events.size());
      }
      if (failed == null) {
        crash(events);
      }
      if (failed != null) {
        totals.add(
            new Violation(
                "threads that run concurrently break a promise",
                names,
                "as scheduled",
                name,
                List.of(),
                right.statesAt(events.size()).toString(),
                failed,
                ""));
      }
    }

    private void judgeEnd(int end) {
      List<M> states = right.statesAt(end);
      if (states.isEmpty()) {
        failed = "a read returned something that was never there";
        return;
      }
      try {
        M found = harness.subject().observe(structure);
        if (!states.contains(found)) {
          failed = "without any crash: " + found;
        }
      } catch (RuntimeException | Error failure) {
        failed = "without any crash: " + Checker.describe(failure);
      }
    }

    private void crash(List<Event> events) {
      var pending = new PendingStores(harness.settings().model(), start);
      var random = new SplittableRandom(harness.settings().seed());
      try (Checker<T, M> checker = new Checker<>(harness, start, totals)) {
        for (int i = 0; i < events.size() && failed == null; i++) {
          Event next = events.get(i);
          if (Totals.isCrashPoint(next, harness.settings().model())) {
            // For the promise, the return that is about to happen counts as having happened.
            crash(checker, pending, right.statesAt(next instanceof Event.Ack ? i + 1 : i), random);
          }
          switch (next) {
            case Event.Store store -> pending.store(store);
            case Event.Flush flush -> pending.flush(flush);
            case Event.Fence fence -> pending.fence(fence.thread());
            case Event.Begin _, Event.Ack _, Event.Load _ -> {}
          }
        }
      }
    }

    private void crash(
        Checker<T, M> checker, PendingStores pending, List<M> states, SplittableRandom random) {
      List<PersistUnit> units = pending.units();
      checker.settle(pending.durable(), pending.takeSettled());
      long[] applied = new long[units.size()];
      new CrashStates(units)
          .visit(
              images,
              random,
              state -> {
                for (int i = 0; i < applied.length; i++) {
                  if (applied[i] != state[i]) {
                    checker.set(units.get(i), state[i]);
                    applied[i] = state[i];
                  }
                }
                totals.images.increment();
                Checker.Failure failure = checker.check(states, false, false);
                if (failure != null) {
                  failed = failure.what() + ": " + failure.found();
                }
                return failure == null;
              });
      for (int i = 0; i < applied.length; i++) {
        checker.set(units.get(i), 0);
      }
    }
  }
}
