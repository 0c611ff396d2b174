package io.lode.crashtest.trace;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What rewritten code reports to: finds the map that a segment is a part of, and makes code under
 * test that draws random numbers repeatable.
 */
public final class Tracer {
  private volatile TracedMap[] maps = {};
  private final ThreadLocal<SplittableRandom> random =
      ThreadLocal.withInitial(() -> new SplittableRandom(0));

  private final HandleAccess.Known handles = new HandleAccess.Known();

  /**
   * Lets a map see what is done to its segment.
   *
   * @param map the map
   */
  public synchronized void watch(TracedMap map) {
    TracedMap[] more = Arrays.copyOf(maps, maps.length + 1);
    more[maps.length] = map;
    maps = more;
  }

  /**
   * Ends what {@link #watch} began.
   *
   * @param map the map
   */
  public synchronized void forget(TracedMap map) {
    maps = Arrays.stream(maps).filter(other -> other != map).toArray(TracedMap[]::new);
  }

  /**
   * Starts the random numbers that code under test draws on this thread.
   *
   * @param seed where they start
   */
  public void seed(long seed) {
    random.set(new SplittableRandom(seed));
  }

  SplittableRandom random() {
    return random.get();
  }

  HandleAccess.Known handles() {
    return handles;
  }

  @Nullable TracedMap mapOf(MemorySegment segment) {
    if (!segment.isNative()) {
      return null;
    }
    long address = segment.address();
    for (TracedMap map : maps) {
      if (map.contains(address)) {
        return map;
      }
    }
    return null;
  }

  void stored(Site site, MemorySegment segment, long offset, long length, Order order) {
    TracedMap map = mapOf(segment);
    if (map != null) {
      map.stored(site, segment.address() + offset, length, order);
    }
  }

  void loading(Site site, MemorySegment segment, long offset, long length) {
    TracedMap map = mapOf(segment);
    if (map != null) {
      map.loading(site, segment.address() + offset, length);
    }
  }
}
