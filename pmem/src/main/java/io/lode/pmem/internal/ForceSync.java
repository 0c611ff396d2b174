package io.lode.pmem.internal;

import io.lode.pmem.CopyFlags;
import java.lang.foreign.MemorySegment;

/**
 * Stores become durable by the JDK's own flush: {@code force} on a map that a FileChannel made with
 * READ_WRITE_SYNC. For fsdax files where the routines of this library cannot run.
 *
 * @param faults turns faults into exceptions
 */
record ForceSync(Faults faults) implements Persistence {
  @Override
  public String flushName() {
    return "force";
  }

  @Override
  public void flush(MemorySegment map, long offset, long length) {
    if (length != 0) {
      map.asSlice(offset, length).force();
    }
  }

  @Override
  public void drain() {
    // force has fenced already.
  }

  @Override
  public void copy(
      MemorySegment map,
      long offset,
      MemorySegment source,
      long sourceOffset,
      long length,
      CopyFlags flags) {
    faults.guard(
        map, offset, length, () -> MemorySegment.copy(source, sourceOffset, map, offset, length));
    flush(map, offset, flags.contains(CopyFlags.NO_FLUSH) ? 0 : length);
  }

  @Override
  public void fill(MemorySegment map, long offset, long length, byte value, CopyFlags flags) {
    faults.guard(map, offset, length, () -> map.asSlice(offset, length).fill(value));
    flush(map, offset, flags.contains(CopyFlags.NO_FLUSH) ? 0 : length);
  }
}
