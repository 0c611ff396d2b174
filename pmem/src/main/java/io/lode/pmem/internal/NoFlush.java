package io.lode.pmem.internal;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.internal.cpu.MapMemory;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * There is nothing to become durable: the map is anonymous or private, or may not be written.
 * Copies stay in Java, where a page that cannot be had is an error and not the end of the process.
 *
 * @param faults turns faults into exceptions
 */
record Volatile(Faults faults) implements Persistence {
  @Override
  public String flushName() {
    return "none";
  }

  @Override
  public void flush(MapMemory map, long offset, long length) {
    // Nothing to write back to.
  }

  @Override
  public void drain() {
    VarHandle.fullFence();
  }

  @Override
  public void persist(MapMemory map, long offset, long length) {
    drain();
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
      MemorySegment.copy(source, sourceOffset, map.segment(), offset, length);
      Faults.deliver();
    } catch (InternalError e) {
      throw faults.noMemory(offset, length, e);
    }
  }

  @Override
  public void fill(MapMemory map, long offset, long length, byte value, CopyFlags flags) {
    try {
      PlainFill.range(map.segment(), offset, length, value);
      Faults.deliver();
    } catch (InternalError e) {
      throw faults.noMemory(offset, length, e);
    }
  }
}
