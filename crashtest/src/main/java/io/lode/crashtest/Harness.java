package io.lode.crashtest;

import io.lode.crashtest.trace.Event;
import io.lode.crashtest.trace.Trace;
import io.lode.crashtest.trace.TracedMap;
import io.lode.crashtest.trace.Tracer;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a subject on observed memory. Used by one thread.
 *
 * @param <T> the open structure
 * @param <M> the model's state
 */
final class Harness<T, M> {
  private final Subject<T, M> subject;
  private final List<Operation<T, M>> operations;
  private final Tracer tracer;
  private final boolean comparing;
  private final Settings settings;

  Harness(Subject<T, M> subject, Tracer tracer, boolean comparing, Settings settings) {
    this.subject = subject;
    this.operations = subject.operations();
    this.tracer = tracer;
    this.comparing = comparing;
    this.settings = settings;
  }

  Subject<T, M> subject() {
    return subject;
  }

  List<Operation<T, M>> operations() {
    return operations;
  }

  Settings settings() {
    return settings;
  }

  /**
   * Creates memory of the subject's size, which the tracer observes until it is {@link #drop
   * dropped}.
   */
  TracedMap map() {
    TracedMap map =
        new TracedMap(
            subject.poolBytes(), settings.model().granularity(), comparing, settings.tampering());
    tracer.watch(map);
    return map;
  }

  void drop(TracedMap map) {
    tracer.forget(map);
  }

  /** Opens the structure in a map; equal contents are opened in the same way each time. */
  T open(TracedMap map) {
    tracer.seed(settings.seed());
    return subject.open(map);
  }

  /** Returns the content after the structure in an image has been opened and closed. */
  byte[] closed(byte[] image) {
    TracedMap map = map();
    try {
      map.load(image);
      subject.close(open(map));
      return map.contents();
    } catch (Exception failure) {
      throw new OperationFailed("close", failure);
    } finally {
      drop(map);
    }
  }

  Outcome judge(TracedMap map, M expected, List<M> lost) {
    tracer.seed(settings.seed());
    return subject.judge(map, expected, lost);
  }

  /** Runs a program, given as indexes of operations, and records it. */
  Recording<M> record(int[] program, int firstExplored) {
    TracedMap map = map();
    try {
      byte[] start = prepared(map);
      Trace trace = new Trace();
      map.record(trace);
      List<Recording.Step<M>> steps = new ArrayList<>();
      M state = subject.initial();
      List<M> made = new ArrayList<>(List.of(state));
      made.addAll(subject.replaced());
      steps.add(new Recording.Step<>("create", made, List.of(state), true, false));
      map.mark(new Event.Begin(0));
      T structure = create(map);
      map.mark(new Event.Ack(0));
      for (int index = 1; index <= program.length; index++) {
        Operation<T, M> operation = operations.get(program[index - 1]);
        M after = operation.effect().apply(state);
        map.mark(new Event.Begin(index));
        structure = run(operation, structure, map);
        boolean refused = structureRefused;
        map.mark(new Event.Ack(index));
        List<M> running = after.equals(state) ? List.of(state) : List.of(state, after);
        state = refused ? state : after;
        steps.add(
            new Recording.Step<>(
                operation.name(), running, List.of(state), false, operation.reopens()));
      }
      map.record(null);
      return new Recording<>(start, trace.events(), List.copyOf(steps), firstExplored);
    } finally {
      drop(map);
    }
  }

  /** Fills a map with the remains of an earlier user; returns that content, all of it durable. */
  byte[] prepared(TracedMap map) {
    tracer.seed(settings.seed() + 2);
    subject.prepare(map);
    byte[] start = map.contents();
    map.load(start);
    return start;
  }

  /** Creates the structure in a map. */
  T create(TracedMap map) {
    tracer.seed(settings.seed() + 1);
    return subject.create(map);
  }

  private boolean structureRefused;

  /** Runs one operation; returns the structure that is open afterwards. */
  T run(Operation<T, M> operation, T structure, TracedMap map) {
    structureRefused = false;
    try {
      if (operation.reopens()) {
        subject.close(structure);
        return subject.open(map);
      }
      operation.action().run(structure);
      return structure;
    } catch (Exception failure) {
      if (subject.isRefusal(failure)) {
        structureRefused = true;
        return structure;
      }
      throw new OperationFailed(operation.name(), failure);
    }
  }

  /** Tells whether the last {@link #run} was refused. */
  boolean wasRefused() {
    return structureRefused;
  }

  /** Records the recovery of a crash image, and the state that it then served. */
  Recording<M> recordRecovery(byte[] image, Recording.Step<M> promise, boolean returned) {
    TracedMap map = map();
    try {
      map.load(image);
      Trace trace = new Trace();
      map.record(trace);
      map.mark(new Event.Begin(0));
      T structure = open(map);
      map.mark(new Event.Ack(0));
      map.record(null);
      M served = subject.observe(structure);
      Recording.Step<M> step =
          new Recording.Step<>(
              "recovery",
              returned ? promise.returned() : promise.running(),
              List.of(served),
              !returned && promise.mayBeAbsent(),
              true);
      return new Recording<>(image, trace.events(), List.of(step), 0);
    } finally {
      drop(map);
    }
  }

  /** An operation that failed without a crash. */
  static final class OperationFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OperationFailed(String operation, Throwable cause) {
      super(operation + " failed: " + cause, cause);
    }
  }
}
