package io.lode.kv;

import static io.lode.kv.MemoryPools.CONFIG;
import static io.lode.kv.MemoryPools.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pool.TestPools;
import io.lode.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KvGrowTest {
  private static final long MIB = 1 << 20;
  private static final KvConfig SMALL =
      KvConfig.builder().capacityBytes(2 * MIB).segmentBytes(64 << 10).build();

  /** In memory: thousands of syncs of a disk show nothing more. */
  private final Path path =
      Path.of("/dev/shm", "lode-growing-" + ProcessHandle.current().pid() + ".pool");

  private Path pool() {
    return path;
  }

  @AfterEach
  void removePool() throws Exception {
    Files.deleteIfExists(path);
  }

  private static int fill(KvStore store, int from, int most) {
    int written = from;
    try {
      for (; written < most; written++) {
        store.put(bytes("key " + written), new byte[1000]);
      }
      return written;
    } catch (StoreException.Full _) {
      return written;
    }
  }

  private static void assertHolds(KvStore store, int entries) {
    for (int number = 0; number < entries; number++) {
      assertThat(store.get(bytes("key " + number))).as("key %d", number).hasValue(new byte[1000]);
    }
    assertThat(store.size()).isEqualTo(entries);
  }

  @Test
  void fullPoolTakesMoreWhenItIsLarger() throws Exception {
    int entries;
    try (KvStore store = KvStore.create(pool(), SMALL)) {
      int first = fill(store, 0, 10_000);
      assertThat(first).isBetween(1000, 1700);
      store.grow(4 * MIB + 5000);
      assertThat(Files.size(pool())).isEqualTo(4 * MIB + 5000);
      KvStats.Space space = store.stats().space();
      assertThat(space.segments()).isEqualTo(63);
      assertThat(space.sizeBytes()).isEqualTo(4 * MIB + 5000);
      assertThat(space.maxSizeBytes()).isZero();
      entries = fill(store, first, first + 800);
      assertThat(entries).isEqualTo(first + 800);
      assertHolds(store, entries);
      // What was replaced in the new part is used again.
      for (int number = 0; number < 2 * entries; number++) {
        store.put(bytes("key " + number % 10), new byte[1000]);
      }
    }
    try (KvStore again = KvStore.open(pool(), SMALL)) {
      assertThat(again.recovery().clean()).isTrue();
      assertHolds(again, entries);
      again.grow(5 * MIB);
      assertHolds(again, entries);
    }
    assertThat(KvStore.check(pool()).isSound()).isTrue();
  }

  @Test
  void growsByItselfUpToItsMaximum() throws Exception {
    KvConfig growing = SMALL.toBuilder().maxCapacityBytes(8 * MIB).build();
    int entries;
    try (KvStore store = KvStore.create(pool(), growing)) {
      entries = fill(store, 0, 10_000);
      assertThat(entries).isBetween(5000, 6700);
      assertThat(store.stats().space().maxSizeBytes()).isEqualTo(8 * MIB);
      assertThat(Files.size(pool())).isEqualTo(8 * MIB);
      assertHolds(store, entries);
    }
    try (KvStore again = KvStore.open(pool(), SMALL)) {
      assertHolds(again, entries);
    }
  }

  @Test
  void poolThatCleaningKeepsGoingStaysAsItIs() throws Exception {
    KvConfig growing = SMALL.toBuilder().maxCapacityBytes(8 * MIB).build();
    try (KvStore store = KvStore.create(pool(), growing)) {
      for (int number = 0; number < 4000; number++) {
        store.put(bytes("key " + number % 100), new byte[1000]);
      }
    }
    assertThat(Files.size(pool())).isEqualTo(2 * MIB);
  }

  @Test
  void othersReadAndWriteMeanwhile() throws Exception {
    var done = new AtomicBoolean();
    try (KvStore store = KvStore.create(pool(), SMALL);
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      fill(store, 0, 300);
      List<Future<?>> others = new ArrayList<>();
      others.add(
          threads.submit(() -> {
            for (int number = 0; !done.get(); number++) {
              store.put(bytes("key " + number % 300), new byte[1000]);
            }
          }));
      others.add(
          threads.submit(() -> {
            for (int number = 0; !done.get(); number++) {
              assertThat(store.get(bytes("key " + number % 300))).isPresent();
            }
          }));
      try {
        for (int step = 3; step < 9; step++) {
          store.grow(step * MIB);
        }
      } finally {
        done.set(true);
      }
      for (Future<?> other : others) {
        other.get();
      }
      assertHolds(store, 300);
    }
  }

  @Test
  void whatCannotBeIsRefusedAndChangesNothing() throws Exception {
    try (KvStore store = KvStore.create(pool(), SMALL)) {
      fill(store, 0, 100);
      for (long wrong : new long[] {-1, 0, MIB, 2 * MIB, 2 * MIB + 100, 1L << 45, Long.MAX_VALUE}) {
        assertThatIllegalArgumentException().as("%d", wrong).isThrownBy(() -> store.grow(wrong));
      }
      assertThat(Files.size(pool())).isEqualTo(2 * MIB);
      assertHolds(store, 100);
    }
    KvConfig readOnly = KvConfig.builder().readOnly(true).build();
    try (KvStore store = KvStore.open(pool(), readOnly)) {
      assertThatThrownBy(() -> store.grow(4 * MIB)).isInstanceOf(StoreException.ReadOnly.class);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KvConfig.builder().maxCapacityBytes(-1))
        .withMessageContaining("-1");
    KvStore closed = KvStore.open(pool(), SMALL);
    closed.close();
    assertThatIllegalStateException().isThrownBy(() -> closed.grow(4 * MIB));
  }

  @Test
  void mapOfTheCallersCannotGrowBeyondItsEnd() {
    var memory = MemoryPools.memory(6);
    TestPools.formatPart(memory, 4);
    try (KvStore store = KvStore.open(memory, CONFIG)) {
      store.grow(TestPools.bytes(6));
      assertThat(store.stats().space().segments()).isEqualTo(6);
      assertThatThrownBy(() -> store.grow(TestPools.bytes(7)))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("its map is the caller's, and has " + memory.size() + " bytes");
    }
  }

  @Test
  void closingWaitsForGrowth() throws Exception {
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      for (int round = 0; round < 10; round++) {
        KvStore store = KvStore.create(pool(), SMALL.toBuilder().overwrite(true).build());
        var started = new CountDownLatch(1);
        Future<?> growing =
            thread.submit(() -> {
              for (long size = 2 * MIB + (64 << 10); ; size += 64 << 10) {
                store.grow(size);
                started.countDown();
              }
            });
        started.await();
        store.close();
        assertThatThrownBy(growing::get).hasCauseInstanceOf(IllegalStateException.class);
        try (KvStore again = KvStore.open(pool(), SMALL)) {
          assertThat(again.recovery().clean()).isTrue();
          assertThat(again.stats().space().sizeBytes()).isLessThanOrEqualTo(Files.size(path));
        }
      }
    }
  }

  /** What was begun when a machine stopped stays behind the pool's end, and is used later. */
  @Test
  void longerFileThanThePoolIsTakenIntoUse() throws Exception {
    try (KvStore store = KvStore.create(pool(), SMALL)) {
      fill(store, 0, 100);
    }
    Files.write(pool(), new byte[(int) (2 * MIB)], StandardOpenOption.APPEND);
    try (KvStore store = KvStore.open(pool(), SMALL)) {
      assertThat(store.stats().space().segments()).isEqualTo(31);
      assertThat(store.stats().space().sizeBytes()).isEqualTo(2 * MIB);
      assertThat(store.stats().space().availableBytes()).isEqualTo(4 * MIB);
      store.grow(4 * MIB);
      assertThat(store.stats().space().segments()).isEqualTo(63);
      fill(store, 100, 2500);
    }
    try (KvStore store = KvStore.open(pool(), SMALL)) {
      assertHolds(store, 2500);
    }
  }
}
