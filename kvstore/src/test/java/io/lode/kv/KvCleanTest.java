package io.lode.kv;

import static io.lode.kv.MemoryPools.CONFIG;
import static io.lode.kv.MemoryPools.bytes;
import static io.lode.kv.MemoryPools.memory;
import static io.lode.kv.MemoryPools.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.crashtest.ForwardingMap;
import io.lode.pmem.CopyFlags;
import io.lode.pool.SimulatedMemory;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Iterator;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KvCleanTest {
  private static final int SEGMENTS = 6;

  private final long seed = Long.getLong("lode.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private static Map<String, String> contents(KvStore store) {
    Map<String, String> found = new TreeMap<>();
    store.entries().forEachRemaining(entry -> found.put(text(entry.key()), text(entry.value())));
    return found;
  }

  /** What is counted while records are replaced is what recovery finds. */
  private static void assertCounted(SimulatedMemory memory, KvStats.Space counted) {
    try (KvStore again = KvStore.open(memory, CONFIG)) {
      KvStats.Space found = again.stats().space();
      assertThat(found.liveBytes()).isEqualTo(counted.liveBytes());
      assertThat(found.garbageBytes()).isEqualTo(counted.garbageBytes());
      assertThat(found.usedBytes()).isEqualTo(counted.usedBytes());
    }
  }

  @Test
  void oneKeyIsWrittenForEver() {
    var memory = memory(SEGMENTS);
    KvStats.Space space;
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      for (int i = 0; i < 10_000; i++) {
        store.put(bytes("key"), bytes("value " + i));
      }
      assertThat(store.get(bytes("key"))).hasValue(bytes("value 9999"));
      store.size();
      space = store.stats().space();
      assertThat(space.writtenBytes()).isGreaterThan(12 * space.capacityBytes());
    }
    assertCounted(memory, space);
  }

  @Test
  void keysAreWrittenAndDeletedForEver() {
    var memory = memory(SEGMENTS);
    KvStats.Space space;
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      store.put(bytes("cold"), bytes("stays"));
      for (int i = 0; i < 20_000; i++) {
        store.put(bytes("key " + i), bytes("value"));
        assertThat(store.delete(bytes("key " + i))).isTrue();
      }
      assertThat(contents(store)).containsExactlyEntriesOf(Map.of("cold", "stays"));
      space = store.stats().space();
    }
    assertCounted(memory, space);
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 20, 40})
  void whatIsThereIsWhatAMapHolds(int segments) {
    var memory = memory(segments);
    Map<String, String> model = new TreeMap<>();
    KvStore store = KvStore.create(memory, CONFIG);
    int refused = 0;
    for (int step = 0; step < 30_000; step++) {
      String key = "key " + random.nextInt((segments - 4) * 20);
      try {
        switch (random.nextInt(12)) {
          case 0, 1 -> assertThat(store.delete(bytes(key))).isEqualTo(model.remove(key) != null);
          case 2 -> {
            var batch = new WriteBatch();
            Map<String, String> changed = new TreeMap<>(model);
            for (int entry = random.nextInt(6); entry >= 0; entry--) {
              String other = "key " + random.nextInt((segments - 4) * 20);
              batch.put(bytes(other), bytes("batch " + step));
              changed.put(other, "batch " + step);
            }
            store.write(batch);
            model = changed;
          }
          case 3 ->
              assertThat(store.get(bytes(key)).map(MemoryPools::text).orElse("none"))
                  .isEqualTo(model.getOrDefault(key, "none"));
          default -> {
            String value = (step + " ").repeat(random.nextInt(1, 60));
            store.put(bytes(key), bytes(value));
            model.put(key, value);
          }
        }
      } catch (StoreException.Full _) {
        refused++;
        store.delete(bytes(key));
        model.remove(key);
      }
      if (random.nextInt(3000) == 0) {
        assertThat(contents(store)).isEqualTo(model);
        KvStats.Space space = store.stats().space();
        store.close();
        assertCounted(memory, space);
        store = KvStore.open(memory, CONFIG);
      }
      if (random.nextInt(1000) == 0) {
        store.compact();
      }
    }
    assertThat(contents(store)).as("-Dlode.seed=%d", seed).isEqualTo(model);
    assertThat(refused).isZero();
    store.close();
  }

  @Test
  void fullPoolIsEmptiedByDeletes() {
    var memory = memory(SEGMENTS);
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      int written = 0;
      try {
        for (; written < 100_000; written++) {
          store.put(bytes("key " + written), new byte[0]);
        }
      } catch (StoreException.Full full) {
        assertThat(full).hasMessageContaining(" are live and 0 garbage, the rest is in reserve");
      }
      for (int i = 0; i < written; i++) {
        assertThat(store.delete(bytes("key " + i))).as("key %d of %d", i, written).isTrue();
      }
      assertThat(store.size()).isZero();
      store.put(bytes("again"), new byte[4000]);
    }
  }

  @Test
  void entryThatIsStagedLeadsToNoSegmentThatIsUsedAgain() {
    try (KvStore store = KvStore.create(memory(20), CONFIG)) {
      store.put(bytes("key"), bytes("first"));
      store.put(bytes("other"), new byte[7000]);
      store.put(bytes("other"), new byte[7000]);
      store.put(bytes("key"), bytes("second"));
      store.compact();
      for (int i = 0; i < 40; i++) {
        store.put(bytes("other"), new byte[7000]);
      }
      assertThat(store.size()).isEqualTo(2);
      assertThat(store.get(bytes("key"))).hasValue(bytes("second"));
    }
  }

  /**
   * A delete has its version and is being written while the segment with its key's value is
   * cleaned. Were the value moved then, to a segment that is born after the delete, the delete
   * would be dropped before it.
   */
  @Test
  void deleteThatIsBeingWrittenIsWaitedFor() throws Exception {
    var memory = memory(20);
    var writing = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var slow =
        new ForwardingMap(memory) {
          @Override
          public void copy(
              long offset, MemorySegment source, long sourceOffset, long length, CopyFlags flags) {
            if (Thread.currentThread().getName().equals("deleting")) {
              writing.countDown();
              await(goOn);
            }
            super.copy(offset, source, sourceOffset, length, flags);
          }
        };
    KvStore store = KvStore.create(slow, CONFIG);
    store.put(bytes("key"), bytes("deleted"));
    store.put(bytes("pad"), new byte[7000]);
    store.put(bytes("pad"), new byte[6000]);
    assertThat(store.size()).isEqualTo(2);
    Thread deleting = Thread.ofPlatform().name("deleting").start(() -> store.delete(bytes("key")));
    writing.await();
    Thread cleaning = Thread.ofPlatform().start(store.engine().space()::compact);
    while (cleaning.getState() != Thread.State.WAITING && cleaning.isAlive()) {
      Thread.sleep(1);
    }
    goOn.countDown();
    deleting.join();
    cleaning.join();
    store.put(bytes("pad"), new byte[5000]);
    store.compact();
    assertThat(store.get(bytes("key"))).isEmpty();
    store.close();
    try (KvStore again = KvStore.open(memory, CONFIG)) {
      assertThat(again.get(bytes("key"))).isEmpty();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Test
  void leaseHoldsBackWhatItSeesAndNoMore() {
    try (KvStore store = KvStore.create(memory(SEGMENTS), CONFIG)) {
      store.put(bytes("key"), bytes("first"));
      Lease lease = store.lease();
      MemorySegment view = lease.get(bytes("key")).orElseThrow();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  store.put(bytes("key"), bytes("value " + i));
                }
              })
          .isInstanceOf(StoreException.Full.class)
          .hasMessageContaining(
              "are held back by 1 leases, snapshots or iterators, the oldest for");
      assertThat(view.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes("first"));
      assertThat(store.stats().space().heldBytes()).isPositive();
      lease.close();
      for (int i = 0; i < 10_000; i++) {
        store.put(bytes("key"), bytes("value " + i));
      }
      assertThat(store.stats().space().heldBytes()).isZero();
    }
  }

  @Test
  void iteratorShowsWhatThereWasAlsoAfterCleaning() {
    try (KvStore store = KvStore.create(memory(20), CONFIG)) {
      for (int i = 0; i < 50; i++) {
        store.put(bytes("key " + i), bytes("first"));
      }
      Iterator<KvEntry> entries = store.entries();
      for (int i = 0; i < 300; i++) {
        store.put(bytes("key " + i % 50), bytes("later"));
      }
      store.compact();
      int seen = 0;
      for (; entries.hasNext(); seen++) {
        assertThat(entries.next().value()).isEqualTo(bytes("first"));
      }
      assertThat(seen).isEqualTo(50);
      store.compact();
      assertThat(store.stats().space().heldBytes()).isZero();
    }
  }

  @Test
  void damagedRecordIsNotMovedAndItsSegmentNotFreed() {
    var memory = memory(SEGMENTS);
    int harmed;
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      store.put(bytes("harmed"), bytes("a value that will be harmed"));
      for (int i = 0; i < 300; i++) {
        store.put(bytes("key " + i % 3), bytes("value " + i));
      }
      harmed = MemoryPools.find(memory.durableContents(), "a value that will be harmed", 0);
      memory.segment().set(ValueLayout.JAVA_BYTE, harmed, (byte) 'X');
      for (int i = 0; i < 3000; i++) {
        store.put(bytes("key " + i % 3), bytes("value " + i));
      }
      assertThatThrownBy(() -> store.get(bytes("harmed")))
          .isInstanceOf(StoreException.Damaged.class);
      store.put(bytes("harmed"), bytes("healed"));
      for (int i = 0; i < 3000; i++) {
        store.put(bytes("key " + i % 3), bytes("value " + i));
      }
      assertThat(store.get(bytes("harmed"))).hasValue(bytes("healed"));
    }
  }
}
