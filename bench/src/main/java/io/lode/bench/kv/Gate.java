package io.lode.bench.kv;

import io.lode.bench.run.Figures;

/**
 * One thing that Lode is to reach.
 *
 * @param what the row of the design's table, and what of it
 * @param aim what is to be reached
 * @param found what was
 * @param state whether it is
 */
public record Gate(String what, String aim, String found, State state) {
  /** Whether it is reached. */
  public enum State {
    /** It is. */
    REACHED,

    /** It is not. */
    MISSED,

    /** This run, or the store as it is, has no figure for it. */
    UNKNOWN
  }

  static Gate atMost(String what, double found, double limit, String unit) {
    return of(what, "at most " + number(limit) + unit, number(found) + unit, found <= limit);
  }

  static Gate atLeast(String what, double found, double limit, String unit) {
    return of(what, "at least " + number(limit) + unit, number(found) + unit, found >= limit);
  }

  static Gate of(String what, String aim, String found, boolean reached) {
    return new Gate(what, aim, found, reached ? State.REACHED : State.MISSED);
  }

  static Gate unknown(String what, String aim, String why) {
    return new Gate(what, aim, why, State.UNKNOWN);
  }

  private static String number(double value) {
    return Figures.number(value);
  }
}
