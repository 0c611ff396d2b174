package io.lode.bench.locality;

import io.lode.bench.run.SystemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds processes that have a file or device open or mapped: not all of them lock it. */
final class InUse {
  private static final Path PROCESSES = Path.of("/proc");

  private InUse() {}

  /** Names another process that has it, as far as this one may see them. */
  static Optional<String> byAnother(Path file) throws IOException {
    Path real = file.toRealPath();
    String own = Long.toString(ProcessHandle.current().pid());
    try (Stream<Path> processes = Files.list(PROCESSES)) {
      return processes
          .filter(process -> process.getFileName().toString().matches("\\d+"))
          .filter(process -> !process.endsWith(own))
          .filter(process -> isMapping(process, real) || hasOpen(process, real))
          .findFirst()
          .map(process ->
              "process %s (%s)"
                  .formatted(process.getFileName(), SystemFiles.text(process.resolve("comm"))));
    }
  }

  private static boolean isMapping(Path process, Path file) {
    return SystemFiles.lines(process.resolve("maps")).stream()
        .anyMatch(line -> line.endsWith(" " + file));
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
}
