package io.lode.bench.locality;

import io.lode.bench.run.BenchException;
import io.lode.numa.NodeThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;

/**
 * Writes the zeros of a file from a node with memory: the pages of its cache come to lie there. No
 * hole is left, for a store to one could meet a full file system.
 */
final class NewContent {
  private static final int CHUNK_BYTES = 1 << 20;

  private NewContent() {}

  static void write(Machine machine, Path file, long lengthBytes) throws IOException {
    Machine.Node home =
        machine.nodesWithCpus().stream()
            .filter(node -> node.memoryBytes() > 0)
            .findFirst()
            .orElse(machine.nodesWithCpus().getFirst());
    try (ExecutorService thread = NodeThreads.onCpus(home.cpuSet(), "content-").newExecutor(1)) {
      thread
          .submit(() -> {
            write(file, lengthBytes);
            return true;
          })
          .get();
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof IOException io
          ? new BenchException(BenchException.FULL, file + " cannot be written: " + io.getMessage())
          : new IllegalStateException(failure.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new BenchException(BenchException.SYSTEM, "interrupted");
    }
  }

  private static void write(Path file, long lengthBytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long written = 0;
      while (written < lengthBytes) {
        zeros.clear().limit((int) Math.min(CHUNK_BYTES, lengthBytes - written));
        written += channel.write(zeros, written);
      }
      channel.force(true);
    }
  }
}
