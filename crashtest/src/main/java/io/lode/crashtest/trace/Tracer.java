package io.lode.crashtest.trace;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Receives the reports of rewritten code: finds the map to which a segment belongs, and makes
 * random numbers in the code under test deterministic.
 */
public final class Tracer {
  /** Replaced under the monitor, read without it. */
  private volatile TracedMap[] maps = {};

  private final ThreadLocal<SplittableRandom> random =
      ThreadLocal.withInitial(() -> new SplittableRandom(0));

  @SuppressWarnings("ThreadLocalUsage") // one per tracer, and there are few
  private final ThreadLocal<Schedule.@Nullable Member> member = new ThreadLocal<>();

  private volatile boolean scheduling;

  @GuardedBy("this")
  private final Map<FileChannel, Path> channels = new WeakHashMap<>();

  private volatile FileEvent.@Nullable Observer files;

  private final HandleAccess.Known handles = new HandleAccess.Known();

  private final Set<Site> loaded = ConcurrentHashMap.newKeySet();
  private final Set<Site> reached = ConcurrentHashMap.newKeySet();

  /**
   * Starts observing the accesses to a map's segment.
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
   * Seeds the random numbers that code under test draws on this thread.
   *
   * @param seed the seed
   */
  public void seed(long seed) {
    random.set(new SplittableRandom(seed));
  }

  /**
   * Sets the observer of operations on files.
   *
   * @param observer the observer, null for none
   */
  public void observeFiles(FileEvent.@Nullable Observer observer) {
    files = observer;
  }

  /** Notes a place that stores, flushes or fences, in a class that is being loaded. */
  void loaded(Site site) {
    loaded.add(site);
  }

  /** Notes that a place was reached. */
  void reached(Site site) {
    reached.add(site);
  }

  /**
   * Returns the places in the loaded classes that store, flush or fence and were never reached.
   *
   * @return the places, sorted, each as {@link Site#toString} gives it
   */
  public List<String> unreached() {
    return loaded.stream()
        .filter(site -> !reached.contains(site))
        .map(Site::toString)
        .distinct()
        .sorted()
        .toList();
  }

  void file(FileEvent event) throws IOException {
    FileEvent.Observer observer = files;
    if (observer != null) {
      observer.next(event);
    }
  }

  synchronized FileChannel opened(Path path, FileChannel channel) {
    channels.put(channel, path);
    return channel;
  }

  synchronized Path pathOf(FileChannel channel) {
    return channels.getOrDefault(channel, Path.of(""));
  }

  /** Makes the calling thread a member of a schedule, or of none. */
  void join(Schedule.@Nullable Member joined) {
    scheduling = true;
    if (joined == null) {
      member.remove();
    } else {
      member.set(joined);
    }
  }

  Schedule.@Nullable Member member() {
    return scheduling ? member.get() : null;
  }

  /** Offers to switch threads, if the calling one is part of a schedule. */
  void point() {
    Schedule.Member joined = member();
    if (joined != null) {
      joined.point();
    }
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
      point();
      map.stored(site, segment.address() + offset, length, order);
    }
  }

  void loading(Site site, MemorySegment segment, long offset, long length) {
    TracedMap map = mapOf(segment);
    if (map != null) {
      point();
      map.loading(site, segment.address() + offset, length);
    }
  }
}
