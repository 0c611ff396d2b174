package io.lode.crashtest;

import io.lode.crashtest.trace.Event;
import io.lode.crashtest.trace.Tampering;
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
  private final List<String> packages;
  private final Settings settings;

  Harness(Subject<T, M> subject, Subjects.Loaded loaded, Settings settings) {
    this.subject = subject;
    this.operations = subject.operations();
    this.tracer = loaded.tracer();
    this.comparing = loaded.comparing();
    this.packages = loaded.packages();
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

  /**
   * Runs a program, given as indexes of operations, and records it.
   *
   * @throws OperationFailed if an operation failed
   * @throws UnseenStore if memory changed and no store was seen
   * @throws WrongModel if the structure then holds something else than the model
   */
  Recording<M> record(int[] program, int firstExplored) {
    TracedMap map = map();
    try {
      byte[] start = prepared(map);
      Trace trace = new Trace();
      map.record(trace);
      var stores = new SeenStores(map, trace.events(), start);
      List<Recording.Step<M>> steps = new ArrayList<>();
      M state = subject.initial();
      List<M> made = new ArrayList<>(List.of(state));
      made.addAll(subject.replaced());
      steps.add(new Recording.Step<>("create", made, List.of(state), true, false, false));
      map.mark(new Event.Begin(0));
      T structure = create(map);
      map.mark(new Event.Ack(0));
      requireSeen(stores, "create", structure);
      for (int index = 1; index <= program.length; index++) {
        Operation<T, M> operation = operations.get(program[index - 1]);
        M after = operation.effect().apply(state);
        map.mark(new Event.Begin(index));
        structure = run(operation, structure, map);
        boolean refused = structureRefused;
        map.mark(new Event.Ack(index));
        requireSeen(stores, operation.name(), structure);
        List<M> running = after.equals(state) ? List.of(state) : List.of(state, after);
        state = refused ? state : after;
        steps.add(
            new Recording.Step<>(
                operation.name(), running, List.of(state), false, operation.reopens(), refused));
      }
      map.record(null);
      requireModel(structure, state);
      return new Recording<>(
          start, trace.events(), List.copyOf(steps), firstExplored, map.unnoticedAccess());
    } finally {
      drop(map);
    }
  }

  /** A planted fault of a store makes it unseen, and stores that are compared are all seen. */
  private void requireSeen(SeenStores stores, String operation, T structure) {
    if (comparing || settings.tampering().kind() != Tampering.Kind.NOTHING) {
      return;
    }
    long offset = stores.firstUnseen();
    if (offset >= 0) {
      throw UnseenStore.by(operation, structure.getClass(), offset, packages);
    }
  }

  private void requireModel(T structure, M state) {
    M found = subject.observe(structure);
    if (!found.equals(state)) {
      throw new WrongModel(state, found);
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

  /**
   * Records the recovery of a crash image, and the state that it then served.
   *
   * @throws UnseenStore if memory changed and no store was seen
   */
  Recording<M> recordRecovery(byte[] image, Recording.Step<M> promise, boolean returned) {
    TracedMap map = map();
    try {
      map.load(image);
      Trace trace = new Trace();
      map.record(trace);
      var stores = new SeenStores(map, trace.events(), image);
      map.mark(new Event.Begin(0));
      T structure = open(map);
      map.mark(new Event.Ack(0));
      requireSeen(stores, "recovery", structure);
      map.record(null);
      M served = subject.observe(structure);
      Recording.Step<M> step =
          new Recording.Step<>(
              "recovery",
              returned ? promise.returned() : promise.running(),
              List.of(served),
              !returned && promise.mayBeAbsent(),
              true,
              false);
      return new Recording<>(image, trace.events(), List.of(step), 0, map.unnoticedAccess());
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

  /** A structure that holds something else than its model, without a crash. */
  static final class WrongModel extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String expected;
    private final String found;

    WrongModel(Object expected, Object found) {
      this.expected = expected.toString();
      boolean looksEqual = this.expected.equals(found.toString()) || expected.getClass().isArray();
      this.found =
          looksEqual
              ? found + ", not equal to that: does " + expected.getClass() + " implement equals?"
              : found.toString();
    }

    String expected() {
      return expected;
    }

    String found() {
      return found;
    }
  }
}
