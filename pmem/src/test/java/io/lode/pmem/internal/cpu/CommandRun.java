package io.lode.pmem.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Runs programs, among them child JVMs with this test's own class or module path. */
final class CommandRun {
  private static final long LIMIT_MINUTES = 10;

  private CommandRun() {}

  /** Runs a program that must succeed; returns its output and error output. */
  static String run(Map<String, String> environment, List<String> command) {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      var process = builder.start();
      // Whoever hangs is ended, which ends its output too; nothing that works comes near it.
      var overdue = new AtomicBoolean();
      CompletableFuture<Void> _ =
          process
              .onExit()
              .completeOnTimeout(process, LIMIT_MINUTES, TimeUnit.MINUTES)
              .thenAccept(any -> {
                if (any.isAlive()) {
                  overdue.set(true);
                  any.destroyForcibly();
                }
              });
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      assertThat(overdue.get()).as("%s hangs: %s", command, output).isFalse();
      assertThat(status).as("%s: %s", command, output).isZero();
      return output;
    } catch (IOException e) {
      throw new IllegalStateException(
          "cannot run "
              + command.getFirst()
              + ": install Debian's binutils,"
              + " binutils-aarch64-linux-gnu and qemu-user",
          e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static String run(String... command) {
    return run(Map.of(), Arrays.asList(command));
  }

  /** Runs a main class of these tests from the class path in another JVM, native access enabled. */
  static String java(Map<String, String> environment, Class<?> main, String... options) {
    return javaWithout(
        environment,
        main,
        Stream.concat(Stream.of("--enable-native-access=ALL-UNNAMED"), Arrays.stream(options))
            .toArray(String[]::new));
  }

  /** The same without native access. */
  static String javaWithout(Map<String, String> environment, Class<?> main, String... options) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add("--illegal-native-access=deny");
    command.add("-cp");
    command.add(
        String.join(
            ":",
            Path.of("target", "classes").toString(),
            Path.of("target", "test-classes").toString()));
    command.add(main.getName());
    return run(environment, command);
  }
}
