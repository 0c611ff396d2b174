package io.lode.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of the running JDK's image: input that every user has, and the same in two JVMs. */
final class JdkImage {
  private final List<Path> files;

  private JdkImage(List<Path> files) {
    this.files = files;
  }

  /** Lists the files in the order of their names, the first {@code limit} of them. */
  static JdkImage first(long limit) throws IOException {
    Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
    try (Stream<Path> all = Files.walk(modules)) {
      return new JdkImage(all.filter(Files::isRegularFile).sorted().limit(limit).toList());
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
