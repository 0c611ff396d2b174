package io.lode.crashtest;

import java.util.List;

/**
 * A crash after which the structure did not keep its promise, made as small as it could be.
 *
 * @param what which promise
 * @param operations the program, its names in order
 * @param during what was in flight when the power went, or the operation that had just returned
 * @param at the place in the code right before which the power went
 * @param lost the stores that had not reached the medium, each with its place in the code
 * @param expected the states that would have been right
 * @param found what was there instead
 * @param replay give it to {@link CrashTest#replay} to see the same crash again
 */
public record Violation(
    String what,
    List<String> operations,
    String during,
    String at,
    List<String> lost,
    String expected,
    String found,
    String replay) {

  /** States are printed up to here. */
  private static final int PRINTED = 200;

  static Violation ofDamage(String what, Object expected, String found) {
    return new Violation(
        "damaged memory was not noticed, or not named",
        List.of(),
        "never",
        what,
        List.of(),
        String.valueOf(expected),
        found,
        "");
  }

  private static String abbreviated(String state) {
    return state.length() <= PRINTED ? state : state.substring(0, PRINTED) + " ...";
  }

  /** Tells the whole story, a line a fact. */
  @Override
  public String toString() {
    return what
        + "\n  operations: "
        + String.join(", ", operations)
        + "\n  power lost: "
        + during
        + ", before "
        + at
        + "\n  had not reached the medium: "
        + (lost.isEmpty() ? "nothing" : String.join("; ", lost))
        + "\n  expected:   "
        + abbreviated(expected)
        + "\n  found:      "
        + abbreviated(found)
        + "\n  replay:     "
        + replay;
  }
}
