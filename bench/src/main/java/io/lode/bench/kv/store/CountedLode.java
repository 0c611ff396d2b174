package io.lode.bench.kv.store;

import io.lode.bench.run.ScratchMemory;
import java.nio.file.Path;

/** A small store of Lode's in which every flush and fence is counted. */
public final class CountedLode implements AutoCloseable {
  private static final long BYTES = 64L << 20;

  private final ScratchMemory memory;
  private final WatchedMap map;
  private final Subject subject;

  /**
   * Makes one.
   *
   * @param folder on the medium
   */
  public CountedLode(Path folder) {
    memory = ScratchMemory.in(folder, BYTES);
    map = new WatchedMap(memory.map(), 0);
    subject = LodeStore.over(map);
  }

  /**
   * Returns the store.
   *
   * @return the open store, closed with this
   */
  public Subject subject() {
    return subject;
  }

  /**
   * Returns the counts.
   *
   * @return the map of the store
   */
  public WatchedMap map() {
    return map;
  }

  @Override
  public void close() {
    subject.close();
    memory.close();
  }
}
