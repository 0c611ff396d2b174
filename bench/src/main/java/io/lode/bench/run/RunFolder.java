package io.lode.bench.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder of a run's own, deleted with all that is in it by closing. */
public final class RunFolder implements AutoCloseable {
  private final Path path;
  private int children;

  private RunFolder(Path path) {
    this.path = path;
  }

  /** Makes a new folder in another. */
  public static RunFolder in(Path parent) throws IOException {
    return new RunFolder(Files.createTempDirectory(parent, "lode-bench-"));
  }

  /** Returns the folder. */
  public Path path() {
    return path;
  }

  /** Makes a folder in it, which closing deletes, or this. */
  public RunFolder newChild() throws IOException {
    return new RunFolder(Files.createDirectory(path.resolve("store-" + children++)));
  }

  @Override
  public void close() {
    // A process that is being killed may still add a file, or take one away.
    for (int attempt = 0; attempt < 3 && Files.exists(path); attempt++) {
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      } catch (IOException | UncheckedIOException changed) {
        // once more
      }
    }
  }
}
