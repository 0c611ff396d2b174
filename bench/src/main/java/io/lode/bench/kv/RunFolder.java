package io.lode.bench.kv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder of this run's own on the medium. It goes when the run ends. */
final class RunFolder implements AutoCloseable {
  private final Path path;
  private int children;

  private RunFolder(Path path) {
    this.path = path;
  }

  static RunFolder in(Path medium) throws IOException {
    return new RunFolder(Files.createTempDirectory(medium, "lode-bench-"));
  }

  Path path() {
    return path;
  }

  /** Makes a folder for a store. */
  Path newStore() throws IOException {
    return Files.createDirectory(path.resolve("store-" + children++));
  }

  /** Deletes a folder and what is in it. */
  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    // A process that is being killed may still add a file, or take one away.
    for (int attempt = 0; attempt < 3; attempt++) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
        return;
      } catch (NoSuchFileException | UncheckedIOException gone) {
        // once more
      } catch (IOException notEmpty) {
        // once more
      }
    }
  }

  @Override
  public void close() {
    delete(path);
  }
}
