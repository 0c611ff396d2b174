package io.lode.crashtest.probe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.lode.pmem.PmemMap;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.function.Consumer;

/** Accesses memory in every way that can be recorded; the test loads it again and rewrites it. */
public final class Accesses implements Consumer<PmemMap> {
  private static final VarHandle LONG = JAVA_LONG.varHandle();
  private static final VarHandle SECOND =
      MemoryLayout.structLayout(JAVA_INT.withName("a"), JAVA_INT.withName("b"))
          .varHandle(PathElement.groupElement("b"));
  private static final VarHandle ELEMENT = JAVA_LONG.arrayElementVarHandle();

  /** Random numbers that are the same in each run. */
  public static long drawn() {
    return new SecureRandom().nextLong();
  }

  @Override
  public void accept(PmemMap map) {
    MemorySegment memory = map.segment();
    MemorySegment heap = MemorySegment.ofArray(new byte[64]);
    byte[] bytes = new byte[16];
    memory.set(JAVA_LONG, 0, 1);
    memory.setAtIndex(JAVA_INT, 4, 2);
    LONG.setRelease(memory, 24L, 3L);
    LONG.setVolatile(memory, 32L, 4L);
    LONG.compareAndSet(memory, 40L, 0L, 5L);
    SECOND.set(memory, 48L, 6);
    ELEMENT.setRelease(memory, 0L, 7L, 7L);
    memory.asSlice(64, 8).fill((byte) 8);
    memory.asSlice(72, 16).copyFrom(MemorySegment.ofArray(new byte[] {9, 9}));
    MemorySegment.copy(heap, 0, memory, 88, 8);
    MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, 96, 4);
    memory.setString(200, "ten", StandardCharsets.UTF_8);
    heap.set(JAVA_BYTE, 0, (byte) 1);
    long ignored = memory.get(JAVA_LONG, 0) + memory.getAtIndex(JAVA_INT, 2);
    ignored += (long) LONG.getAcquire(memory, 16L);
    MemorySegment.copy(memory, 24, heap, 0, 8);
    MemorySegment.copy(memory, JAVA_BYTE, 32, bytes, 0, 4);
    ignored += memory.asSlice(40, 8).toArray(JAVA_BYTE).length;
    ignored += memory.asSlice(48, 8).mismatch(heap);
    ignored += MemorySegment.mismatch(heap, 0, 8, memory, 56, 64);
    map.flush(0, 64);
    map.drain();
    memory.asSlice(64, 32).force();
    if (ignored == 42) {
      throw new IllegalStateException();
    }
  }
}
