package io.lode.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Counts the calls through JNA of a process that uses a store. */
final class NativeCalls {
  /** By then every thread of the store's has been placed, and every piece of memory. */
  private static final int FEW_ROUNDS = 2_000;

  /** With four operations each. */
  private static final int MANY_ROUNDS = 25_000;

  private static final Pattern INVOCATIONS = Pattern.compile("invocations = (\\d+)");

  private NativeCalls() {}

  /**
   * Fails if puts, gets and batches call through JNA.
   *
   * @param folder for recordings
   * @param more further arguments of {@link NativeCallsProgram}
   */
  static void requireNoneByOperations(Path folder, String... more) throws IOException {
    requireAtMost(0, folder, more);
  }

  /**
   * Fails if puts, gets and batches call through JNA. A segment that is taken on a file system asks
   * for its blocks, some calls for thousands of records.
   */
  static void requireNoneByRecord(Path folder, String... more) throws IOException {
    requireAtMost(MANY_ROUNDS / 50, folder, more);
  }

  private static void requireAtMost(int more, Path folder, String... arguments) throws IOException {
    long calls = count(folder, FEW_ROUNDS, arguments);
    assertThat(calls).as("setting up, which shows that they are counted").isPositive();
    assertThat(count(folder, FEW_ROUNDS + MANY_ROUNDS, arguments)).isBetween(calls, calls + more);
  }

  /** Counts the calls of a process that does so many rounds. */
  private static long count(Path folder, int rounds, String... more) throws IOException {
    Path recording = folder.resolve(rounds + ".jfr");
    List<String> flags =
        List.of(
            "-Xlog:jfr*=off",
            "-XX:StartFlightRecording:method-timing=com.sun.jna.Function::invoke,filename="
                + recording);
    String[] arguments =
        Stream.concat(Stream.of("" + rounds), Arrays.stream(more)).toArray(String[]::new);
    List<String> lines = new ArrayList<>();
    try (Child child = Child.start(NativeCallsProgram.class, flags, Map.of(), arguments)) {
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
