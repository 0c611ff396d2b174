package io.lode.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the files of a benchmark are.
 *
 * @param path a folder
 * @param emulated whether it is memory in which flush instructions are to be run all the same
 */
public record MediumFolder(Path path, boolean emulated) {
  /** The name of the medium that every Linux has. */
  public static final String EMULATED = "emulated";

  private static final String GRANULARITY = "io.lode.pmem.granularity";
  private static final Path MEMORY = Path.of("/dev/shm");

  /**
   * Finds the medium.
   *
   * @param name a folder, or {@link #EMULATED}
   * @throws BenchException if it is not a folder that can be written
   */
  public static MediumFolder of(String name) {
    boolean emulated = name.equals(EMULATED);
    try {
      Path folder = emulated ? MEMORY : Path.of(name);
      BenchException.require(
          Files.isDirectory(folder) && Files.isWritable(folder),
          name + ": " + folder + " is not a folder that can be written");
      return new MediumFolder(folder, emulated);
    } catch (InvalidPathException notAPath) {
      throw new BenchException(BenchException.USAGE, name + ": not a path");
    }
  }

  /** Has this process flush lines as well, if it is emulated. Call it before anything is mapped. */
  public void force() {
    if (emulated) {
      System.setProperty(GRANULARITY, "CACHE_LINE");
    }
  }

  /** Returns the JVM options that have a child flush lines as well. */
  public List<String> jvmOptions() {
    return emulated ? List.of("-D" + GRANULARITY + "=CACHE_LINE") : List.of();
  }

  /**
   * Refuses a folder with other files: they compete for the room, and none of them is to be touched
   * by mistake. Memory is everybody's; there a folder of its own has to do.
   *
   * @return this
   * @throws BenchException if there is anything but {@code lost+found}
   */
  public MediumFolder requireEmpty() {
    if (emulated) {
      return this;
    }
    try (Stream<Path> files = Files.list(path)) {
      files
          .filter(file -> !file.endsWith("lost+found"))
          .findFirst()
          .ifPresent(file -> {
            throw new BenchException(
                BenchException.USAGE,
                "%s is not empty (%s): name an empty folder".formatted(path, file.getFileName()));
          });
      return this;
    } catch (IOException failure) {
      throw new BenchException(BenchException.SYSTEM, path + ": " + failure.getMessage());
    }
  }

  /**
   * Refuses a medium that is too small.
   *
   * @param bytes what a run needs at a time
   * @param advice what to do if there is less
   * @throws BenchException if there is less
   */
  public void requireRoom(long bytes, String advice) {
    try {
      long usable = Files.getFileStore(path).getUsableSpace();
      if (usable < bytes) {
        throw new BenchException(
            BenchException.FULL,
            "%s has room for %s, the run needs %s: %s"
                .formatted(
                    path, Figures.bytes((double) usable), Figures.bytes((double) bytes), advice));
      }
    } catch (IOException failure) {
      throw new BenchException(BenchException.SYSTEM, path + ": " + failure.getMessage());
    }
  }
}
