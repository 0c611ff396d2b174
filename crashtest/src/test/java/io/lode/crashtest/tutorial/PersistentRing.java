package io.lode.crashtest.tutorial;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.lode.pmem.PmemMap;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * A queue of up to 8 longs: how many were ever added and taken, each in a line of its own, and the
 * slots, which are used again and again.
 */
class PersistentRing {
  static final long BYTES = 256;
  static final int CAPACITY = 8;

  private static final long ADDED = 0;
  private static final long TAKEN = 64;
  private static final long SLOTS = 128;
  private static final VarHandle WORD = JAVA_LONG.varHandle();

  private final PmemMap map;
  private final MemorySegment memory;

  PersistentRing(PmemMap map) {
    this.map = map;
    this.memory = map.segment();
  }

  /** Opens the existing content and makes it durable before serving it. */
  void recover() {
    map.persist(ADDED, Long.BYTES);
    map.persist(TAKEN, Long.BYTES);
  }

  void add(long value) {
    long added = counter(ADDED);
    if (added - counter(TAKEN) == CAPACITY) {
      throw new IllegalStateException("full");
    }
    memory.set(JAVA_LONG, slot(added), value);
    persistSlot(added);
    publish(ADDED, added + 1);
  }

  void take() {
    long taken = counter(TAKEN);
    if (taken < counter(ADDED)) {
      publish(TAKEN, taken + 1);
    }
  }

  List<Long> values() {
    List<Long> values = new ArrayList<>();
    for (long number = counter(TAKEN); number < counter(ADDED); number++) {
      values.add(memory.get(JAVA_LONG, slot(number)));
    }
    return values;
  }

  long slot(long number) {
    return SLOTS + number % CAPACITY * Long.BYTES;
  }

  void persistSlot(long number) {
    map.persist(slot(number), Long.BYTES);
  }

  final PmemMap map() {
    return map;
  }

  private long counter(long offset) {
    return (long) WORD.getAcquire(memory, offset);
  }

  private void publish(long offset, long count) {
    WORD.setRelease(memory, offset, count);
    map.persist(offset, Long.BYTES);
  }
}
