package io.lode.bench.locality;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.PmemMap;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Copies blocks from the heap with the library's routines. */
final class Copies implements Kernel {
  private final PmemMap map;
  private final Walk walk;
  private final int blockBytes;
  private final CopyFlags flags;
  private final MemorySegment source;

  /**
   * Prepares.
   *
   * @param map where to
   * @param walk which block comes next
   * @param blockBytes how large it is
   * @param flags how they are copied, and whether they are flushed
   */
  Copies(PmemMap map, Walk walk, int blockBytes, CopyFlags flags) {
    this.map = map;
    this.walk = walk;
    this.blockBytes = blockBytes;
    this.flags = flags;
    byte[] bytes = new byte[blockBytes];
    Arrays.fill(bytes, (byte) 0x5A);
    this.source = MemorySegment.ofArray(bytes);
  }

  @Override
  public long run(long accesses) {
    for (long access = 0; access < accesses; access++) {
      map.copy(walk.next(), source, 0, blockBytes, flags);
    }
    return accesses;
  }
}
