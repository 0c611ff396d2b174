package io.lode.crashtest;

import io.lode.crashtest.trace.TracedMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens the structure in one crash image after the other and says what is wrong with it. The image
 * is kept by changing the few units that differ from the one before.
 *
 * @param <T> the open structure
 * @param <M> the model's state
 */
final class Checker<T, M> implements AutoCloseable {
  private final Bench<T, M> bench;
  private final Totals totals;
  private final TracedMap map;
  private final byte[] image;
  private final byte[] unitContents;

  /**
   * Something that is wrong.
   *
   * @param what which promise was broken
   * @param found what was there
   */
  record Failure(String what, String found) {}

  Checker(Bench<T, M> bench, byte[] start, Totals totals) {
    this.bench = bench;
    this.totals = totals;
    this.image = start.clone();
    this.unitContents = new byte[start.length];
    this.map = bench.map();
    map.load(image);
  }

  @Override
  public void close() {
    bench.drop(map);
  }

  byte[] image() {
    return image.clone();
  }

  /** Changes what is durable in every image from now on. */
  void settle(byte[] durable, List<long[]> ranges) {
    for (long[] range : ranges) {
      patch((int) range[0], durable, (int) range[0], (int) range[1]);
    }
  }

  /** Lets a unit be in a state, in the images that follow. */
  void set(Unit unit, long state) {
    unit.contents(state, unitContents);
    patch((int) unit.offset(), unitContents, 0, unit.length());
  }

  private void patch(int offset, byte[] bytes, int from, int length) {
    System.arraycopy(bytes, from, image, offset, length);
    map.patch(offset, bytes, from, length);
  }

  /** Puts units into the caches whole, durable as they are in the image. */
  void fillCaches(List<Unit> units) {
    for (Unit unit : units) {
      unit.contents(unit.states() - 1, unitContents);
      map.patchCaches(unit.offset(), unitContents, 0, unit.length());
    }
  }

  /**
   * Recovers from the image as it is now.
   *
   * @param right the states of which one must be found
   * @param mayBeAbsent whether there may be nothing yet
   * @param further whether to lose the power again right after the recovery, and then to go on
   * @return what is wrong, or null
   */
  @Nullable Failure check(List<M> right, boolean mayBeAbsent, boolean further) {
    try {
      totals.opens.increment();
      M found = bench.subject().observe(bench.open(map));
      if (!right.contains(found)) {
        return new Failure(
            "an acknowledged operation is lost, or one in flight is there by half",
            found.toString());
      }
      return further ? checkFurther(found) : null;
    } catch (RuntimeException | Error failure) {
      if (mayBeAbsent && bench.subject().isRefusal(failure)) {
        return null;
      }
      return new Failure("recovery failed", describe(failure));
    } finally {
      map.restore(image);
    }
  }

  private @Nullable Failure checkFurther(M served) {
    totals.opens.add(2);
    map.losePower();
    T structure = bench.open(map);
    M again = bench.subject().observe(structure);
    if (!again.equals(served)) {
      return new Failure(
          "what a recovery served (" + served + ") is lost when the power goes again",
          again.toString());
    }
    M state = again;
    for (Operation<T, M> operation : bench.operations()) {
      structure = bench.run(operation, structure, map);
      state = bench.wasRefused() ? state : operation.effect().apply(state);
    }
    M used = bench.subject().observe(structure);
    if (!used.equals(state)) {
      return new Failure(
          "after recovery the operations no longer work, expected " + state, used.toString());
    }
    map.losePower();
    M last = bench.subject().observe(bench.open(map));
    return last.equals(state)
        ? null
        : new Failure("what was done after a recovery is lost, expected " + state, last.toString());
  }

  static String describe(Throwable failure) {
    StackTraceElement[] stack = failure.getStackTrace();
    return failure + (stack.length == 0 ? "" : " at " + stack[0]);
  }
}
