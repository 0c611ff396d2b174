package io.lode.pool;

import io.lode.pmem.Granularity;
import io.lode.pmem.MapConfig;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Protection;
import io.lode.pmem.Source;
import io.lode.pmem.SourceKind;
import io.lode.store.Medium;
import io.lode.store.StoreException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Opens the file or device that a pool is on: locked, mapped, and checked.
 *
 * <p>The file is first mapped for reading and its header checked. Only a pool is then mapped for
 * writing, so a mistaken path destroys nothing.
 */
public final class DeviceFile {
  /** A pool has about this many segments, so that the open one is a small part of it. */
  private static final long SEGMENTS_WANTED = 32;

  /**
   * An open segment's summary is kept in memory: 1.5 MiB for records of 256 bytes, and as much
   * again for the next segment.
   */
  private static final long ENOUGH_SEGMENT_BYTES = 16L << 20;

  /** Upper limit on the number of segments; larger pools get larger segments. */
  private static final long MOST_SEGMENTS = 4096;

  private DeviceFile() {}

  /**
   * Opens a pool for writing.
   *
   * @param path its file or device
   * @param required the coarsest granularity allowed
   * @return the device, which owns its file and its map
   * @throws StoreException if there is none, or it cannot be opened
   */
  public static Device open(Path path, Granularity required) {
    String name = path.toString();
    Source source = PoolErrors.translate(name, () -> Source.of(path));
    try {
      lock(name, source);
      requireNotEmpty(name, source);
      try (PmemMap readable = map(name, source, Granularity.PAGE, Protection.READ)) {
        DeviceHeaders.read(name, readable);
      }
      return mapped(name, source, required, Protection.READ_WRITE);
    } catch (Throwable failure) {
      PoolErrors.closeAfter(failure, source);
      throw failure;
    }
  }

  /**
   * Opens a pool to be read only, together with others that do.
   *
   * @param path its file or device
   * @param required the coarsest granularity allowed
   * @return the device, which owns its file and its map
   * @throws StoreException if there is none, or it cannot be opened
   */
  public static Device openReadOnly(Path path, Granularity required) {
    String name = path.toString();
    Source source = PoolErrors.translate(name, () -> Source.readOnly(path));
    try {
      requireLock(name, source::tryLockShared);
      requireNotEmpty(name, source);
      return mapped(name, source, required, Protection.READ);
    } catch (Throwable failure) {
      PoolErrors.closeAfter(failure, source);
      throw failure;
    }
  }

  /**
   * Reads which pool is at a path, without its lock: it may be open elsewhere.
   *
   * @param path a file or device
   * @return the pool's id, empty if what is there is not a pool, or no header of it is whole
   * @throws StoreException if nothing is there, or it cannot be read
   */
  public static Optional<UUID> poolId(Path path) {
    String name = path.toString();
    try (Source source = PoolErrors.translate(name, () -> Source.readOnly(path))) {
      if (PoolErrors.translate(name, source::sizeBytes) < PoolFormat.SEGMENTS_OFFSET) {
        return Optional.empty();
      }
      try (PmemMap map = map(name, source, Granularity.PAGE, Protection.READ)) {
        return Optional.ofNullable(DeviceHeaders.current(map)).map(DeviceHeader::poolId);
      }
    }
  }

  /**
   * Makes a pool.
   *
   * @param path a file that does not exist, or a devdax device
   * @param capacityBytes size of a new file
   * @param segmentBytes size of a segment, 0 to choose
   * @param required the coarsest granularity allowed
   * @param overwrite whether what is there may be lost
   * @return the device, which owns its file and its map
   * @throws StoreException if it cannot be made; a file that was begun is removed again, and what
   *     was to be overwritten is as it was, unless it is a device
   */
  public static Device create(
      Path path, long capacityBytes, long segmentBytes, Granularity required, boolean overwrite) {
    String name = path.toString();
    if (isDevice(path)) {
      return format(path, name, segmentBytes, required, overwrite);
    }
    long capacity = checkedCapacity(capacityBytes, segmentBytes);
    if (overwrite && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      NewFile.replace(
          path, capacity, made -> format(made, name, segmentBytes, required, true).close());
      return open(path, required);
    }
    NewFile.make(path, capacity);
    try {
      return format(path, name, segmentBytes, required, true);
    } catch (Throwable failure) {
      NewFile.removeAfter(failure, path);
      throw failure;
    }
  }

  private static Device format(
      Path path, String name, long segmentBytes, Granularity required, boolean overwrite) {
    Source source = PoolErrors.translate(name, () -> Source.of(path));
    try {
      lock(name, source);
      PmemMap map = map(name, source, required, Protection.READ_WRITE);
      try {
        Medium medium = mediumOf(name, source, map);
        long segment = segmentBytes > 0 ? segmentBytes : defaultSegmentBytes(map.size());
        Device.format(medium, map, segment, overwrite);
        return Device.read(source, map, medium);
      } catch (Throwable failure) {
        PoolErrors.closeAfter(failure, map);
        throw failure;
      }
    } catch (Throwable failure) {
      PoolErrors.closeAfter(failure, source);
      throw failure;
    }
  }

  /**
   * Returns the segment size that suits a pool: about a thirty-second of it up to 16 MiB, and above
   * 64 GiB a four-thousandth; within the format's limits.
   *
   * @param poolBytes size of the pool
   * @return bytes
   */
  public static long defaultSegmentBytes(long poolBytes) {
    long wanted = Math.min(poolBytes / SEGMENTS_WANTED, ENOUGH_SEGMENT_BYTES);
    long least = Math.max(wanted, poolBytes / MOST_SEGMENTS);
    return Math.clamp(
        Long.highestOneBit(Math.max(1, least)),
        PoolFormat.MIN_SEGMENT_BYTES,
        PoolFormat.MAX_SEGMENT_BYTES);
  }

  private static Device mapped(
      String name, Source source, Granularity required, Protection protection) {
    PmemMap map = map(name, source, required, protection);
    try {
      return Device.read(source, map, mediumOf(name, source, map));
    } catch (Throwable failure) {
      PoolErrors.closeAfter(failure, map);
      throw failure;
    }
  }

  private static Medium mediumOf(String name, Source source, PmemMap map) {
    return new Medium(
        name,
        describe(source.kind()),
        map.granularity(),
        map.isEmulated(),
        map.flushPrimitive(),
        map.size(),
        source.granularity().durability(),
        source.location().numaNode());
  }

  private static PmemMap map(
      String name, Source source, Granularity required, Protection protection) {
    return PoolErrors.translate(
        name, () -> MapConfig.of(required).protection(protection).map(source));
  }

  private static void lock(String name, Source source) {
    requireLock(name, source::tryLock);
  }

  private static void requireLock(String name, Supplier<Boolean> tryLock) {
    if (!PoolErrors.translate(name, tryLock)) {
      throw new StoreException.Locked(
          name, "is open in another process or store; close it there, then try again");
    }
  }

  private static void requireNotEmpty(String name, Source source) {
    if (PoolErrors.translate(name, source::sizeBytes) == 0) {
      throw new StoreException.Foreign(
          name, "is empty, not a pool; nothing was changed. Remove it, then create a pool there");
    }
  }

  /** A device may be named by a link, as its names that stay are; a file may not. */
  private static boolean isDevice(Path path) {
    return Files.exists(path) && !Files.isRegularFile(path);
  }

  private static long checkedCapacity(long capacityBytes, long segmentBytes) {
    long segment = segmentBytes > 0 ? segmentBytes : PoolFormat.MIN_SEGMENT_BYTES;
    PoolFormat.requireSegmentSize(segment);
    if (PoolFormat.fittingSegments(capacityBytes, segment) < 1) {
      throw new IllegalArgumentException(
          "a pool of "
              + capacityBytes
              + " bytes has no room for a segment of "
              + segment
              + "; at least "
              + (PoolFormat.SEGMENTS_OFFSET + segment)
              + " are needed");
    }
    return capacityBytes;
  }

  private static String describe(SourceKind kind) {
    return switch (kind) {
      case FILE -> "file";
      case FSDAX_FILE -> "fsdax file";
      case DEVDAX -> "devdax";
      case SYSTEM_RAM_DAX -> "system-ram dax";
      case DISABLED_DAX -> "disabled dax";
      case FAMFS_DAX -> "famfs dax";
      case ANONYMOUS -> "memory";
    };
  }
}
