package io.lode.bench.kv;

/**
 * A target for Lode.
 *
 * @param what the figure that has a target
 * @param aim the target
 * @param found the figure of this run, or why there is none
 * @param state whether the target is reached
 */
public record Gate(String what, String aim, String found, State state) {
  /** Whether the target is reached. */
  public enum State {
    /** It is. */
    REACHED,

    /** It is not. */
    MISSED,

    /** This run, or the store as it is, has no figure for it. */
    UNKNOWN
  }

  static Gate of(String what, String aim, String found, boolean reached) {
    return new Gate(what, aim, found, reached ? State.REACHED : State.MISSED);
  }

  static Gate unknown(String what, String aim, String why) {
    return new Gate(what, aim, why, State.UNKNOWN);
  }
}
