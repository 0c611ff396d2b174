package io.lode.pmem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** JVMs of their own, for what a JVM decides once. */
final class ChildJvm {
  private static final List<String> JVM =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "--illegal-native-access=deny",
          "--sun-misc-unsafe-memory-access=deny");

  /** Ends what hangs; nothing that works comes near it. */
  private static final long LIMIT_MINUTES = 30;

  private ChildJvm() {}

  /**
   * What a process printed on both streams, and how it ended.
   *
   * @param status exit status
   * @param output text
   */
  record Result(int status, String output) {}

  static List<String> onClassPath(String... options) {
    return command(options, List.of("-cp", everything()));
  }

  static List<String> onModulePath(String... options) {
    List<String> path =
        List.of(
            "-p",
            entries().filter(entry -> !isTests(entry)).collect(Collectors.joining(":")),
            "--add-modules",
            "io.lode.pmem",
            "-cp",
            entries().filter(ChildJvm::isTests).collect(Collectors.joining(":")));
    return command(options, path);
  }

  private static List<String> command(String[] options, List<String> path) {
    List<String> command = new ArrayList<>(JVM);
    command.addAll(Arrays.asList(options));
    command.addAll(path);
    return command;
  }

  static Result run(Map<String, String> environment, List<String> command, String... more)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(command);
    all.addAll(Arrays.asList(more));
    Path output = Files.createTempFile("lode-child", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
      if (!ended) {
        process.destroyForcibly();
      }
      String text = Files.readString(output, StandardCharsets.UTF_8);
      assertThat(ended).as("ends in time: " + text).isTrue();
      return new Result(process.exitValue(), text);
    } finally {
      Files.delete(output);
    }
  }

  private static boolean isTests(String entry) {
    return entry.endsWith("test-classes");
  }

  private static String everything() {
    return entries().collect(Collectors.joining(":"));
  }

  /** Surefire starts its JVM with one or the other, and the tests patched into the module. */
  private static Stream<String> entries() {
    return Stream.of(
            System.getProperty("jdk.module.path", ""),
            System.getProperty("java.class.path", ""),
            Path.of("target", "classes").toAbsolutePath().toString(),
            Path.of("target", "test-classes").toAbsolutePath().toString())
        .flatMap(path -> Arrays.stream(path.split(File.pathSeparator, -1)))
        .filter(entry -> !entry.isEmpty() && !entry.contains("surefire"))
        .distinct();
  }
}
