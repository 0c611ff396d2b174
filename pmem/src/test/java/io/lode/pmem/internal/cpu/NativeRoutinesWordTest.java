package io.lode.pmem.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.CopyFlags;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Aligned words of 8 bytes are never seen half written, in the head and tail of a range neither.
 *
 * <p>A race that this CPU may show or not; {@link PersistOrderTest} says the same of each store
 * that executes.
 */
class NativeRoutinesWordTest {
  private static final Routines ROUTINES = Objects.requireNonNull(Routines.find().routines());
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final long SEED = Long.getLong("lode.seed", System.nanoTime());

  /** Few lines, so that reader and writer fight for each: a torn word is seen within a second. */
  private static final int WORDS = 20;

  /** What the writer does; every word it writes has eight equal bytes. */
  enum Writing {
    COPY,
    COPY_UNALIGNED_SOURCE,
    MOVE_UP_OR_DOWN,
    FILL
  }

  @ParameterizedTest
  @EnumSource
  void wordsStayWhole(Writing writing) {
    try (var pages = new GuardedPages(1)) {
      var map = pages.segment();
      var stop = new AtomicBoolean();
      var writer = CompletableFuture.runAsync(() -> write(writing, pages.map(), stop));
      try {
        for (int scan = 0; scan < 1_000_000 && !writer.isDone(); scan++) {
          for (int word = 0; word < WORDS; word++) {
            long value = (long) LONG.getVolatile(map, word * 8L);
            if (value != Long.rotateLeft(value, 8)) {
              assertThat(Long.toHexString(value))
                  .as("word %d, seed %d", word, SEED)
                  .isEqualTo("eight equal bytes");
            }
          }
        }
      } finally {
        stop.set(true);
        writer.join();
      }
    }
  }

  private static void write(Writing writing, MapMemory map, AtomicBoolean stop) {
    var random = new Random(SEED);
    var flags = new CopyFlags[] {CopyFlags.NONE, CopyFlags.NON_TEMPORAL};
    var sources = new MemorySegment[16];
    for (int index = 0; index < sources.length; index++) {
      sources[index] = MemorySegment.ofArray(new byte[WORDS * 8 + 8]).fill((byte) (index * 17));
    }
    while (!stop.get()) {
      long length = 8L * random.nextInt(1, WORDS + 1);
      long offset = 8L * random.nextInt((int) (WORDS - length / 8 + 1));
      long from = 8L * random.nextInt((int) (WORDS - length / 8 + 1));
      var source = sources[random.nextInt(sources.length)];
      // Mostly without waiting for the memory: the more writes, the more chances to see one torn.
      int draw = random.nextInt(32);
      var chosen = draw < flags.length ? flags[draw] : CopyFlags.NO_FLUSH;
      switch (writing) {
        case COPY -> ROUTINES.copy(map, offset, source, 0, length, chosen, false);
        case COPY_UNALIGNED_SOURCE ->
            ROUTINES.copy(map, offset, source, random.nextInt(8), length, chosen, false);
        case MOVE_UP_OR_DOWN -> {
          ROUTINES.fill(map, offset, 8, (byte) random.nextInt(), chosen, false);
          ROUTINES.copy(map, offset, map.segment(), from, length, chosen, false);
        }
        case FILL -> ROUTINES.fill(map, offset, length, (byte) random.nextInt(), chosen, false);
      }
    }
  }
}
