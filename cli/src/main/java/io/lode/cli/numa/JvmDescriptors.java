package io.lode.cli.numa;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The files that the JVM holds open for itself. They are not marked close-on-exec, and must be
 * distinguished from those that the caller opened for the command, by what they are.
 */
final class JvmDescriptors {
  private static final Path OPEN = Path.of("/proc/self/fd");
  private static final Set<Path> RANDOM = Set.of(Path.of("/dev/random"), Path.of("/dev/urandom"));
  private static final int FIRST_AFTER_STREAMS = 3;

  private JvmDescriptors() {}

  /** Returns the descriptors of those that are open. */
  static List<Integer> open() throws IOException {
    Path javaHome = Path.of(System.getProperty("java.home")).toRealPath();
    Set<Path> libraries = foldersOfTheClassPath();
    List<Integer> own = new ArrayList<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(OPEN)) {
      for (Path link : links) {
        int descriptor = Integer.parseInt(link.getFileName().toString());
        if (descriptor >= FIRST_AFTER_STREAMS && isOfTheJvm(link, javaHome, libraries)) {
          own.add(descriptor);
        }
      }
    } catch (DirectoryIteratorException failed) {
      throw failed.getCause();
    }
    return own;
  }

  private static boolean isOfTheJvm(Path link, Path javaHome, Set<Path> libraries) {
    Path file;
    try {
      file = Files.readSymbolicLink(link);
    } catch (IOException closedMeanwhile) {
      return false;
    }
    boolean isLibrary = file.toString().endsWith(".jar") && libraries.contains(file.getParent());
    return isLibrary || file.startsWith(javaHome) || RANDOM.contains(file);
  }

  /** A jar's manifest names further jars, which are next to it here. */
  private static Set<Path> foldersOfTheClassPath() {
    Set<Path> folders = new HashSet<>();
    for (String property : List.of("java.class.path", "jdk.module.path")) {
      for (String entry : System.getProperty(property, "").split(File.pathSeparator, -1)) {
        folder(entry).ifPresent(folders::add);
      }
    }
    return folders;
  }

  private static Optional<Path> folder(String jar) {
    try {
      return Optional.ofNullable(Path.of(jar).toRealPath().getParent());
    } catch (IOException missing) {
      // The JVM ignores it too.
      return Optional.empty();
    }
  }
}
