package io.lode.pool;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.Granularity;
import io.lode.pmem.PmemMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Memory that nothing is known of but its content: as fast as a map can be. */
public final class PlainMemory implements PmemMap {
  private final MemorySegment memory;

  public PlainMemory(int sizeBytes) {
    memory = Arena.ofAuto().allocate(sizeBytes, PoolFormat.COPY_STRIDE_BYTES);
  }

  public void load(byte[] image) {
    memory.copyFrom(MemorySegment.ofArray(image));
  }

  public byte[] contents() {
    return memory.toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public MemorySegment segment() {
    return memory;
  }

  @Override
  public Granularity granularity() {
    return Granularity.CACHE_LINE;
  }

  @Override
  public boolean isEmulated() {
    return true;
  }

  @Override
  public String flushPrimitive() {
    return "none";
  }

  @Override
  public void flush(long offset, long length) {}

  @Override
  public void drain() {}

  @Override
  public void copy(
      long offset, MemorySegment source, long sourceOffset, long length, CopyFlags flags) {
    MemorySegment.copy(source, sourceOffset, memory, offset, length);
  }

  @Override
  public void fill(long offset, long length, byte value, CopyFlags flags) {
    memory.asSlice(offset, length).fill(value);
  }

  @Override
  public void close() {}
}
