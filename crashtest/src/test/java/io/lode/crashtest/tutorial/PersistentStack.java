package io.lode.crashtest.tutorial;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.lode.pmem.PmemMap;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/** A stack of longs: a count in the first word, the values from the second line on. */
class PersistentStack {
  static final long BYTES = 1024;

  private static final long COUNT = 0;
  private static final long VALUES = 64;
  private static final VarHandle WORD = JAVA_LONG.varHandle();

  private final PmemMap map;
  private final MemorySegment memory;

  PersistentStack(PmemMap map) {
    this.map = map;
    this.memory = map.segment();
  }

  /**
   * Opens the existing content and makes it durable before serving it, whichever process stored it.
   */
  static PersistentStack recover(PmemMap map) {
    map.persist(COUNT, Long.BYTES);
    return new PersistentStack(map);
  }

  void push(long value) {
    long count = count();
    long place = VALUES + count * Long.BYTES;
    memory.set(JAVA_LONG, place, value);
    map.persist(place, Long.BYTES);
    publish(count + 1);
  }

  void pop() {
    publish(Math.max(0, count() - 1));
  }

  List<Long> values() {
    List<Long> values = new ArrayList<>();
    for (long i = 0; i < count(); i++) {
      values.add(memory.get(JAVA_LONG, VALUES + i * Long.BYTES));
    }
    return values;
  }

  final PmemMap map() {
    return map;
  }

  final MemorySegment memory() {
    return memory;
  }

  final long count() {
    return (long) WORD.getAcquire(memory, COUNT);
  }

  /** The count makes the values visible, so it is stored last, and atomically. */
  final void publish(long count) {
    if (count != count()) {
      WORD.setRelease(memory, COUNT, count);
      map.persist(COUNT, Long.BYTES);
    }
  }
}
