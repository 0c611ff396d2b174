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
  /** Names the medium that every Linux has. */
  public static final String EMULATED = "emulated";

  private static final String GRANULARITY = "io.lode.pmem.granularity";
  private static final Path MEMORY = Path.of("/dev/shm");

  /**
   * Finds the medium.
   *
   * @param name a folder, or {@link #EMULATED}
   * @return the medium
   * @throws BenchException if it is not a folder that can be written
   */
  public static MediumFolder of(String name) {
    boolean emulated = name.equals(EMULATED);
    Path folder = emulated ? MEMORY : parsed(name);
    if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw new BenchException(
          BenchException.USAGE, name + ": " + folder + " is not a folder that can be written");
    }
    return new MediumFolder(folder, emulated);
  }

  /**
   * Lets this process flush lines as well, if it is emulated. To be called before anything is
   * mapped.
   */
  public void force() {
    if (emulated) {
      System.setProperty(GRANULARITY, "CACHE_LINE");
    }
  }

  /**
   * Returns what a child needs to flush lines as well.
   *
   * @return options of the JVM
   */
  public List<String> jvmOptions() {
    return emulated ? List.of("-D" + GRANULARITY + "=CACHE_LINE") : List.of();
  }

  /**
   * Refuses a folder with files of others: they compete for the room, and none of them is to be
   * touched by mistake. Memory is everybody's; there a folder of its own has to do.
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
                path + " is not empty (" + file.getFileName() + "): name an empty folder");
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
    long usable;
    try {
      usable = Files.getFileStore(path).getUsableSpace();
    } catch (IOException failure) {
      throw new BenchException(BenchException.SYSTEM, path + ": " + failure.getMessage());
    }
    if (usable < bytes) {
      throw new BenchException(
          BenchException.FULL,
          path
              + " has room for "
              + Figures.bytes((double) usable)
              + ", the run needs "
              + Figures.bytes((double) bytes)
              + ": "
              + advice);
    }
  }

  private static Path parsed(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException notAPath) {
      throw new BenchException(BenchException.USAGE, name + ": not a path");
    }
  }
}
