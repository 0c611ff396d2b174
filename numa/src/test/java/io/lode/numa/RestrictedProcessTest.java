package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is left where a container, a kernel or a machine takes something away. */
class RestrictedProcessTest {
  private record Outcome(int exitCode, List<String> out, String err) {}

  @Test
  void underSeccompTopologyAndPinningWorkAndPoliciesSayWhyNot() throws Exception {
    Outcome outcome = run("deny=1", "policy-read", "policy-write", "move", "home");
    assertRestricted(outcome, "EPERM");
  }

  @Test
  void onAKernelWithoutNumaCallsTheSameHolds() throws Exception {
    Outcome outcome = run("deny=38", "policy-read", "policy-write", "move", "home");
    assertRestricted(outcome, "ENOSYS");
  }

  private static void assertRestricted(Outcome outcome, String error) {
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .contains("topology true", "pin true", "placement true", "threads true")
        .contains("policyRead false", "policyWrite false", "movePages false", "homeNode false")
        .anyMatch(line -> line.startsWith("apply NumaException") && line.contains(error))
        .anyMatch(line -> line.startsWith("arena NumaException") && line.contains(error))
        .anyMatch(line -> line.startsWith("locate NumaException") && line.contains(error));
  }

  @Test
  void whereOnlyWritingIsForbiddenReadingIsStillThere() throws Exception {
    Outcome outcome = run("deny=1", "policy-write");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .contains("policyRead true", "policyWrite false", "movePages true")
        .anyMatch(line -> line.startsWith("apply NumaException") && line.contains("EPERM"))
        .anyMatch(line -> line.startsWith("arena NumaException") && line.contains("mbind"));
  }

  @Test
  void withoutLibnumaEverythingWorksByCallNumber() throws Exception {
    for (String library : List.of("none", "libnuma-that-is-not-there.so.1")) {
      Outcome outcome = run("libnuma=" + library);
      assertThat(outcome.err()).isEmpty();
      assertThat(outcome.out())
          .contains("libnuma false", "policyWrite true", "movePages true", "migratePages true")
          .contains("apply ok", "arena ok", "locate ok");
    }
  }

  @Test
  void withLibnumaNothingIsPrinted() throws Exception {
    Outcome outcome = run("deny=0");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).contains("apply ok", "arena ok", "locate ok", "policyWrite true");
  }

  private static Outcome run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xint");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(
        Stream.of(Numa.class, RestrictedMain.class, Native.class)
            .map(RestrictedProcessTest::rootOf)
            .collect(Collectors.joining(":")));
    command.add(RestrictedMain.class.getName());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).start();
    try {
      String err = text(process.getErrorStream());
      List<String> out = text(process.getInputStream()).lines().toList();
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
      return new Outcome(process.exitValue(), out, err);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String text(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Returns the directory or jar a class comes from, also when its module is patched. */
  private static String rootOf(Class<?> type) {
    String file = type.getName().replace('.', '/') + ".class";
    URL url = Objects.requireNonNull(type.getResource("/" + file));
    String text = url.toString().replaceFirst("^jar:", "").replaceFirst("!?/" + file + "$", "");
    try {
      return Paths.get(new URI(text)).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(text, e);
    }
  }
}
