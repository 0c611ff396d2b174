package io.lode.bench.locality;

import io.lode.bench.run.RawMap;
import io.lode.pmem.PmemMap;
import java.lang.foreign.MemorySegment;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A source that is open to be measured. Its memory is three areas of one size: one is only read and
 * holds a cycle of loads, one is written, one holds a key-value store.
 */
final class Target implements AutoCloseable {
  static final int AREAS = 3;

  private final TargetFacts facts;
  private final PmemMap map;
  private final @Nullable PmemMap lines;
  private final @Nullable RawMap raw;
  private final LongFunction<RawMap> fresh;
  private final Runnable onClose;
  private @Nullable StoreArea store;

  /**
   * Takes a source.
   *
   * @param facts what is known of it
   * @param map its memory as the medium gives it
   * @param lines the same with flush instructions; null where they cannot run
   * @param raw the same mapped plainly; null where there is no file
   * @param fresh maps so many bytes of its writable area anew
   * @param onClose gives all of it back
   */
  Target(
      TargetFacts facts,
      PmemMap map,
      @Nullable PmemMap lines,
      @Nullable RawMap raw,
      LongFunction<RawMap> fresh,
      Runnable onClose) {
    this.facts = facts;
    this.map = map;
    this.lines = lines;
    this.raw = raw;
    this.fresh = fresh;
    this.onClose = onClose;
  }

  TargetFacts facts() {
    return facts;
  }

  PmemMap map() {
    return map;
  }

  @Nullable PmemMap lines() {
    return lines;
  }

  @Nullable RawMap raw() {
    return raw;
  }

  RawMap fresh(long bytes) {
    return fresh.apply(Math.min(bytes, facts.areaBytes()));
  }

  /** Returns one of the areas. */
  private MemorySegment area(int number) {
    return map.segment().asSlice(number * facts.areaBytes(), facts.areaBytes());
  }

  /** Returns the memory that is only read. */
  MemorySegment readArea() {
    return area(0);
  }

  /** Returns where the writable area begins. */
  long writeOffset() {
    return facts.areaBytes();
  }

  /** Returns the writable area, for a store that does not stay. */
  MemorySegment writeArea() {
    return area(1);
  }

  /** Returns the key-value store, filled when it is first asked for. */
  StoreArea store() {
    StoreArea filled = store;
    if (filled == null) {
      filled = new StoreArea(area(2), map.granularity()).fill();
      store = filled;
    }
    return filled;
  }

  @Override
  public void close() {
    if (store != null) {
      store.close();
    }
    onClose.run();
  }
}
