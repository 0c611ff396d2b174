package io.lode.bench.run;

import io.lode.pmem.Granularity;
import io.lode.pmem.MapConfig;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Source;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of its own on the medium, mapped and populated; closing it deletes the file. */
public final class ScratchMemory implements AutoCloseable {
  private final Path file;
  private final PmemMap map;

  private ScratchMemory(Path file, PmemMap map) {
    this.file = file;
    this.map = map;
  }

  /**
   * Makes one.
   *
   * @param folder on the medium; it exists
   * @param lengthBytes how large, a multiple of the page size
   * @return the memory, zeros
   */
  public static ScratchMemory in(Path folder, long lengthBytes) {
    try {
      Path file = Files.createTempFile(folder, "lode-bench-", ".scratch");
      try (var content = new RandomAccessFile(file.toFile(), "rw")) {
        content.setLength(lengthBytes);
      }
      try (Source source = Source.of(file)) {
        return new ScratchMemory(file, MapConfig.of(Granularity.PAGE).map(source));
      } catch (RuntimeException failure) {
        Files.deleteIfExists(file);
        throw failure;
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Returns the memory.
   *
   * @return the map, for as long as this is open
   */
  public PmemMap map() {
    return map;
  }

  /**
   * Returns the file, for others to map as well.
   *
   * @return its path
   */
  public Path file() {
    return file;
  }

  @Override
  public void close() {
    map.close();
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
