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

/**
 * A new file on the medium, mapped and populated; closing deletes it.
 *
 * @param file its path, for others to map as well
 * @param map its memory
 */
public record ScratchMemory(Path file, PmemMap map) implements AutoCloseable {
  /** Makes a file of zeros; the length is a multiple of the page size. */
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
