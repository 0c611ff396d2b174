package io.lode.bench.persist;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lode.bench.run.BenchException;
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
 * The C program that calls the same routines, and libpmem: compiled into a folder of its own, which
 * is deleted when this is closed.
 */
final class CProgram implements AutoCloseable {
  /** libpmem2's threshold, which the library has too. */
  private static final String STREAM_FROM = "256";

  private final Path folder;
  private final Path program;

  private CProgram(Path folder, Path program) {
    this.folder = folder;
    this.program = program;
  }

  /**
   * Compiles it.
   *
   * @param flushPrimitive what the library flushes with on this CPU
   * @throws BenchException if there is no C compiler
   */
  static CProgram compile(String flushPrimitive) throws IOException {
    boolean isX86 = System.getProperty("os.arch").equals("amd64");
    Path folder = Files.createTempDirectory("lode-bench-c");
    var program = new CProgram(folder, folder.resolve("persist"));
    try {
      String assembly = isX86 ? "x86_64.S" : "aarch64.S";
      program.put("persist.c");
      program.put(assembly);
      List<String> command =
          List.of(
              System.getenv().getOrDefault("CC", "cc"),
              "-O2",
              "-Wall",
              "-Werror",
              "-DINSN=" + flushPrimitive.replace("dc ", ""),
              "-DSTREAM_FROM=" + (isX86 ? STREAM_FROM : "0"),
              "-o",
              program.program.toString(),
              folder.resolve("persist.c").toString(),
              folder.resolve(assembly).toString(),
              "-ldl");
      run(command);
      return program;
    } catch (IOException | RuntimeException failure) {
      program.close();
      throw failure;
    }
  }

  private void put(String name) throws IOException {
    try (InputStream content = CProgram.class.getResourceAsStream(name)) {
      Files.copy(Objects.requireNonNull(content, name), folder.resolve(name));
    }
  }

  /** Measures; returns nanoseconds a call, one for each measurement. */
  List<Double> measure(Path file, Implementation which, Call call, int length, Effort effort)
      throws IOException {
    List<String> command =
        List.of(
            program.toString(),
            file.toString(),
            which == Implementation.C ? "routines" : "libpmem",
            call.cName(),
            Integer.toString(length),
            Integer.toString(effort.warmUpMillis()),
            Integer.toString(effort.millis()),
            Integer.toString(effort.iterations()));
    List<Double> values = new ArrayList<>();
    for (String line : run(command)) {
      values.add(Double.parseDouble(line));
    }
    return values;
  }

  private static List<String> run(List<String> command) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException missing) {
      throw new BenchException(
          BenchException.SYSTEM,
          command.getFirst() + " cannot be run: install a C compiler (apt install gcc libc6-dev)");
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new BenchException(BenchException.SYSTEM, output.strip());
      }
    } catch (InterruptedException interrupted) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new BenchException(BenchException.SYSTEM, "interrupted");
    }
    return output.lines().toList();
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
