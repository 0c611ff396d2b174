package io.lode.pmem.internal.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.CopyFlags;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * No call into native code works on more than 64 KiB, so none holds up a safepoint for long. A map
 * that is closed is noticed between two calls and not within one: where a long operation stops when
 * its map is closed tells where a call ended.
 */
class CriticalCallTest {
  private static final Routines ROUTINES = Objects.requireNonNull(Routines.find().routines());
  private static final VarHandle BYTE = JAVA_BYTE.varHandle();
  private static final int PIECE = 1 << 16;
  private static final int SIZE = 48 << 20;
  private static final int ALIGNMENT = 1 << 20;

  /** With pieces of twice the length all of so many ends would be even: once in 4,096 runs. */
  private static final int ENDS = 12;

  /** Far more than it takes, also where two threads seldom run at the same time. */
  private static final int ROUNDS = 4000;

  /** A long operation on the destination. */
  private interface Operation {
    void run(MapMemory destination);
  }

  @Test
  void copyUp() {
    MemorySegment source = MemorySegment.ofArray(ones());
    endsAtPieces(true, map -> ROUTINES.copy(map, 0, source, 0, SIZE, CopyFlags.NO_DRAIN, false));
  }

  @Test
  void copyDown() {
    // The destination begins inside the source, so the copy runs from the end to the beginning.
    endsAtPieces(
        false,
        map ->
            ROUTINES.copy(map, PIECE, map.segment(), 0, SIZE - PIECE, CopyFlags.NO_DRAIN, false));
  }

  @Test
  void heldOpen() {
    MemorySegment source = MemorySegment.ofArray(ones());
    endsAtPieces(
        true,
        map ->
            ROUTINES.copy(
                MapMemory.borrowed("held", map.segment()),
                0,
                source,
                0,
                SIZE,
                CopyFlags.NO_DRAIN,
                false));
  }

  @Test
  void fill() {
    endsAtPieces(true, map -> ROUTINES.fill(map, 0, SIZE, (byte) 1, CopyFlags.NO_DRAIN, false));
  }

  /** What {@link MapMemory} leans on: a handshake does not pass a thread in a critical call. */
  @Test
  void closingAnArenaWaitsForTheCallsInProgress() throws Exception {
    var type = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    MethodHandle fill =
        Objects.requireNonNull(Startup.OUTCOME.loaded()).critical("fill_none", type, false);
    try (Arena owner = Arena.ofShared()) {
      MemorySegment memory = owner.allocate(SIZE, ALIGNMENT);
      for (byte value = 1; value <= 10; value++) {
        assertThat(lastByteOnceClosed(fill, memory, value)).isEqualTo(value);
      }
    }
  }

  /** Closes an arena of which the call knows nothing as soon as the first byte is written. */
  @SuppressWarnings("restricted")
  private static byte lastByteOnceClosed(MethodHandle fill, MemorySegment memory, byte value) {
    Arena closable = Arena.ofShared();
    var map = MemorySegment.ofAddress(memory.address()).reinterpret(SIZE, closable, null);
    MemorySegment cell = MapMemory.owned("map", map).cell();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                assertThat((int) fill.invokeExact(cell, 0L, (long) SIZE, (long) value, 64L))
                    .isZero();
              } catch (Throwable e) {
                throw new AssertionError(e);
              }
            });
    while ((byte) BYTE.getVolatile(memory, 0L) != value && caller.isAlive()) {
      Thread.onSpinWait();
    }
    closable.close();
    byte last = (byte) BYTE.getVolatile(memory, SIZE - 1L);
    join(caller);
    return last;
  }

  private static byte[] ones() {
    byte[] ones = new byte[SIZE];
    java.util.Arrays.fill(ones, (byte) 1);
    return ones;
  }

  @SuppressWarnings("restricted")
  private static void endsAtPieces(boolean upwards, Operation operation) {
    try (Arena owner = Arena.ofShared()) {
      // Aligned to more than a piece, lest the first one be shorter and the ends be shifted.
      MemorySegment memory = owner.allocate(SIZE, ALIGNMENT);
      BigInteger divisor = BigInteger.ZERO;
      int ends = 0;
      for (int round = 0; ends < ENDS && round < ROUNDS; round++) {
        prepare(upwards, memory);
        Arena closable = Arena.ofShared();
        MapMemory map =
            MapMemory.owned(
                "map", MemorySegment.ofAddress(memory.address()).reinterpret(SIZE, closable, null));
        if (interrupted(upwards, memory, map, closable, () -> operation.run(map))) {
          ends++;
          divisor = divisor.gcd(BigInteger.valueOf(end(upwards, memory)));
        }
      }
      assertThat(ends).as("operations that could be interrupted").isEqualTo(ENDS);
      assertThat(divisor.longValueExact()).isEqualTo(PIECE);
    }
  }

  /** Upwards zeros become ones; downwards each piece gets the mark of the one before it. */
  private static void prepare(boolean upwards, MemorySegment memory) {
    for (int piece = 0; piece < SIZE / PIECE; piece++) {
      memory.asSlice((long) piece * PIECE, PIECE).fill(upwards ? 0 : mark(piece));
    }
  }

  private static byte mark(int piece) {
    return (byte) (piece % 127 + 1);
  }

  private static boolean isDone(boolean upwards, int index, byte value) {
    return value == (upwards ? 1 : mark(index / PIECE - 1));
  }

  /** Closes the map as soon as the operation has begun; false if it came to its end first. */
  private static boolean interrupted(
      boolean upwards, MemorySegment memory, MapMemory map, Arena closable, Runnable operation) {
    var over = new AtomicBoolean();
    Thread closer =
        Thread.ofPlatform()
            .start(() -> {
              int first = upwards ? 0 : SIZE - 1;
              while (!isDone(upwards, first, memory.get(JAVA_BYTE, first)) && !over.get()) {
                Thread.onSpinWait();
              }
              map.close();
              close(closable);
            });
    try {
      operation.run();
      return false;
    } catch (IllegalStateException closed) {
      return true;
    } finally {
      over.set(true);
      join(closer);
    }
  }

  private static void close(Arena arena) {
    while (arena.scope().isAlive()) {
      try {
        arena.close();
      } catch (IllegalStateException inUse) {
        Thread.onSpinWait();
      }
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** How many bytes were written before the end. */
  private static long end(boolean upwards, MemorySegment memory) {
    byte[] bytes = memory.toArray(JAVA_BYTE);
    int done = 0;
    while (done < SIZE) {
      int index = upwards ? done : SIZE - 1 - done;
      if (!isDone(upwards, index, bytes[index])) {
        return done;
      }
      done++;
    }
    throw new AssertionError("the operation was not interrupted");
  }
}
