package io.lode.bench.run;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Files in which the kernel tells of the machine. One that is not there is empty. */
public final class SystemFiles {
  private static final Path OWN_IO = Path.of("/proc/self/io");

  private SystemFiles() {}

  /** Returns the content of a file without blanks around it. */
  public static String text(Path file) {
    return String.join("\n", lines(file)).strip();
  }

  /** Returns the lines of a file. */
  public static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, ISO_8859_1);
    } catch (IOException unknown) {
      return List.of();
    }
  }

  /** Returns the word in brackets, by which a setting in sysfs shows what is chosen. */
  public static String chosen(Path file) {
    return text(file).replaceAll(".*\\[(.*)].*", "$1");
  }

  /** Returns the value of the first line with a name and a colon. */
  public static Optional<String> field(Path file, String name) {
    return lines(file).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  /** Returns how many bytes this process has handed to write calls, 0 if the kernel is silent. */
  public static long writtenBytes() {
    return field(OWN_IO, "wchar:").map(Long::parseLong).orElse(0L);
  }
}
