package io.lode.crashtest;

import io.lode.crashtest.trace.Tampering;

/**
 * The settings of a run.
 *
 * @param model what a crash can leave behind
 * @param seed the seed of random choices
 * @param limit the maximum number of images at one crash point
 * @param followEvery the interval, in images, at which the recovered structure is used further
 * @param nestEvery the interval, in images, at which the recovery itself is crashed
 * @param nestedLimit the maximum number of images at one crash point of a recovery
 * @param wholeOnly whether crashes leave only all or none of the stores in doubt
 * @param firstOnly whether to stop at the first violation, without shrinking it
 * @param tampering the planted fault
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

  /** Returns these settings with another model and seed. */
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

  /** Returns these settings with another maximum number of images at one crash point. */
  Settings withLimit(long images) {
    return new Settings(
        model,
        seed,
        images,
        followEvery,
        nestEvery,
        nestedLimit,
        wholeOnly,
        firstOnly,
        tampering,
        deadlineNanos);
  }

  /** Returns these settings with a planted fault; one detection is enough. */
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

  /** Returns the settings for crashes inside a recovery, which are not crashed again. */
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
