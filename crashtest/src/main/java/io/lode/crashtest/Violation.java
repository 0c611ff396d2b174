package io.lode.crashtest;

import java.util.List;

/**
 * A crash after which the structure broke its promise, shrunk as far as possible, or what is wrong
 * with the structure or its description without any crash.
 *
 * @param what the broken promise
 * @param operations the names of the program's operations, in order
 * @param during the operation in flight when power was lost, or the one that had just returned
 * @param at the place in the code right before which power was lost
 * @param lost the stores that had not reached the medium, each with its place
 * @param expected the acceptable states
 * @param found what was found instead
 * @param replay the argument of {@link CrashTest#replay} that reproduces the crash, empty if there
 *     was none
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

  /** Maximum length of a printed state. */
  private static final int PRINTED = 200;

  static Violation ofDamage(String what, Object expected, String found) {
    return new Violation(
        "damaged memory was not detected, or not reported",
        List.of(),
        "never",
        what,
        List.of(),
        String.valueOf(expected),
        found,
        "");
  }

  static Violation withoutCrash(
      String what, List<String> operations, String expected, String found) {
    return new Violation(what, operations, "never", "-", List.of(), expected, found, "");
  }

  static Violation unseen(UnseenStore failure, List<String> operations) {
    return withoutCrash(
        String.valueOf(failure.getMessage()),
        operations,
        "every store to be seen: crashes of what is not seen cannot be tried",
        failure.where());
  }

  private static String abbreviated(String state) {
    return state.length() <= PRINTED ? state : state.substring(0, PRINTED) + " ...";
  }

  /** Returns what violations have in common that show the same fault: the promise and the place. */
  String kind() {
    return what.split("[,(]", 2)[0] + at;
  }

  private String powerLost() {
    return "\n  power lost: "
        + during
        + ", before "
        + at
        + "\n  had not reached the medium: "
        + (lost.isEmpty() ? "nothing" : String.join("; ", lost));
  }

  /** Returns the whole account, one fact per line. */
  @Override
  public String toString() {
    return what
        + "\n  operations: "
        + (operations.isEmpty() ? "none" : String.join(", ", operations))
        + (at.equals("-") ? "" : powerLost())
        + "\n  expected:   "
        + abbreviated(expected)
        + "\n  found:      "
        + abbreviated(found)
        + (replay.isEmpty() ? "" : "\n  replay:     " + replay);
  }
}
