package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several threads that write at the same time. */
class KvWritersTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 3_000;

  private final Path path =
      Path.of("/dev/shm", "lode-writers-" + ProcessHandle.current().pid() + ".pool");

  @AfterEach
  void removePool() throws Exception {
    Files.deleteIfExists(path);
  }

  private static void together(Callable<?> task) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        running.add(threads.submit(task));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
  }

  @Test
  void everyChangeOfEveryThreadIsThereAlsoAfterReopening() throws Exception {
    var config = KvConfig.builder().capacityBytes(64 << 20).segmentBytes(1 << 20).build();
    try (KvStore store = KvStore.create(path, config)) {
      together(() -> {
        long id = Thread.currentThread().threadId();
        for (int i = 0; i < ROUNDS; i++) {
          byte[] own = bytes(id + ":" + i);
          store.put(own, own);
          store.put(bytes("shared " + i % 10), own);
          store.update(
              bytes("count"),
              count ->
                  count.isEmpty()
                      ? java.util.Optional.of(bytes("1"))
                      : count.map(c -> bytes("" + (Long.parseLong(MemoryPools.text(c)) + 1))));
          if (i % 3 == 0) {
            assertThat(store.delete(own)).isTrue();
          }
        }
        return null;
      });
      check(store);
      assertThat(store.stats().space().freeSegments())
          .isLessThan(store.stats().space().segments() - 2);
    }
    try (KvStore store = KvStore.open(path, config)) {
      assertThat(store.recovery().clean()).isTrue();
      check(store);
    }
    assertThat(KvStore.check(path).isSound()).isTrue();
  }

  private static void check(KvStore store) {
    int left = THREADS * (ROUNDS - (ROUNDS + 2) / 3);
    assertThat(store.size()).isEqualTo(left + 10 + 1);
    assertThat(store.get(bytes("count")).map(MemoryPools::text)).hasValue("" + THREADS * ROUNDS);
    store
        .entries()
        .forEachRemaining(entry -> {
          if (MemoryPools.text(entry.key()).contains(":")) {
            assertThat(entry.value()).isEqualTo(entry.key());
          }
        });
  }

  @Test
  void writersThatMeetAFullPoolFillWhatIsOpenAndThenAreRefused() throws Exception {
    var config =
        KvConfig.builder()
            .capacityBytes(600 << 10)
            .segmentBytes(64 << 10)
            .maxWriters(THREADS)
            .build();
    try (KvStore store = KvStore.create(path, config)) {
      together(() -> {
        long id = Thread.currentThread().threadId();
        assertThatThrownBy(
                () -> {
                  for (int i = 0; i < 100_000; i++) {
                    store.put(bytes(id + ":" + i), new byte[1000]);
                  }
                })
            .isInstanceOf(StoreException.Full.class);
        return null;
      });
      KvStats.Space space = store.stats().space();
      assertThat(space.freeSegments()).as("in reserve").isEqualTo(2);
      long perSegment = space.capacityBytes() / space.segments();
      assertThat(space.usedBytes()).isGreaterThan((space.segments() - 2) * perSegment * 9 / 10);
    }
    try (KvStore store = KvStore.open(path, config)) {
      assertThat(store.size()).isGreaterThan(400 * 7 / 9);
    }
  }

  @Test
  void closingWaitsForWritesAndRefusesLaterOnes() throws Exception {
    var config = KvConfig.builder().capacityBytes(64 << 20).build();
    KvStore store = KvStore.create(path, config);
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<Integer>> running = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int id = thread;
        running.add(
            threads.submit(() -> {
              int done = 0;
              try {
                while (true) {
                  store.put(bytes(id + ":" + done), bytes("value"));
                  done++;
                }
              } catch (IllegalStateException closed) {
                return done;
              }
            }));
      }
      while (store.size() < 1000 && running.stream().noneMatch(Future::isDone)) {
        Thread.onSpinWait();
      }
      store.close();
      int acknowledged = 0;
      for (Future<Integer> one : running) {
        acknowledged += one.get();
      }
      try (KvStore again = KvStore.open(path, config)) {
        assertThat(again.recovery().clean()).isTrue();
        assertThat(again.size()).isEqualTo(acknowledged);
      }
    }
  }

  @Test
  void moreWritersThanTheFormatHasRoomForAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> KvConfig.builder().maxWriters(9).build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KvConfig.builder().maxWriters(-1).build());
  }
}
