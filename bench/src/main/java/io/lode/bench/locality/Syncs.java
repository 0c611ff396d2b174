package io.lode.bench.locality;

import io.lode.bench.run.BenchException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Copies blocks from the heap into a plain mapping, and lets msync(2) write their pages back. */
final class Syncs implements Kernel {
  private final RawMap map;
  private final Walk walk;
  private final MemorySegment source;
  private final MemorySegment state = RawMap.newState();

  Syncs(RawMap map, Walk walk, int blockBytes) {
    this.map = map;
    this.walk = walk;
    byte[] bytes = new byte[blockBytes];
    Arrays.fill(bytes, (byte) 0x5A);
    this.source = MemorySegment.ofArray(bytes);
  }

  @Override
  public long run(long accesses) {
    long length = source.byteSize();
    for (long access = 0; access < accesses; access++) {
      long offset = walk.next();
      MemorySegment.copy(source, 0, map.segment(), offset, length);
      int errno = map.sync(offset, length, state);
      if (errno != 0) {
        throw new BenchException(BenchException.SYSTEM, "msync: errno " + errno);
      }
    }
    return accesses;
  }
}
