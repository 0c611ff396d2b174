package io.lode.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A command that ran in a process of its own.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err its messages
 */
record ProcessRun(int code, String out, String err) {
  /** Runs {@code lode} as a user does. */
  static ProcessRun lode(Object... arguments) throws Exception {
    return run(command(arguments));
  }

  /** Returns the command line of {@code lode} as users start it. */
  static List<String> command(Object... arguments) {
    return command(List.of("--enable-native-access=ALL-UNNAMED"), arguments);
  }

  /** Returns the command line of {@code lode} with other options for Java. */
  static List<String> command(List<String> javaOptions, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // They live for a second: compiling for speed would take longer than it saves.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(javaOptions);
    command.add("-cp");
    command.add(classPath());
    command.add("io.lode.cli.Main");
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    return command;
  }

  /** Runs any command and waits for its end. */
  static ProcessRun run(List<String> command) throws Exception {
    Path out = Files.createTempFile("lode-test-", ".out");
    Path err = Files.createTempFile("lode-test-", ".err");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/null"))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(Await.LIMIT_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("did not end: " + command + "\n" + Files.readString(err));
      }
      return new ProcessRun(process.exitValue(), read(out), read(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Runs a command of the system that must succeed. */
  static void system(Object... command) throws Exception {
    ProcessRun run = run(Arrays.stream(command).map(Object::toString).toList());
    if (run.code != 0) {
      throw new AssertionError(Arrays.toString(command) + ": " + run);
    }
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), UTF_8);
  }

  /** The tests run on the module path: all of it is on the class path of the child. */
  private static String classPath() {
    return String.join(
        File.pathSeparator,
        Stream.of("jdk.module.path", "java.class.path")
            .map(System::getProperty)
            .filter(path -> path != null && !path.isEmpty())
            .toList());
  }
}
