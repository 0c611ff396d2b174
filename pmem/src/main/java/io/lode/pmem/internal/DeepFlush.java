package io.lode.pmem.internal;

import io.lode.pmem.PmemError;
import io.lode.pmem.internal.cpu.MapMemory;
import io.lode.pmem.internal.cpu.Routines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The way in which a map makes a range durable even if the platform's flush at power loss fails.
 */
sealed interface DeepFlush {
  /** For maps where persist is already the deepest flush. */
  DeepFlush NOTHING = new Nothing();

  /**
   * Flushes a range, which has been checked.
   *
   * @param map the whole map
   * @param offset first byte
   * @param length bytes
   * @throws io.lode.pmem.PmemException if it cannot, or if the medium failed
   */
  void range(MapMemory map, long offset, long length);

  /** Does nothing. */
  record Nothing() implements DeepFlush {
    @Override
    public void range(MapMemory map, long offset, long length) {
      // Persist has already reached the medium.
    }
  }

  /**
   * For memory that is on no device, or on an unknown one.
   *
   * @param place for the message
   * @param why the reason
   */
  record Unsupported(String place, String why) implements DeepFlush {
    @Override
    public void range(MapMemory map, long offset, long length) {
      throw Failures.of("deep flush", place, PmemError.NOSUPP, why);
    }
  }

  /**
   * For a file, whose device the kernel knows.
   *
   * @param pages syncs the file's pages
   */
  record OfFile(PageSync pages) implements DeepFlush {
    @Override
    public void range(MapMemory map, long offset, long length) {
      if (length != 0) {
        pages.flush(map, offset, length);
      }
    }
  }

  /**
   * For a devdax device: flushes the CPU's cache lines, then the buffers of the device's region.
   *
   * @param routines null if the map is never written
   * @param region its folder in sysfs, null if it has none
   * @param place for messages
   */
  record OfDevice(@Nullable Routines routines, @Nullable Path region, String place)
      implements DeepFlush {
    @Override
    public void range(MapMemory map, long offset, long length) {
      if (routines != null) {
        routines.persist(map, offset, length);
      }
      if (region == null) {
        throw Failures.of(
            "deep flush", place, PmemError.DAX_REGION_NOT_FOUND, "its device is on no region");
      }
      Path attribute = region.resolve("deep_flush");
      try {
        // "0" means that the platform has no flush of its own: a power failure flushes by itself.
        if (!Files.readString(attribute, StandardCharsets.US_ASCII).startsWith("0")) {
          Files.writeString(attribute, "1", StandardCharsets.US_ASCII);
        }
      } catch (NoSuchFileException e) {
        // The kernel knows of no buffers beyond the flushed cache lines.
      } catch (IOException e) {
        throw failed(attribute, e);
      }
    }

    private RuntimeException failed(Path attribute, IOException cause) {
      RuntimeException failure =
          Failures.of(
              "deep flush",
              place,
              PmemError.IO_FAIL,
              attribute + ": " + cause.getMessage(),
              "ask as root (only root may write it), and check the kernel log");
      failure.initCause(cause);
      return failure;
    }
  }
}
