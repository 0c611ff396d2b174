package io.lode.cli.demo;

import io.lode.cli.console.ProgressBar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads in a separate process and kills it halfway. The process writes a line after each put; what
 * it wrote before it died stays in the pipe and is counted.
 */
final class LoadingProcess {
  /**
   * The result of {@link Process#waitFor} for a process that SIGKILL ended: 128 plus the signal's
   * number.
   */
  private static final int KILLED = 137;

  private static final String[] FORWARDED = {"io.lode.", "jna."};

  private LoadingProcess() {}

  /**
   * How the process ended.
   *
   * @param acknowledged the number of puts it acknowledged
   * @param killed whether it was SIGKILL that ended it
   * @param exitCode its exit code
   */
  record Outcome(int acknowledged, boolean killed, int exitCode) {}

  /** Loads until {@code killAt} puts are acknowledged, and then kills the process. */
  static Outcome run(Path pool, int files, int killAt, ProgressBar bar)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command(pool, files))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    // Its standard input stays open, because closing it would tell the process that this one is
    // gone.
    try (InputStream lines = process.getInputStream()) {
      int acknowledged = count(lines, process, killAt, bar);
      int exitCode = process.waitFor();
      return new Outcome(acknowledged, exitCode == KILLED, exitCode);
    } finally {
      process.toHandle().destroyForcibly();
    }
  }

  private static int count(InputStream lines, Process process, int killAt, ProgressBar bar)
      throws IOException {
    var buffer = new byte[1 << 16];
    int acknowledged = 0;
    boolean killed = false;
    for (int read = lines.read(buffer); read >= 0; read = lines.read(buffer)) {
      for (int index = 0; index < read; index++) {
        if (buffer[index] == '\n') {
          acknowledged++;
        }
      }
      bar.show(acknowledged, 0);
      if (!killed && acknowledged >= killAt) {
        // Through the handle, because Process.destroyForcibly closes the pipe with its unread
        // content.
        killed = process.toHandle().destroyForcibly();
      }
    }
    return acknowledged;
  }

  /** Returns the command line with this process's JVM and class path. */
  private static List<String> command(Path pool, int files) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    for (String name : System.getProperties().stringPropertyNames()) {
      for (String prefix : FORWARDED) {
        if (name.startsWith(prefix)) {
          command.add("-D" + name + "=" + System.getProperty(name));
        }
      }
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("io.lode.cli.Main");
    command.add(DemoLoadCommand.NAME);
    command.add(pool.toString());
    command.add(Integer.toString(files));
    return command;
  }
}
