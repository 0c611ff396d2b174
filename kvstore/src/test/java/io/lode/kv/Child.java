package io.lode.kv;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that runs a class of these tests. */
final class Child implements AutoCloseable {
  /** Ends what hangs; nothing that works comes near it. */
  private static final long LIMIT_MINUTES = 10;

  private final Process process;
  private final BufferedReader out;
  private volatile boolean isOverdue;

  private Child(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    CompletableFuture<Void> _ =
        process
            .onExit()
            .completeOnTimeout(process, LIMIT_MINUTES, TimeUnit.MINUTES)
            .thenAccept(this::endIfOverdue);
  }

  /**
   * Starts one.
   *
   * @param main the class
   * @param flags flags of the JVM
   * @param environment variables beside the inherited ones
   * @param arguments for the class
   */
  static Child start(
      Class<?> main, List<String> flags, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=/dev/null",
            "--enable-native-access=ALL-UNNAMED"));
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new Child(builder.start());
  }

  private static String classPath() {
    // Under surefire the modules are on the module path; a child takes all from the class path.
    String modules = System.getProperty("jdk.module.path", "");
    String classes = System.getProperty("java.class.path");
    String own =
        Path.of(Child.class.getProtectionDomain().getCodeSource().getLocation().getPath())
            .toString();
    return modules.isEmpty() ? classes : String.join(":", own, modules, classes);
  }

  /** Reads until a line starts with a text; null if the process ended first. */
  String await(String start, List<String> lines) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      lines.add(line);
      if (line.startsWith(start)) {
        return line;
      }
    }
    return "";
  }

  /** Whoever reads its output sees the end of it then. */
  private void endIfOverdue(Process child) {
    if (child.isAlive()) {
      isOverdue = true;
      child.destroyForcibly();
    }
  }

  /** Writes to the program. */
  void tell(char character) {
    try {
      OutputStream in = process.getOutputStream();
      in.write(character);
      in.flush();
    } catch (IOException _) {
      // It has ended already; how, its status says.
    }
  }

  /** Gives the program its sign to stop. */
  void stop() {
    try (OutputStream in = process.getOutputStream()) {
      in.write('\n');
    } catch (IOException _) {
      // It has ended already; how, its status says.
    }
  }

  /** Reads the rest of its output and waits for its end. */
  int await(List<String> lines) throws IOException {
    await("\0", lines);
    try {
      int status = process.waitFor();
      if (isOverdue) {
        throw new IOException("a child does not end: " + lines);
      }
      return status;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
