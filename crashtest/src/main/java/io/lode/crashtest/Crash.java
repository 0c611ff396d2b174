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

  static Crash parse(String text) {
    int colon = text.indexOf(':');
    int event = Integer.parseInt(text.substring(0, colon));
    String rest = text.substring(colon + 1);
    if (rest.equals("k")) {
      return new Crash(event, true, new long[0]);
    }
    long[] state =
        rest.isEmpty()
            ? new long[0]
            : Arrays.stream(rest.split(",")).mapToLong(Long::parseLong).toArray();
    return new Crash(event, false, state);
  }
}
