package io.lode.crashtest;

import io.lode.crashtest.trace.Tampering;

/**
 * How a run is done.
 *
 * @param model what a crash can leave
 * @param seed where random choices start
 * @param limit most images tried at one crash point
 * @param followEvery after every how many images the structure is used further
 * @param nestEvery after every how many images the recovery itself is crashed
 * @param nestedLimit most images tried at one crash point of a recovery
 * @param wholeOnly whether stores in doubt are there all or none
 * @param firstOnly whether one violation, as it was found, is enough
 * @param tampering the fault planted
 * @param deadlineNanos when to stop, by {@link System#nanoTime}
 */
record Settings(
    PersistencyModel model,
    long seed,
    long limit,
    long followEvery,
    long nestEvery,
    long nestedLimit,
    boolean wholeOnly,
    boolean firstOnly,
    Tampering tampering,
    long deadlineNanos) {

  boolean isOver() {
    return System.nanoTime() - deadlineNanos > 0;
  }

  /** The same with another model and seed. */
  Settings with(PersistencyModel otherModel, long otherSeed) {
    return new Settings(
        otherModel,
        otherSeed,
        limit,
        followEvery,
        nestEvery,
        nestedLimit,
        wholeOnly,
        firstOnly,
        tampering,
        deadlineNanos);
  }

  /** The same with a fault planted: one sign that it was noticed is enough. */
  Settings with(Tampering planted) {
    return new Settings(
        model,
        seed,
        limit,
        followEvery,
        nestEvery,
        nestedLimit,
        wholeOnly,
        true,
        planted,
        deadlineNanos);
  }

  /** The same for crashes inside a recovery, which are not crashed again. */
  Settings nested() {
    return new Settings(
        model,
        seed,
        nestedLimit,
        8,
        Long.MAX_VALUE,
        nestedLimit,
        wholeOnly,
        firstOnly,
        tampering,
        deadlineNanos);
  }
}
