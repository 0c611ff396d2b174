package io.lode.pmem.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.CopyFlags;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Copies and fills are right to the byte, for every alignment, length, overlap and flag. */
class NativeRoutinesCopyTest {
  private static final Routines ROUTINES = Objects.requireNonNull(Routines.find().routines());

  /** Every combination that chooses another path, with caches in the domain and not. */
  private static final CopyFlags[] FLAGS = {
    CopyFlags.NONE,
    CopyFlags.NO_FLUSH,
    CopyFlags.NON_TEMPORAL,
    CopyFlags.TEMPORAL,
    CopyFlags.WRITE_COMBINE.and(CopyFlags.NO_DRAIN),
    CopyFlags.WRITE_BACK.and(CopyFlags.NO_DRAIN),
  };

  private static final long SEED = Long.getLong("lode.seed", System.nanoTime());

  private final Random random = new Random(SEED);

  @Test
  void everyLengthAtTheEdgesOfAPage() {
    try (var map = new GuardedPages(1);
        var source = new GuardedPages(1)) {
      randomise(source.segment());
      for (int length = 0; length <= 1100; length++) {
        for (var flags : FLAGS) {
          for (boolean eadr : new boolean[] {false, true}) {
            long end = 4096L - length;
            copyAndCheck(map.map(), end, source.segment(), end, length, flags, eadr);
            copyAndCheck(map.map(), 0, source.segment(), 0, length, flags, eadr);
            fillAndCheck(map.map(), end, length, flags, eadr);
          }
        }
      }
    }
  }

  @Test
  void everyAlignmentOfBothSides() {
    try (var map = new GuardedPages(1);
        var source = new GuardedPages(1)) {
      randomise(source.segment());
      for (int to = 0; to < 64; to++) {
        for (int from = 0; from < 64; from++) {
          for (int length :
              new int[] {1, 7, 8, 63, 64, 65, 200, 256, 300, 1 + random.nextInt(1024)}) {
            var flags = FLAGS[random.nextInt(FLAGS.length)];
            boolean eadr = random.nextBoolean();
            copyAndCheck(map.map(), to, source.segment(), from, length, flags, eadr);
            fillAndCheck(map.map(), to, length, flags, eadr);
          }
        }
      }
    }
  }

  @Test
  void sourceMayBeAnArray() {
    try (var map = new GuardedPages(1)) {
      var array = new byte[4096];
      random.nextBytes(array);
      for (int round = 0; round < 20_000; round++) {
        int length = random.nextInt(1100);
        int from = random.nextInt(4096 - length + 1);
        int to = random.nextInt(4096 - length + 1);
        var flags = FLAGS[random.nextInt(FLAGS.length)];
        var source = MemorySegment.ofArray(array).asReadOnly();
        copyAndCheck(map.map(), to, source, from, length, flags, random.nextBoolean());
      }
      var longs = MemorySegment.ofArray(new long[] {1, 2, 3});
      copyAndCheck(map.map(), 5, longs, 3, 20, CopyFlags.NONE, false);
    }
  }

  @Test
  void rangesMayOverlapEitherWay() {
    try (var map = new GuardedPages(1)) {
      for (int round = 0; round < 40_000; round++) {
        int length = random.nextInt(1100);
        int from = random.nextInt(4096 - length + 1);
        int shift = random.nextInt(-length - 9, length + 9);
        int to = Math.clamp(from + shift, 0, 4096 - length);
        randomise(map.segment());
        var flags = FLAGS[random.nextInt(FLAGS.length)];
        copyAndCheck(map.map(), to, map.segment(), from, length, flags, random.nextBoolean());
      }
    }
  }

  @Test
  void lengthsAroundAPieceAndLonger() {
    try (var map = new GuardedPages(80);
        var source = new GuardedPages(80)) {
      randomise(source.segment());
      for (int round = 0; round < 1500; round++) {
        int length = random.nextInt(1, 5) * 65536 + random.nextInt(-130, 131);
        int slack = 80 * 4096 - length;
        int to = random.nextInt(slack + 1);
        int from = random.nextInt(slack + 1);
        var flags = FLAGS[random.nextInt(FLAGS.length)];
        boolean eadr = random.nextBoolean();
        // Out of place, in place with overlap of all distances, and a fill.
        copyAndCheck(map.map(), to, source.segment(), from, length, flags, eadr);
        copyAndCheck(map.map(), to, map.segment(), from, length, flags, eadr);
        fillAndCheck(map.map(), to, length, flags, eadr);
      }
    }
  }

  @Test
  void copyOntoItselfStoresNothing() {
    try (var map = new GuardedPages(40)) {
      randomise(map.segment());
      map.forbidStores();
      for (var flags : FLAGS) {
        for (long length : new long[] {0, 1, 1000, 70_000, 150_000}) {
          copyAndCheck(map.map(), 13, map.segment(), 13, length, flags, false);
          copyAndCheck(map.map(), 13, map.segment(), 13, length, flags, true);
        }
      }
    }
  }

  private void copyAndCheck(
      MapMemory map,
      long offset,
      MemorySegment source,
      long sourceOffset,
      long length,
      CopyFlags flags,
      boolean eadr) {
    var expected = map.segment().toArray(ValueLayout.JAVA_BYTE);
    MemorySegment.copy(source, sourceOffset, MemorySegment.ofArray(expected), offset, length);
    ROUTINES.copy(map, offset, source, sourceOffset, length, flags, eadr);
    check(map, expected, "copy", offset, sourceOffset, length, flags, eadr);
  }

  private void fillAndCheck(
      MapMemory map, long offset, long length, CopyFlags flags, boolean eadr) {
    var expected = map.segment().toArray(ValueLayout.JAVA_BYTE);
    byte value = (byte) random.nextInt();
    Arrays.fill(expected, (int) offset, (int) (offset + length), value);
    ROUTINES.fill(map, offset, length, value, flags, eadr);
    check(map, expected, "fill", offset, value, length, flags, eadr);
  }

  private static void check(
      MapMemory map,
      byte[] expected,
      String operation,
      long offset,
      long from,
      long length,
      CopyFlags flags,
      boolean eadr) {
    long wrong = map.segment().mismatch(MemorySegment.ofArray(expected));
    if (wrong != -1) { // the message is costly, and there are a million checks
      assertThat(wrong)
          .as(
              "%s to %d from %d length %d %s eadr %s seed %d",
              operation, offset, from, length, flags, eadr, SEED)
          .isEqualTo(-1);
    }
  }

  private void randomise(MemorySegment segment) {
    var bytes = new byte[(int) segment.byteSize()];
    random.nextBytes(bytes);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
  }
}
