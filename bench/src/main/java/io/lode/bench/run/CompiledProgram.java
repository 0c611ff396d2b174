package io.lode.bench.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A C program, compiled from resources into a folder of its own, which is deleted by closing. */
public final class CompiledProgram implements AutoCloseable {
  private final RunFolder folder;
  private final Path program;

  private CompiledProgram(RunFolder folder) {
    this.folder = folder;
    this.program = folder.path().resolve("program");
  }

  /**
   * Compiles a program.
   *
   * @param owner the class beside which the sources are
   * @param sources their names
   * @param options of the compiler
   * @throws IOException if the sources cannot be put anywhere
   * @throws BenchException if there is no C compiler, or it refuses them
   */
  public static CompiledProgram compile(Class<?> owner, List<String> sources, List<String> options)
      throws IOException {
    var program = new CompiledProgram(RunFolder.in(Path.of(System.getProperty("java.io.tmpdir"))));
    try {
      List<String> command = new ArrayList<>();
      command.add(System.getenv().getOrDefault("CC", "cc"));
      command.addAll(List.of("-O2", "-Wall", "-Werror", "-o", program.program.toString()));
      for (String name : sources) {
        Path source = program.folder.path().resolve(name);
        try (InputStream content = owner.getResourceAsStream(name)) {
          Files.copy(Objects.requireNonNull(content, name), source);
        }
        command.add(source.toString());
      }
      command.addAll(options);
      execute(command);
      return program;
    } catch (IOException | RuntimeException failure) {
      program.close();
      throw failure;
    }
  }

  /**
   * Runs the program, each line of whose output is a number.
   *
   * @throws BenchException if it fails, in its own words
   */
  public List<Double> run(List<String> arguments) {
    return execute(Stream.concat(Stream.of(program.toString()), arguments.stream()).toList())
        .stream()
        .map(Double::parseDouble)
        .toList();
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
  public void close() {
    folder.close();
  }
}
