package io.lode.pmem.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The checked-in bytes of a CPU, called by a small program under QEMU's user emulation. */
final class EmulatedRoutines {
  static final int MEMORY_BYTES = 4096;
  static final Path RESOURCES =
      Path.of("src", "main", "resources", "io", "lode", "pmem", "internal", "cpu");

  private static final String X86 = "x86_64";

  private final String cpu;
  private final Path folder;
  private final String tools;
  private final String emulator;
  private final Map<String, Long> entries = new HashMap<>();

  /** One call of a routine with the memory's cell as argument 0. */
  static final class Call {
    private static final long SOURCE_IN_MEMORY = 1;
    private static final long CLOSED = 2;

    private final String entry;
    private final long[] arguments;
    private final byte[] memory;
    private final boolean closed;

    /** Arguments 1 to 5, and what is in the memory before. */
    private Call(String entry, long[] arguments, byte[] memory, boolean closed) {
      this.entry = entry;
      this.arguments = arguments;
      this.memory = memory;
      this.closed = closed;
    }

    /** The same call of a map that is closed. */
    Call closed() {
      return new Call(entry, arguments, memory, true);
    }

    boolean isClosed() {
      return closed;
    }

    private long flags() {
      return (entry.startsWith("copy") ? SOURCE_IN_MEMORY : 0) | (closed ? CLOSED : 0);
    }

    String entry() {
      return entry;
    }

    long argument(int number) {
      return arguments[number - 1];
    }

    @Override
    public String toString() {
      return entry + Arrays.toString(arguments) + (closed ? " closed" : "");
    }

    /** A copy within the memory. */
    static Call copy(
        String entry, long offset, long sourceOffset, long length, long control, byte[] memory) {
      return new Call(entry, new long[] {offset, 0, sourceOffset, length, control}, memory, false);
    }

    static Call fill(
        String entry, long offset, long length, long value, long control, byte[] memory) {
      return new Call(entry, new long[] {offset, length, value, control, 0}, memory, false);
    }

    static Call flush(String entry, long offset, long length, long control, byte[] memory) {
      return new Call(entry, new long[] {offset, length, control, 0, 0}, memory, false);
    }
  }

  EmulatedRoutines(String cpu, Path folder) throws IOException {
    this.cpu = cpu;
    this.folder = folder;
    tools = cpu.equals(X86) ? "" : "aarch64-linux-gnu-";
    emulator = cpu.equals(X86) ? "qemu-x86_64" : "qemu-aarch64";
    for (var line : Files.readAllLines(RESOURCES.resolve(cpu + ".entries"))) {
      var columns = line.split(" ", -1);
      entries.put(columns[0], Long.parseLong(columns[1], 16));
    }
    var source = folder.resolve("harness.S");
    try (var stream = EmulatedRoutines.class.getResourceAsStream(cpu + "-harness.S")) {
      Files.write(source, Objects.requireNonNull(stream).readAllBytes());
    }
    var object = folder.resolve("harness.o").toString();
    CommandRun.run(tools + "as", "-I", RESOURCES.toString(), "-o", object, source.toString());
    CommandRun.run(tools + "ld", "-static", "-o", program(), object);
  }

  private String program() {
    return folder.resolve("harness").toString();
  }

  long offset(String entry) {
    return Objects.requireNonNull(entries.get(entry), entry);
  }

  /** Runs the calls; returns the memory after each. */
  List<byte[]> run(List<Call> calls) throws IOException, InterruptedException {
    return run(calls, List.of());
  }

  /** Runs the calls and writes every instruction of the routines with all registers to a file. */
  Path trace(List<Call> calls) throws IOException, InterruptedException {
    var log = folder.resolve("trace");
    var range = "0x%x+0x%x".formatted(codeAddress(), offset("size"));
    run(
        calls,
        List.of("-singlestep", "-d", "exec,nochain,cpu", "-dfilter", range, "-D", log.toString()));
    return log;
  }

  /** Returns where the harness holds the bytes. */
  long codeAddress() {
    return CommandRun.run(tools + "nm", program())
        .lines()
        .filter(line -> line.endsWith(" T code"))
        .mapToLong(line -> Long.parseLong(line.substring(0, 16), 16))
        .findFirst()
        .orElseThrow();
  }

  private List<byte[]> run(List<Call> calls, List<String> options)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(emulator, "-cpu", "max"));
    command.addAll(options);
    command.add(program());
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var answers = new ArrayList<byte[]>();
    try (var requests = process.getOutputStream();
        var replies = new DataInputStream(process.getInputStream())) {
      for (var call : calls) {
        requests.write(request(call));
        requests.flush();
        long result = Long.reverseBytes(replies.readLong());
        assertThat(result).as("result of %s", call).isEqualTo(call.closed ? 1 : 0);
        var memory = new byte[MEMORY_BYTES];
        replies.readFully(memory);
        answers.add(memory);
      }
    } catch (IOException e) {
      throw new IOException(cpu + " stopped at " + calls.get(answers.size()), e);
    } finally {
      process.destroy();
    }
    process.waitFor();
    return answers;
  }

  private byte[] request(Call call) {
    assertThat(call.memory).hasSize(MEMORY_BYTES);
    var buffer = ByteBuffer.allocate(56 + MEMORY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(offset(call.entry())).putLong(call.flags());
    for (long argument : call.arguments) {
      buffer.putLong(argument);
    }
    return buffer.put(call.memory).array();
  }
}
