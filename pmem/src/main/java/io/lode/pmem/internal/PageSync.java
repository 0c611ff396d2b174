package io.lode.pmem.internal;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.PmemException;
import io.lode.pmem.internal.cpu.MapMemory;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Makes stores durable by {@code msync(2)}, whole pages at a time. Copies use Java's stores: a
 * store to a page without memory (a hole on a full file system, a truncated file) is then an error
 * that can be caught, and the native call that ends each copy makes the JVM deliver it in time.
 *
 * <p>A copy that must bypass the caches and be durable is written to the file instead, if this
 * library opened it: on ext4 that takes about half the time.
 *
 * @param pageSizeBytes the unit of msync, a power of two
 * @param faults turns faults into exceptions
 * @param file writes to the mapped file, null if that is not possible
 */
record PageSync(long pageSizeBytes, Faults faults, @Nullable SyncedWrite file)
    implements FlushStrategy {
  PageSync(long pageSizeBytes, Faults faults) {
    this(pageSizeBytes, faults, null);
  }

  @Override
  public String flushName() {
    return "msync";
  }

  @Override
  public void flush(MapMemory map, long offset, long length) {
    try {
      sync(map, offset, length);
    } catch (InternalError e) {
      throw faults.noMemory(offset, length, e);
    }
  }

  @Override
  public void drain() {
    // msync has already waited.
  }

  @Override
  public void persist(MapMemory map, long offset, long length) {
    flush(map, offset, length);
  }

  @Override
  public void copy(
      MapMemory map,
      long offset,
      MemorySegment source,
      long sourceOffset,
      long length,
      CopyFlags flags) {
    try {
      if (length > 0
          && flags.contains(CopyFlags.NON_TEMPORAL)
          && !flags.contains(CopyFlags.NO_FLUSH)
          && write(map, offset, source, sourceOffset, length)) {
        return;
      }
      MemorySegment.copy(source, sourceOffset, map.segment(), offset, length);
      sync(map, offset, flags.contains(CopyFlags.NO_FLUSH) ? 0 : length);
    } catch (InternalError e) {
      throw faults.noMemory(offset, length, e);
    }
  }

  /** Writes to the file; false if that cannot be done. */
  private boolean write(
      MapMemory map, long offset, MemorySegment source, long sourceOffset, long length) {
    if (file == null) {
      return false;
    }
    int errno = file.write(map.segment(), offset, source, sourceOffset, length);
    if (errno > 0) {
      throw failed("write", offset, length, errno);
    }
    return errno == 0;
  }

  @Override
  public void fill(MapMemory map, long offset, long length, byte value, CopyFlags flags) {
    try {
      PlainFill.range(map.segment(), offset, length, value);
      sync(map, offset, flags.contains(CopyFlags.NO_FLUSH) ? 0 : length);
    } catch (InternalError e) {
      throw faults.noMemory(offset, length, e);
    }
  }

  private void sync(MapMemory map, long offset, long length) {
    // A pending error must not be thrown inside the call below, between acquiring and releasing the
    // map:
    // the map could then never be closed.
    Faults.deliver();
    long start = offset & -pageSizeBytes;
    long bytes = length == 0 ? 0 : offset + length - start;
    int errno = MapCall.sync(map.segment(), start, bytes);
    if (errno != 0) {
      throw failed("sync", offset, length, errno);
    }
  }

  private PmemException failed(String operation, long offset, long length, int errno) {
    return Failures.errno(
        operation,
        faults.range(offset, length),
        errno,
        "which part of the range is durable is unknown: read it again from the medium");
  }
}
