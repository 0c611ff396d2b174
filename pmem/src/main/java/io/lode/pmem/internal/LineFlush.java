package io.lode.pmem.internal;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.internal.cpu.MapMemory;
import io.lode.pmem.internal.cpu.Routines;
import java.lang.foreign.MemorySegment;

/**
 * Makes stores durable by the flush instructions of the CPU; with eADR they are durable once
 * globally visible.
 *
 * @param routines the instructions
 * @param eadr true if the caches are in the persistence domain: nothing is flushed
 * @param damaged pages that would end the process if touched
 */
record LineFlush(Routines routines, boolean eadr, DamagedPages damaged) implements FlushStrategy {
  @Override
  public String flushName() {
    return eadr ? "none" : routines.flushName();
  }

  @Override
  public void flush(MapMemory map, long offset, long length) {
    if (!eadr) {
      damaged.requireNone(offset, length);
      routines.flush(map, offset, length);
    }
  }

  @Override
  public void drain() {
    routines.drain();
  }

  @Override
  public void persist(MapMemory map, long offset, long length) {
    if (eadr) {
      routines.drain();
    } else {
      damaged.requireNone(offset, length);
      routines.persist(map, offset, length);
    }
  }

  @Override
  public void copy(
      MapMemory map,
      long offset,
      MemorySegment source,
      long sourceOffset,
      long length,
      CopyFlags flags) {
    damaged.requireNone(offset, length);
    routines.copy(map, offset, source, sourceOffset, length, flags, eadr);
  }

  @Override
  public void fill(MapMemory map, long offset, long length, byte value, CopyFlags flags) {
    damaged.requireNone(offset, length);
    routines.fill(map, offset, length, value, flags, eadr);
  }
}
