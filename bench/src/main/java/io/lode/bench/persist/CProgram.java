package io.lode.bench.persist;

import io.lode.bench.run.CompiledProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The C program that calls the same routines, and libpmem. */
record CProgram(CompiledProgram program) implements AutoCloseable {
  /** libpmem2's threshold, which the library has too. */
  private static final String STREAM_FROM = "256";

  /**
   * Compiles it for the instruction with which the library flushes on this CPU.
   *
   * @throws io.lode.bench.run.BenchException if there is no C compiler
   */
  static CProgram compile(String flushPrimitive) throws IOException {
    boolean isX86 = System.getProperty("os.arch").equals("amd64");
    return new CProgram(
        CompiledProgram.compile(
            CProgram.class,
            List.of("persist.c", isX86 ? "x86_64.S" : "aarch64.S"),
            List.of(
                "-DINSN=" + flushPrimitive.replace("dc ", ""),
                "-DSTREAM_FROM=" + (isX86 ? STREAM_FROM : "0"),
                "-ldl")));
  }

  /** Measures; returns nanoseconds per call, one for each measurement. */
  List<Double> measure(Path file, Implementation which, Call call, int length, Effort effort) {
    return program.run(
        List.of(
            file.toString(),
            which == Implementation.C ? "routines" : "libpmem",
            call.id(),
            Integer.toString(length),
            Integer.toString(effort.warmUpMillis()),
            Integer.toString(effort.millis()),
            Integer.toString(effort.iterations())));
  }

  @Override
  public void close() {
    program.close();
  }
}
