package io.lode.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that a run writes when it is done: whether it can is asked before it begins. */
public final class OutputFile {
  private OutputFile() {}

  /**
   * Checks that a file can be written, without changing it.
   *
   * @param file where, or null for nowhere
   * @throws BenchException if it cannot
   */
  public static void requireWritable(@Nullable Path file) {
    if (file == null) {
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    boolean writable =
        Files.exists(file)
            ? Files.isRegularFile(file) && Files.isWritable(file)
            : folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
    if (!writable) {
      throw new BenchException(
          BenchException.USAGE, file + " cannot be written: name a file in a folder that can be");
    }
  }

  /**
   * Writes a file.
   *
   * @param file where
   * @param content what
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, String content) throws IOException {
    Files.writeString(file, content);
  }
}
