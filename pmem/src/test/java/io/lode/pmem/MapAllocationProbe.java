package io.lode.pmem;

import io.lode.probe.AllocatedBytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Run as a JVM of its own: prints the bytes allocated by many calls on a map, once they are
 * compiled.
 */
final class MapAllocationProbe {
  private static final int CALLS = 20_000;

  /** Far more than the compiler needs, however busy the machine; the first ones are interpreted. */
  private static final int ROUNDS = 100;

  private MapAllocationProbe() {}

  /** Takes the file, whose granularity is forced by the environment, and the sharing. */
  public static void main(String[] args) throws Throwable {
    var allocated = AllocatedBytes.handle();
    try (Source source = Source.of(Path.of(args[0]));
        Arena arena = Arena.ofConfined()) {
      MemorySegment heap = MemorySegment.ofArray(new byte[100_000]);
      MemorySegment memory = arena.allocate(100_000);
      Sharing sharing = Sharing.valueOf(args[1]);
      try (PmemMap map = MapConfig.of(Granularity.PAGE).sharing(sharing).map(source)) {
        print(allocated, map, heap, memory);
      }
    }
  }

  private static void print(
      MethodHandle allocated, PmemMap map, MemorySegment heap, MemorySegment memory)
      throws Throwable {
    long least = Long.MAX_VALUE;
    for (int round = 0; least > 0 && round < ROUNDS; round++) {
      long before = (long) allocated.invokeExact();
      for (int call = 0; call < CALLS; call++) {
        calls(map, heap, memory, call % 3000);
      }
      least = Math.min(least, (long) allocated.invokeExact() - before);
    }
    System.out.println(map.granularity() + " " + map.flushPrimitive() + ": " + least);
  }

  private static void calls(PmemMap map, MemorySegment heap, MemorySegment memory, int offset) {
    map.copy(offset, heap, 0, 200, CopyFlags.NONE);
    map.copy(offset, memory, 8, 2000, CopyFlags.NO_DRAIN);
    map.copy(offset, map.segment(), 100_000, 64, CopyFlags.NO_FLUSH);
    map.fill(offset, 300, (byte) offset, CopyFlags.NONE);
    map.flush(offset, 100);
    map.drain();
    map.persist(0, 64);
  }
}
