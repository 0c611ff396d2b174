package io.lode.crashtest;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The line that reproduces a crash: SUBJECT/MODEL/SEED/OPERATIONS/CRASH.
 *
 * @param subject the simple name of the subject's class
 * @param model the model
 * @param seed the seed
 * @param operations indexes of operations
 * @param crash the crash
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ReplayLine(
    String subject, PersistencyModel model, long seed, int[] operations, Crash crash) {

  /** Returns the name of a subject in the lines of its violations. */
  static String nameOf(Subject<?, ?> subject) {
    return subject.getClass().getSimpleName();
  }

  /**
   * Parses a line for a subject.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static ReplayLine parse(String text, Subject<?, ?> subject) {
    try {
      return parse(text.strip().split("/", -1), subject);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not the replay line of a violation: " + wrong.getMessage(), wrong);
    }
  }

  private static ReplayLine parse(String[] parts, Subject<?, ?> subject) {
    if (parts.length != 5) {
      throw new IllegalArgumentException("it has the form SUBJECT/MODEL/SEED/OPERATIONS/CRASH");
    }
    if (!parts[0].equals(nameOf(subject))) {
      throw new IllegalArgumentException(
          "it is of " + parts[0] + ", and " + nameOf(subject) + " is tested");
    }
    return new ReplayLine(
        parts[0],
        model(parts[1]),
        seed(parts[2]),
        operations(parts[3], subject.operations().size()),
        Crash.parse(parts[4]));
  }

  private static PersistencyModel model(String text) {
    return Arrays.stream(PersistencyModel.values())
        .filter(model -> model.name().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no model \""
                    + text
                    + "\" among "
                    + Arrays.toString(PersistencyModel.values())));
  }

  private static long seed(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException("\"" + text + "\" is no seed");
    }
  }

  private static int[] operations(String text, int count) {
    IntStream operations =
        text.isEmpty()
            ? IntStream.empty()
            : Arrays.stream(text.split("[.]", -1)).mapToInt(each -> operation(each, count));
    return operations.toArray();
  }

  private static int operation(String text, int count) {
    long operation = Crash.number("an operation", text, Integer.MAX_VALUE);
    if (operation >= count) {
      throw new IllegalArgumentException(
          "there is no operation " + operation + " among the " + count + ", which count from 0");
    }
    return (int) operation;
  }
}
