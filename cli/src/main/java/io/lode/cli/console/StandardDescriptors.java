package io.lode.cli.console;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The first three descriptors of the process. One that is closed when a process starts is given to
 * the next file that is opened: the JVM's own, which then reads as input, or a pool, to which
 * output would be printed.
 */
final class StandardDescriptors {
  private static final int COUNT = 3;

  /** Open for as long as the process lives. */
  private static final List<InputStream> OCCUPIED = new ArrayList<>();

  private static boolean inputWasClosed;

  private StandardDescriptors() {}

  /** Opens those that are closed, so that reading from them ends at once and writing fails. */
  static synchronized void occupy() {
    try {
      for (int descriptor = 0; descriptor < COUNT; descriptor++) {
        if (!Files.exists(link(descriptor), LinkOption.NOFOLLOW_LINKS)) {
          OCCUPIED.add(new FileInputStream("/dev/null"));
          inputWasClosed |= descriptor == 0;
        }
      }
    } catch (IOException unusual) {
      // Without /proc or /dev/null nothing can be told; then nothing is done.
      return;
    }
  }

  /** Returns standard input; reading fails if it was closed when the process started. */
  static synchronized InputStream input() {
    return inputWasClosed || isOfTheJvm() ? new Closed() : System.in;
  }

  private static boolean isOfTheJvm() {
    try {
      Path input = Files.readSymbolicLink(link(0));
      return Stream.concat(
              Stream.of(System.getProperty("java.home")),
              Stream.of("java.class.path", "jdk.module.path")
                  .flatMap(
                      name -> Stream.of(System.getProperty(name, "").split(File.pathSeparator)))
                  .filter(path -> path.endsWith(".jar")))
          .anyMatch(own -> isIn(input, own));
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }

  private static boolean isIn(Path file, String folder) {
    try {
      return file.startsWith(Path.of(folder).toRealPath());
    } catch (IOException absent) {
      return false;
    }
  }

  private static Path link(int descriptor) {
    return Path.of("/proc/self/fd/" + descriptor);
  }

  private static final class Closed extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("it is closed");
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return read();
    }
  }
}
