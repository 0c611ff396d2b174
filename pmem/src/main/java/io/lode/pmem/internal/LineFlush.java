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
 * @param blocks the blocks of the file, without which a store would end the process
 */
record LineFlush(Routines routines, boolean eadr, DamagedPages damaged, FileBlocks blocks)
    implements FlushStrategy {
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
    requireStorable(map, offset, length);
    routines.copy(map, offset, source, sourceOffset, length, flags, eadr);
  }

  @Override
  public void fill(MapMemory map, long offset, long length, byte value, CopyFlags flags) {
    requireStorable(map, offset, length);
    routines.fill(map, offset, length, value, flags, eadr);
  }

  @Override
  public void ensureAllocated(MapMemory map, long offset, long length) {
    damaged.requireNone(offset, length);
    blocks.ensure(map, offset, length);
  }

  private void requireStorable(MapMemory map, long offset, long length) {
    damaged.requireNone(offset, length);
    blocks.require(map, offset, length);
  }
}
