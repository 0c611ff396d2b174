package io.lode.crashtest;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * One crash, by numbers: enough to reproduce it.
 *
 * @param event power is lost before this event of the trace
 * @param killed whether only the process dies, with the caches left as they are
 * @param state the state of each unit in doubt, none if killed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Crash(int event, boolean killed, long[] state) {

  /** Returns the text for {@link CrashTest#replay}. */
  String text() {
    return event
        + ":"
        + (killed
            ? "k"
            : Arrays.stream(state).mapToObj(Long::toString).collect(Collectors.joining(",")));
  }

  /**
   * Parses {@link #text}.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static Crash parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a crash: EVENT:STATES, or EVENT:k");
    }
    int event = Math.toIntExact(number("an event", text.substring(0, colon), Integer.MAX_VALUE));
    String rest = text.substring(colon + 1);
    if (rest.equals("k")) {
      return new Crash(event, true, new long[0]);
    }
    long[] state =
        rest.isEmpty()
            ? new long[0]
            : Arrays.stream(rest.split(",", -1))
                .mapToLong(each -> number("a state", each, Long.MAX_VALUE))
                .toArray();
    return new Crash(event, false, state);
  }

  /** Parses a number of a replay line, from 0 to a maximum. */
  static long number(String what, String text, long max) {
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new IllegalArgumentException("\"" + text + "\" is no number of " + what);
  }
}
