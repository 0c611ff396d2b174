package io.lode.pmem.internal.cpu;

import io.lode.pmem.CopyFlags;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/**
 * Run as a JVM of its own: prints what was found, uses it, and says whether the bytes are right.
 */
final class RoutinesProbe {
  private RoutinesProbe() {}

  public static void main(String[] arguments) {
    var found = Routines.find();
    System.out.println("reason=" + found.reason());
    var routines = found.routines();
    if (routines == null) {
      return;
    }
    System.out.println("flush=" + routines.flushName());
    try (var arena = Arena.ofConfined()) {
      System.out.println("right=" + areBytesRight(routines, arena));
    }
  }

  private static boolean areBytesRight(Routines routines, Arena arena) {
    var random = new Random(1);
    var map = MapMemory.borrowed("probe", arena.allocate(4096));
    var expected = MemorySegment.ofArray(new byte[4096]);
    var source = MemorySegment.ofArray(random.ints(4096).toArray());
    for (int round = 0; round < 5000; round++) {
      int length = random.nextInt(1000);
      int offset = random.nextInt(4096 - length);
      var flags = new CopyFlags(random.nextInt(64));
      boolean eadr = random.nextBoolean();
      if (random.nextBoolean()) {
        routines.copy(map, offset, source, round, length, flags, eadr);
        MemorySegment.copy(source, round, expected, offset, length);
      } else {
        routines.fill(map, offset, length, (byte) round, flags, eadr);
        expected.asSlice(offset, length).fill((byte) round);
      }
      routines.flush(map, offset, length);
      routines.drain();
      routines.persist(map, offset, length);
    }
    return map.segment().mismatch(expected) == -1;
  }
}
