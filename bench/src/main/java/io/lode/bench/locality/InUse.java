package io.lode.bench.locality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds processes that have a file or device open or mapped: not everybody who uses one locks it.
 */
final class InUse {
  private static final Path PROCESSES = Path.of("/proc");

  private InUse() {}

  /** Returns another process that has it, as far as this one may see them. */
  static Optional<String> byAnother(Path file) throws IOException {
    Path real = file.toRealPath();
    long own = ProcessHandle.current().pid();
    try (Stream<Path> processes = Files.list(PROCESSES)) {
      return processes
          .filter(process -> process.getFileName().toString().matches("\\d+"))
          .filter(process -> !process.endsWith(Long.toString(own)))
          .filter(process -> isMapping(process, real) || hasOpen(process, real))
          .findFirst()
          .map(process -> "process " + process.getFileName() + name(process));
    }
  }

  private static boolean isMapping(Path process, Path file) {
    try (Stream<String> lines = Files.lines(process.resolve("maps"))) {
      return lines.anyMatch(line -> line.endsWith(" " + file));
    } catch (IOException | RuntimeException gone) {
      return false;
    }
  }

  private static boolean hasOpen(Path process, Path file) {
    try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
      return descriptors.anyMatch(descriptor -> isOf(descriptor, file));
    } catch (IOException | RuntimeException gone) {
      return false;
    }
  }

  private static boolean isOf(Path descriptor, Path file) {
    try {
      return Files.readSymbolicLink(descriptor).equals(file);
    } catch (IOException gone) {
      return false;
    }
  }

  private static String name(Path process) {
    try {
      return " (" + Files.readString(process.resolve("comm")).strip() + ")";
    } catch (IOException gone) {
      return "";
    }
  }
}
