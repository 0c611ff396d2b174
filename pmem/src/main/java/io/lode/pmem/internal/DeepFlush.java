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

/** How a map makes a range safe against the failure of what usually flushes at power loss. */
sealed interface DeepFlush {
  /** There is nothing deeper than what persist did. */
  DeepFlush NOTHING = new Nothing();

  /**
   * Flushes a range that was checked.
   *
   * @param map the whole map
   * @param offset first byte
   * @param length bytes
   * @throws io.lode.pmem.PmemException if it cannot, or if the medium failed
   */
  void range(MapMemory map, long offset, long length);

  /** Nothing to do. */
  record Nothing() implements DeepFlush {
    @Override
    public void range(MapMemory map, long offset, long length) {
      // Persist has reached the medium already.
    }
  }

  /**
   * Memory that is on no device.
   *
   * @param place for the message
   * @param why what it is
   */
  record Unsupported(String place, String why) implements DeepFlush {
    @Override
    public void range(MapMemory map, long offset, long length) {
      throw Failures.of("deep flush", place, PmemError.NOSUPP, why);
    }
  }

  /**
   * A file: the kernel knows its device.
   *
   * @param pages what msync works on
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
   * A devdax device: the CPU's lines first, then what its region has behind them.
   *
   * @param routines null where the map is never written through
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
        // "0" says that the platform has no flush of its own: power failure flushes by itself.
        if (!Files.readString(attribute, StandardCharsets.US_ASCII).startsWith("0")) {
          Files.writeString(attribute, "1", StandardCharsets.US_ASCII);
        }
      } catch (NoSuchFileException e) {
        // The kernel knows of nothing behind the lines that were flushed.
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
