package io.lode.pmem.internal;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.internal.cpu.MapMemory;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * For maps with nothing to make durable: they are anonymous, private or read-only. Copies use
 * Java's stores, for which a page without memory is an error instead of the end of the process.
 *
 * @param faults turns faults into exceptions
 */
record NoFlush(Faults faults) implements FlushStrategy {
  @Override
  public String flushName() {
    return "none";
  }

  @Override
  public void flush(MapMemory map, long offset, long length) {
    // There is nothing to write back to.
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
