package io.lode.pmem.internal.cpu;

import io.lode.pmem.CopyFlags;
import io.lode.probe.AllocatedBytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Run as a JVM of its own: prints the bytes allocated by many calls, once they are compiled. */
final class AllocationProbe {
  private static final int CALLS = 100_000;

  /** Far more than the compiler needs, however busy the machine; the first ones are interpreted. */
  private static final int ROUNDS = 100;

  private AllocationProbe() {}

  public static void main(String[] arguments) throws Throwable {
    var routines = Objects.requireNonNull(Routines.find().routines());
    var allocated = AllocatedBytes.handle();
    var array = new byte[70_000];
    try (var confined = Arena.ofConfined();
        var shared = Arena.ofShared()) {
      var own = MapMemory.borrowed("own", confined.allocate(70_000));
      var common = MapMemory.owned("common", shared.allocate(70_000));
      var heap = MemorySegment.ofArray(array);
      for (int length : new int[] {200, 4096, 70_000}) {
        long least = Long.MAX_VALUE;
        for (int round = 0; least > 0 && round < ROUNDS; round++) {
          long before = (long) allocated.invokeExact();
          calls(routines, own, common, heap, length, CALLS * 200 / length);
          least = Math.min(least, (long) allocated.invokeExact() - before);
        }
        System.out.println(length + " bytes: " + least + " allocated");
      }
    }
  }

  private static void calls(
      Routines routines,
      MapMemory own,
      MapMemory common,
      MemorySegment heap,
      int length,
      int count) {
    for (int call = 0; call < count; call++) {
      routines.copy(own, 0, heap, 0, length, CopyFlags.NONE, false);
      routines.copy(common, 0, heap, 0, length, CopyFlags.NO_DRAIN, false);
      routines.copy(own, 0, common.segment(), 0, length, CopyFlags.NON_TEMPORAL, true);
      routines.copy(own, 0, own.segment(), 0, length, CopyFlags.NONE, false);
      routines.fill(common, 0, length, (byte) call, CopyFlags.NO_FLUSH, false);
      routines.flush(common, 0, length);
      routines.drain();
      routines.persist(common, 0, length);
      routines.persist(own, 0, length);
    }
  }
}
