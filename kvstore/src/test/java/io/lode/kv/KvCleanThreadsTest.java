package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;
import static io.lode.kv.MemoryPools.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pool.PlainMemory;
import io.lode.pool.TestPools;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that write, delete and read while segments are cleaned and used again. */
class KvCleanThreadsTest {
  private static final int WRITERS = 2;
  private static final int KEYS = 120;
  private static final int ROUNDS = 40_000;

  private final long seed = Long.getLong("lode.seed", System.nanoTime());
  private final AtomicBoolean done = new AtomicBoolean();

  /** What was last written to each key, by its only writer, before the write or after it. */
  private final AtomicIntegerArray written = new AtomicIntegerArray(WRITERS * KEYS);

  private final Path path =
      Path.of("/dev/shm", "lode-cleaning-" + ProcessHandle.current().pid() + ".pool");

  @AfterEach
  void removePool() throws Exception {
    Files.deleteIfExists(path);
  }

  /** A value that names its key and its round, and is long enough to fill segments. */
  private static byte[] value(int key, int round) {
    return bytes(key + " " + round + " " + ".".repeat(round % 300));
  }

  private Void write(KvStore store, int writer) {
    var random = new Random(seed + writer);
    for (int round = 1; round <= ROUNDS; round++) {
      int key = writer * KEYS + random.nextInt(KEYS);
      if (round % 7 == 0) {
        byte[] own = bytes("short-lived " + writer + " " + round);
        store.put(own, value(key, round));
        assertThat(store.delete(own)).isTrue();
      } else if (round % 11 == 0) {
        store.write(
            new WriteBatch().put(bytes("key " + key), value(key, round)).delete(bytes("x")));
        written.set(key, round);
      } else {
        store.put(bytes("key " + key), value(key, round));
        written.set(key, round);
      }
    }
    return null;
  }

  /** No key is ever seen without a value, or with one older than was written before. */
  private Void read(KvStore store) {
    var random = new Random(seed - 1);
    while (!done.get()) {
      int key = random.nextInt(WRITERS * KEYS);
      int before = written.get(key);
      Optional<byte[]> found = store.get(bytes("key " + key));
      if (before > 0) {
        assertIs(
            key, before, found.orElseThrow(() -> new AssertionError("key " + key + " is gone")));
      }
    }
    return null;
  }

  private static void assertIs(int key, int leastRound, byte[] value) {
    String text = text(value);
    int end = text.indexOf(' ', text.indexOf(' ') + 1);
    int round = Integer.parseInt(text.substring(text.indexOf(' ') + 1, end));
    assertThat(round).isGreaterThanOrEqualTo(leastRound);
    assertThat(value).isEqualTo(value(key, round));
  }

  /** What a lease shows stays as it is; an iterator shows each key once. */
  private Void look(KvStore store) {
    var random = new Random(seed - 2);
    while (!done.get()) {
      try (Lease lease = store.lease()) {
        byte[] key = bytes("key " + random.nextInt(WRITERS * KEYS));
        Optional<MemorySegment> view = lease.get(key);
        if (view.isPresent()) {
          byte[] first = view.get().toArray(ValueLayout.JAVA_BYTE);
          Set<String> seen = new HashSet<>();
          store.entries().forEachRemaining(e -> assertThat(seen.add(text(e.key()))).isTrue());
          assertThat(view.get().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(first);
        }
      }
    }
    return null;
  }

  private void run(KvStore store, List<Callable<Void>> others) throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Void>> writing = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int number = writer;
        writing.add(threads.submit(() -> write(store, number)));
      }
      List<Future<Void>> watching = others.stream().map(threads::submit).toList();
      try {
        for (Future<Void> writer : writing) {
          writer.get();
        }
      } finally {
        done.set(true);
      }
      for (Future<Void> watcher : watching) {
        watcher.get();
      }
    }
    assertHoldsWhatWasWritten(store);
  }

  private void assertHoldsWhatWasWritten(KvStore store) {
    for (int key = 0; key < WRITERS * KEYS; key++) {
      assertThat(store.get(bytes("key " + key)))
          .as("key %d, -Dlode.seed=%d", key, seed)
          .hasValue(value(key, written.get(key)));
    }
    assertThat(store.size()).isEqualTo(WRITERS * KEYS);
  }

  @Test
  void inTheCallersThreads() throws Exception {
    var memory = new PlainMemory((int) TestPools.bytes(14));
    try (KvStore store = KvStore.create(memory, MemoryPools.CONFIG)) {
      run(store, List.of(() -> read(store), () -> read(store)));
      KvStats.Space space = store.stats().space();
      assertThat(space.writtenBytes()).isGreaterThan(10 * space.capacityBytes());
    }
    try (KvStore again = KvStore.open(memory, MemoryPools.CONFIG)) {
      assertHoldsWhatWasWritten(again);
    }
  }

  @Test
  void inTheBackground() throws Exception {
    var config = KvConfig.builder().capacityBytes(2 << 20).segmentBytes(32 << 10).build();
    try (KvStore store = KvStore.create(path, config)) {
      run(store, List.of(() -> read(store), () -> look(store)));
      KvStats.Space space = store.stats().space();
      assertThat(space.writtenBytes()).isGreaterThan(5 * space.capacityBytes());
    }
    try (KvStore again = KvStore.open(path, config)) {
      assertHoldsWhatWasWritten(again);
    }
  }
}
