package io.lode.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JNA is for setting up: nothing that is done with a record goes through it. */
class NativeCallsTest {
  private static final Pattern INVOCATIONS = Pattern.compile("invocations = (\\d+)");

  @TempDir private Path folder;

  @Test
  void noOperationOnADeviceWithANodeCallsThroughJna() throws IOException {
    // By then every thread of the store's has been placed, and every piece of memory.
    int few = 2_000;
    long calls = callsThroughJna(few);
    assertThat(calls).as("setting up, which shows that they are counted").isPositive();
    assertThat(callsThroughJna(few + 100_000)).isEqualTo(calls);
  }

  /** Counts the calls of a process that does so many operations of each kind. */
  private long callsThroughJna(int operations) throws IOException {
    Path recording = folder.resolve(operations + ".jfr");
    List<String> flags =
        List.of(
            "-Xlog:jfr*=off",
            "-XX:StartFlightRecording:method-timing=com.sun.jna.Function::invoke,filename="
                + recording);
    List<String> lines = new ArrayList<>();
    try (Child child = Child.start(NativeCallsProgram.class, flags, Map.of(), "" + operations)) {
      assertThat(child.await(lines)).as(lines::toString).isZero();
    }
    assertThat(lines).contains("done");
    Path tool = Path.of(System.getProperty("java.home"), "bin", "jfr");
    Process print =
        new ProcessBuilder(
                tool.toString(), "print", "--events", "jdk.MethodTiming", recording.toString())
            .redirectErrorStream(true)
            .start();
    String events = new String(print.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher invocations = INVOCATIONS.matcher(events);
    long sum = 0;
    boolean isCounted = false;
    while (invocations.find()) {
      isCounted = true;
      sum += Long.parseLong(invocations.group(1));
    }
    assertThat(isCounted).as(events).isTrue();
    return sum;
  }
}
