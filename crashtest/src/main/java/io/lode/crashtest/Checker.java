package io.lode.crashtest;

import io.lode.crashtest.trace.TracedMap;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens the structure in each crash image and checks what it finds. Each image is made from the
 * previous one by changing the few units that differ.
 *
 * @param <T> the open structure
 * @param <M> the model's state
 */
final class Checker<T, M> implements AutoCloseable {
  private final Harness<T, M> harness;
  private final Totals totals;
  private final TracedMap map;
  private final byte[] image;
  private final byte[] unitContents;

  /**
   * A broken promise.
   *
   * @param what the promise
   * @param found what was found instead
   */
  record Failure(String what, String found) {
    /** Tells whether the same promise was broken, whatever the states in the text. */
    boolean isLike(Failure other) {
      return promise().equals(other.promise());
    }

    private String promise() {
      return what.split("[,(]", 2)[0];
    }
  }

  Checker(Harness<T, M> harness, byte[] start, Totals totals) {
    this.harness = harness;
    this.totals = totals;
    this.image = start.clone();
    this.unitContents = new byte[start.length];
    this.map = harness.map();
    map.load(image);
  }

  @Override
  public void close() {
    harness.drop(map);
  }

  byte[] image() {
    return image.clone();
  }

  /** Changes what is durable in all later images. */
  void settle(byte[] durable, List<long[]> ranges) {
    for (long[] range : ranges) {
      patch((int) range[0], durable, (int) range[0], (int) range[1]);
    }
  }

  /** Sets the state of a unit for the following images. */
  void set(PersistUnit unit, long state) {
    unit.contents(state, unitContents);
    patch((int) unit.offset(), unitContents, 0, unit.length());
  }

  private void patch(int offset, byte[] bytes, int from, int length) {
    System.arraycopy(bytes, from, image, offset, length);
    map.patch(offset, bytes, from, length);
  }

  /** Puts all stores of units into the caches; what is durable stays as it is in the image. */
  void fillCaches(List<PersistUnit> units) {
    for (PersistUnit unit : units) {
      unit.contents(unit.states() - 1, unitContents);
      map.patchCaches(unit.offset(), unitContents, 0, unit.length());
    }
  }

  /**
   * Recovers from the current image.
   *
   * @param right the acceptable states
   * @param mayBeAbsent whether the structure may not exist yet
   * @param further whether to lose power again right after the recovery and then continue
   * @return what is wrong, or null
   */
  @Nullable Failure check(List<M> right, boolean mayBeAbsent, boolean further) {
    Failure failure = recover(right, mayBeAbsent, further);
    map.restore(image);
    if (further && map.mismatch(image) >= 0) {
      // Stores that are not seen are not undone, either.
      long offset = map.mismatch(image);
      map.load(image);
      return new Failure(
          "memory changed in a recovery or after it but no store was seen", "byte " + offset);
    }
    return failure;
  }

  private @Nullable Failure recover(List<M> right, boolean mayBeAbsent, boolean further) {
    try {
      totals.opens.increment();
      M found = harness.subject().observe(harness.open(map));
      if (!right.contains(found)) {
        return new Failure(
            "an acknowledged operation is lost, or one in flight took effect only in part",
            found.toString());
      }
      return further ? checkFurther(found) : null;
    } catch (Harness.OperationFailed failure) {
      return new Failure("an operation failed after a recovery", describe(failure));
    } catch (RuntimeException | Error failure) {
      if (mayBeAbsent && harness.subject().isRefusal(failure)) {
        return null;
      }
      return new Failure("recovery failed", describe(failure));
    }
  }

  private @Nullable Failure checkFurther(M served) {
    totals.opens.add(2);
    map.losePower();
    T structure = harness.open(map);
    M again = harness.subject().observe(structure);
    if (!again.equals(served)) {
      return new Failure(
          "what a recovery served (" + served + ") is lost when power fails again",
          again.toString());
    }
    M state = again;
    for (Operation<T, M> operation : harness.operations()) {
      structure = harness.run(operation, structure, map);
      state = harness.wasRefused() ? state : operation.effect().apply(state);
    }
    M used = harness.subject().observe(structure);
    if (!used.equals(state)) {
      return new Failure(
          "after recovery the operations no longer work, expected " + state, used.toString());
    }
    map.losePower();
    M last = harness.subject().observe(harness.open(map));
    return last.equals(state)
        ? null
        : new Failure("what was done after a recovery is lost, expected " + state, last.toString());
  }

  /** Returns what failed, and where in the code under test if the stack shows it. */
  static String describe(Throwable failure) {
    boolean isOperation = failure instanceof Harness.OperationFailed;
    Throwable cause = failure.getCause() == null || !isOperation ? failure : failure.getCause();
    StackTraceElement[] stack = cause.getStackTrace();
    String place =
        Arrays.stream(stack)
            .filter(frame -> !frame.getClassName().matches("(java|jdk)[.].*"))
            .findFirst()
            .or(() -> Arrays.stream(stack).findFirst())
            .map(frame -> " at " + frame)
            .orElse("");
    return isOperation
        ? failure.getMessage()
            + place
            + "; if that is a proper answer, for want of space for example, isRefusal must say so"
        : failure + place;
  }
}
