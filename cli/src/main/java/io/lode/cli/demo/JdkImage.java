package io.lode.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of the running JDK's image: input that every user has, and that is the same in two
 * JVMs.
 */
final class JdkImage {
  private final List<Path> files;

  private JdkImage(List<Path> files) {
    this.files = files;
  }

  /** Lists the first {@code limit} files, folder by folder, by name. */
  static JdkImage first(long limit) throws IOException {
    List<Path> files = new ArrayList<>();
    collect(FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules"), limit, files);
    return new JdkImage(List.copyOf(files));
  }

  /** Goes no further than necessary: walking the whole image takes a second of CPU time. */
  private static void collect(Path folder, long limit, List<Path> files) throws IOException {
    List<Path> entries;
    try (Stream<Path> unordered = Files.list(folder)) {
      entries = unordered.sorted().toList();
    }
    for (Path entry : entries) {
      if (files.size() >= limit) {
        return;
      }
      if (Files.isDirectory(entry)) {
        collect(entry, limit, files);
      } else {
        files.add(entry);
      }
    }
  }

  int count() {
    return files.size();
  }

  byte[] key(int index) {
    return files.get(index).toString().getBytes(UTF_8);
  }

  byte[] value(int index) throws IOException {
    return Files.readAllBytes(files.get(index));
  }

  long sizeBytes(int index) throws IOException {
    return Files.size(files.get(index));
  }
}
