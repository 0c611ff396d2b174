package io.lode.probe;

import io.lode.pmem.internal.jna.LibC;
import io.lode.pmem.internal.jna.NativeLibraries;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.IntFunction;

/** Opens the descriptor of a case, for the duration of the case. */
final class Descriptors {
  private static final LibC LIBC = Objects.requireNonNull(NativeLibraries.libc().library());

  private Descriptors() {}

  static String with(String source, IntFunction<String> use) {
    String[] words = source.split(":", 3);
    if (words[1].equals("number")) {
      return use.apply(Integer.parseInt(words[2]));
    }
    int flags =
        switch (words[1]) {
          case "ro" -> LibC.O_RDONLY;
          case "wo" -> LibC.O_WRONLY;
          case "path" -> LibC.O_PATH;
          default -> LibC.O_RDWR;
        };
    // A FIFO opened for reading waits for its writer.
    int nonBlocking = 0x800;
    int fd = LIBC.open((words[2] + "\0").getBytes(StandardCharsets.UTF_8), flags | nonBlocking, 0);
    if (fd < 0) {
      return "cannot open " + NativeLibraries.errno();
    }
    if (words[1].equals("closed")) {
      LIBC.close(fd);
      return use.apply(fd);
    }
    try {
      return use.apply(fd);
    } finally {
      LIBC.close(fd);
    }
  }
}
