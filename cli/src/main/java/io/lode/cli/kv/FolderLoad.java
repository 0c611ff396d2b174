package io.lode.cli.kv;

import io.lode.cli.console.Console;
import io.lode.cli.console.Failure;
import io.lode.cli.console.ProgressBar;
import io.lode.kv.KvWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Puts the files of a folder one after another, and counts them. */
final class FolderLoad {
  private final Console console;
  private final Path folder;
  private final Path pool;
  private final KvWriter writer;
  private final ValueLimit limit;
  private final ProgressBar bar;
  private final FileNames names;
  private long count;
  private long bytes;
  private long failed;
  private long skipped;

  FolderLoad(
      Console console, Path folder, Path pool, KvWriter writer, ValueLimit limit, ProgressBar bar) {
    this.console = console;
    this.folder = folder;
    this.pool = pool;
    this.writer = writer;
    this.limit = limit;
    this.bar = bar;
    this.names = new FileNames(folder);
  }

  /**
   * Walks the folder. A failure of the store ends the walk; a failure of a file is reported and
   * counted.
   */
  void run() throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            load(file, attributes);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            failed(failure);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) {
            if (failure != null) {
              failed(failure);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  long count() {
    return count;
  }

  long bytes() {
    return bytes;
  }

  long failed() {
    return failed;
  }

  long skipped() {
    return skipped;
  }

  private void load(Path file, BasicFileAttributes attributes) {
    try {
      if (!attributes.isRegularFile() || Files.isSameFile(file, pool)) {
        skipped++;
        return;
      }
      byte[] value = read(file);
      writer.put(names.key(file), value);
      count++;
      bytes += value.length;
      bar.show(count, bytes);
    } catch (IOException | IllegalArgumentException failure) {
      failed(failure);
    }
  }

  private byte[] read(Path file) throws IOException {
    // Links are not followed: what was a file a moment ago may be a link by now.
    try (InputStream stream = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return limit.read(stream, file.toString());
    }
  }

  private void failed(Exception failure) {
    failed++;
    bar.clear();
    console.error(Failure.of(failure).message());
  }
}
