package io.lode.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.lode.bench.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A benchmark that is told to end while it measures. */
public final class TerminatedRun {
  /** Ends what hangs; nothing that works comes near it. */
  private static final long LIMIT_MINUTES = 10;

  private static final long POLL_MILLIS = 20;

  private TerminatedRun() {}

  /** Tells from a file that the benchmark has come to what is to be interrupted. */
  @FunctionalInterface
  public interface Begun {
    /**
     * Tells it.
     *
     * @param file a file in the folder or below it
     * @return true if it has
     */
    boolean isShownBy(Path file) throws IOException;
  }

  /**
   * Runs one in a process of its own and ends it as soon as a file shows that it has begun.
   *
   * @param folder where the file is to appear
   * @param begun tells it from a file
   * @param out takes what the process says
   * @param arguments of the program
   * @return what it said
   */
  public static String of(Path folder, Begun begun, Path out, List<String> arguments)
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
      await(folder, begun, process, out);
      // SIGTERM: a process in the background of a shell ignores SIGINT.
      process.destroy();
      assertThat(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
    String said = Files.readString(out);
    assertThat(process.exitValue()).as(said).isEqualTo(143);
    return said;
  }

  private static void await(Path folder, Begun begun, Process process, Path out)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
    while (!hasBegun(folder, begun)) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        fail("it was over, or had not begun to measure: " + Files.readString(out));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static boolean hasBegun(Path folder, Begun begun) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).toList();
    } catch (UncheckedIOException gone) {
      return false;
    }
    for (Path file : files) {
      try {
        if (begun.isShownBy(file)) {
          return true;
        }
      } catch (NoSuchFileException gone) {
        // Of a round that is over.
      }
    }
    return false;
  }
}
