package io.lode.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.bench.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A benchmark that is told to end while it measures. */
public final class TerminatedRun {
  private TerminatedRun() {}

  /**
   * Runs one in a process of its own and ends it a little after a file has appeared.
   *
   * @param folder where the file is to appear
   * @param part of the file's name
   * @param out takes what the process says
   * @param arguments of the program
   * @return what it said
   */
  public static String of(Path folder, String part, Path out, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    try {
      awaitFile(folder, part);
      Thread.sleep(1500);
      // Not SIGINT, which a process in the background of a shell ignores.
      new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
    String said = Files.readString(out);
    assertThat(process.exitValue()).as(said).isEqualTo(143);
    return said;
  }

  private static void awaitFile(Path folder, String part) throws IOException, InterruptedException {
    for (int wait = 0; wait < 600; wait++) {
      try (Stream<Path> files = Files.list(folder)) {
        if (files.anyMatch(file -> file.getFileName().toString().contains(part))) {
          return;
        }
      }
      Thread.sleep(50);
    }
  }
}
