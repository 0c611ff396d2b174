package io.lode.bench.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A C program: compiled from resources into a folder of its own, which is deleted when this is
 * closed.
 */
public final class CompiledProgram implements AutoCloseable {
  private final Path folder;
  private final Path program;

  private CompiledProgram(Path folder) {
    this.folder = folder;
    this.program = folder.resolve("program");
  }

  /**
   * Compiles it.
   *
   * @param owner the class beside which the sources are
   * @param sources their names
   * @param options of the compiler
   * @return the program
   * @throws IOException if the sources cannot be put anywhere
   * @throws BenchException if there is no C compiler, or it refuses them
   */
  public static CompiledProgram compile(Class<?> owner, List<String> sources, List<String> options)
      throws IOException {
    var program = new CompiledProgram(Files.createTempDirectory("lode-bench-c"));
    try {
      List<String> command = new ArrayList<>();
      command.add(System.getenv().getOrDefault("CC", "cc"));
      command.addAll(List.of("-O2", "-Wall", "-Werror", "-o", program.program.toString()));
      for (String source : sources) {
        command.add(program.put(owner, source).toString());
      }
      command.addAll(options);
      execute(command);
      return program;
    } catch (IOException | RuntimeException failure) {
      program.close();
      throw failure;
    }
  }

  private Path put(Class<?> owner, String name) throws IOException {
    Path source = folder.resolve(name);
    try (InputStream content = owner.getResourceAsStream(name)) {
      Files.copy(Objects.requireNonNull(content, name), source);
    }
    return source;
  }

  /**
   * Runs it; each line that it prints is a number.
   *
   * @param arguments its arguments
   * @return the numbers
   * @throws BenchException if it fails, in its own words
   */
  public List<Double> run(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(arguments);
    return execute(command).stream().map(Double::parseDouble).toList();
  }

  private static List<String> execute(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.waitFor() != 0) {
        throw new BenchException(BenchException.SYSTEM, output.strip());
      }
      return output.lines().toList();
    } catch (IOException missing) {
      throw new BenchException(
          BenchException.SYSTEM,
          command.getFirst() + " cannot be run: install a C compiler (apt install gcc libc6-dev)");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new BenchException(BenchException.SYSTEM, "interrupted");
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
