package io.lode.crashtest;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.Granularity;
import io.lode.pmem.PmemMap;
import java.lang.foreign.MemorySegment;

/**
 * A map that forwards every call to another one, for tests to step in between: override what should
 * fail, be counted, or be delayed. The other map stays its owner's; closing this one closes it.
 */
public class ForwardingMap implements PmemMap {
  private final PmemMap map;

  /**
   * Makes a map over another one.
   *
   * @param map gets all calls
   */
  public ForwardingMap(PmemMap map) {
    this.map = map;
  }

  @Override
  public MemorySegment segment() {
    return map.segment();
  }

  @Override
  public Granularity granularity() {
    return map.granularity();
  }

  @Override
  public boolean isEmulated() {
    return map.isEmulated();
  }

  @Override
  public String flushPrimitive() {
    return map.flushPrimitive();
  }

  @Override
  public void prefault(long offset, long length) {
    map.prefault(offset, length);
  }

  @Override
  public void ensureAllocated(long offset, long length) {
    map.ensureAllocated(offset, length);
  }

  @Override
  public void flush(long offset, long length) {
    map.flush(offset, length);
  }

  @Override
  public void drain() {
    map.drain();
  }

  @Override
  public void copy(
      long offset, MemorySegment source, long sourceOffset, long length, CopyFlags flags) {
    map.copy(offset, source, sourceOffset, length, flags);
  }

  @Override
  public void fill(long offset, long length, byte value, CopyFlags flags) {
    map.fill(offset, length, value, flags);
  }

  @Override
  public void close() {
    map.close();
  }
}
