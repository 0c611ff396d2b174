package io.lode.crashtest.tutorial;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.lode.crashtest.Operation;
import io.lode.crashtest.Subject;
import io.lode.pmem.PmemMap;
import java.util.List;

/** One word, with one operation for each rule of the linter. */
final class Wasteful implements Subject<PmemMap, Long> {
  @Override
  public long poolBytes() {
    return 4096;
  }

  @Override
  public PmemMap create(PmemMap map) {
    return map;
  }

  @Override
  public PmemMap open(PmemMap map) {
    return map;
  }

  @Override
  public void close(PmemMap map) {
    // The map belongs to the checker.
  }

  @Override
  public Long initial() {
    return 0L;
  }

  /** The value of the word does not matter: this is about flushes. */
  @Override
  public Long observe(PmemMap map) {
    return 0L;
  }

  @Override
  public List<Operation<PmemMap, Long>> operations() {
    return List.of(
        Operation.of("no flush", map -> map.segment().set(JAVA_LONG, 0, 1), state -> state),
        Operation.of("no fence", Wasteful::noFence, state -> state),
        Operation.of("flush of nothing", map -> map.persist(128, 8), state -> state),
        Operation.of("fence of nothing", PmemMap::drain, state -> state),
        Operation.of("line twice", Wasteful::lineTwice, state -> state),
        Operation.of("read", map -> map.segment().get(JAVA_LONG, 0), state -> state),
        Operation.of("change", Wasteful::change, state -> state));
  }

  @Override
  public boolean isOverwritable(long offset) {
    return offset < 1024;
  }

  private static void noFence(PmemMap map) {
    map.segment().set(JAVA_LONG, 64, 1);
    map.flush(64, 8);
  }

  private static void lineTwice(PmemMap map) {
    map.segment().set(JAVA_LONG, 256, 1);
    map.persist(256, 8);
    map.segment().set(JAVA_LONG, 264, 2);
    map.persist(264, 8);
  }

  private static void change(PmemMap map) {
    map.segment().set(JAVA_LONG, 1024, map.segment().get(JAVA_LONG, 1024) + 1);
    map.persist(1024, 8);
  }
}
