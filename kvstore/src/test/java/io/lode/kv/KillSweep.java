package io.lode.kv;

import io.lode.crashtest.Operation;
import io.lode.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Kills a JVM at each persist of each operation, on emulated persistent memory and on a file, opens
 * the pool that it leaves, and looks whether all that had returned is there.
 */
final class KillSweep {
  /** Every operation of {@link KvRollSubject}, some of them twice, and two segments filled. */
  private static final String PROGRAM = "0.1.2.4.3.0.2.1.4.1.3";

  private static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1");

  /** Where pools lie, and what that is taken for. */
  record Place(Path folder, Map<String, String> environment) {
    static List<Place> all(Path disk) {
      return List.of(
          new Place(Path.of("/dev/shm"), Map.of("PMEM2_FORCE_GRANULARITY", "CACHE_LINE")),
          new Place(disk, Map.of()));
    }
  }

  private record Kill(Place place, int point, String how) {}

  private final List<Map<String, String>> states = new ArrayList<>();
  private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());

  KillSweep() {
    Map<String, String> state = Map.of();
    states.add(state);
    List<Operation<KvStore, Map<String, String>>> operations = new KvRollSubject().operations();
    for (String index : PROGRAM.split("\\.", -1)) {
      state = operations.get(Integer.parseInt(index)).effect().apply(state);
      states.add(state);
    }
  }

  /** What went wrong. */
  List<String> wrong() {
    return wrong;
  }

  /**
   * Kills.
   *
   * @param disk a folder on a disk
   * @param deadlineNanos no kill begins after that
   * @param seed which kills come first
   * @return how many there were
   */
  long run(Path disk, long deadlineNanos, long seed) throws IOException {
    return Parallel.count(all(disk, seed), deadlineNanos, this::kill);
  }

  /** Kills so often, however long it takes; returns how many there were. */
  long runFirst(Path disk, int count, long seed) throws IOException {
    return Parallel.count(all(disk, seed).subList(0, count), this::kill);
  }

  private static List<Kill> all(Path disk, long seed) throws IOException {
    List<Kill> kills = new ArrayList<>();
    for (Place place : Place.all(disk)) {
      int points = points(place);
      for (int point = 0; point < points; point++) {
        kills.add(new Kill(place, point, "before"));
        kills.add(new Kill(place, point, "half"));
      }
    }
    Collections.shuffle(kills, new Random(seed));
    return kills;
  }

  private static int points(Place place) throws IOException {
    Path pool = newPool(place);
    List<String> lines = new ArrayList<>();
    try (Child child = start(place, pool, Integer.MAX_VALUE, "before")) {
      int status = child.await(lines);
      if (status != 0) {
        throw new IllegalStateException("without a kill the program ends with " + status + lines);
      }
      return Integer.parseInt(lines.getLast().substring("points ".length()));
    } finally {
      Files.deleteIfExists(pool);
    }
  }

  private static Path newPool(Place place) throws IOException {
    Path pool = Files.createTempFile(place.folder(), "lode-kill", ".pool");
    Files.write(pool, new byte[(int) new KvRollSubject().poolBytes()]);
    return pool;
  }

  private static Child start(Place place, Path pool, int point, String how) throws IOException {
    return Child.start(
        KillProgram.class, FLAGS, place.environment(), pool.toString(), PROGRAM, "" + point, how);
  }

  private void kill(Kill kill) throws IOException {
    Path pool = newPool(kill.place());
    try (Child child = start(kill.place(), pool, kill.point(), kill.how())) {
      List<String> lines = new ArrayList<>();
      int status = child.await(lines);
      long returned = lines.stream().filter("returned"::equals).count();
      if (status != KillProgram.KILLED) {
        wrong.add(kill + ": ends with " + status + ": " + lines);
      } else {
        verify(kill, pool, (int) returned - 1);
      }
    } finally {
      Files.deleteIfExists(pool);
    }
  }

  private void verify(Kill kill, Path pool, int returned) {
    var subject = new KvRollSubject();
    List<Map<String, String>> right =
        states.subList(Math.max(0, returned), Math.min(states.size(), returned + 2));
    try {
      Map<String, String> found;
      try (KvStore store = KvStore.open(pool, KvConfig.defaults())) {
        found = subject.observe(store);
        store.put(MemoryPools.bytes("after"), MemoryPools.bytes("the kill"));
      }
      try (KvStore store = KvStore.open(pool, KvConfig.defaults())) {
        boolean goesOn = store.size() == found.size() + 1 && store.recovery().clean();
        if (!right.contains(found) || !goesOn) {
          wrong.add(kill + ": after " + returned + " operations found " + found);
        }
      }
    } catch (StoreException.Full _) {
      // No room for one more; what was there was right.
    } catch (StoreException failure) {
      if (returned >= 0) {
        wrong.add(kill + ": after " + returned + " operations " + failure);
      }
    }
  }
}
