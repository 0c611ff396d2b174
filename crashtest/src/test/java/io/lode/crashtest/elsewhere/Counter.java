package io.lode.crashtest.elsewhere;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.lode.pmem.PmemMap;

/** A number, in another package than its subject. */
public final class Counter {
  private final PmemMap map;

  /**
   * Opens a number.
   *
   * @param map its memory
   */
  public Counter(PmemMap map) {
    this.map = map;
  }

  /** Adds one. */
  public void increment() {
    map.segment().set(JAVA_LONG, 0, value() + 1);
    map.persist(0, Long.BYTES);
  }

  /**
   * Returns the number.
   *
   * @return from 0
   */
  public long value() {
    return map.segment().get(JAVA_LONG, 0);
  }
}
