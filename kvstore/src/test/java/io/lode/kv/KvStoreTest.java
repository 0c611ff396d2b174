package io.lode.kv;

import static io.lode.kv.MemoryPools.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.crashtest.ForwardingMap;
import io.lode.pmem.CopyFlags;
import io.lode.pool.SimulatedMemory;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class KvStoreTest {
  @Test
  void behavesLikeAMapAcrossReopening() {
    long seed = Long.getLong("lode.seed", System.nanoTime());
    var random = new Random(seed);
    var memory = memory(60);
    Map<String, String> model = new HashMap<>();
    KvStore store = KvStore.create(memory, CONFIG);
    for (int i = 0; i < 3000; i++) {
      String key = "k" + random.nextInt(200);
      switch (random.nextInt(10)) {
        case 0, 1 -> assertThat(store.delete(bytes(key))).isEqualTo(model.remove(key) != null);
        case 2 -> {
          if (random.nextInt(10) == 0) {
            store.close();
            store = KvStore.open(memory, CONFIG);
          }
        }
        default -> {
          String value = "v" + "abc".repeat(random.nextInt(40)) + i;
          store.put(bytes(key), bytes(value));
          model.put(key, value);
        }
      }
      assertThat(store.get(bytes(key)).map(MemoryPools::text).orElse(null))
          .as("seed " + seed)
          .isEqualTo(model.get(key));
    }
    Map<String, String> found = new HashMap<>();
    store.entries().forEachRemaining(e -> found.put(text(e.key()), text(e.value())));
    assertThat(found).as("seed " + seed).isEqualTo(model);
    assertThat(store.size()).isEqualTo(model.size());
    store.close();
  }

  @Test
  void aPutIsOneFenceAndItsLinesAreFlushedOnce() {
    var memory = memory(3);
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      store.put(new byte[16], new byte[200]);
      int fences = memory.fences();
      int lines = memory.flushedLines();
      store.put(new byte[16], new byte[200]);
      assertThat(memory.fences() - fences).isEqualTo(1);
      assertThat(memory.flushedLines() - lines).isEqualTo(4);

      store.delete(new byte[16]);
      assertThat(memory.fences() - fences).isEqualTo(2);
      assertThat(memory.flushedLines() - lines).isEqualTo(5);

      assertThat(store.get(new byte[16])).isEmpty();
      assertThat(memory.fences() - fences).isEqualTo(2);
      assertThat(memory.emptyFences()).isZero();
    }
  }

  @Test
  void deletingWhatIsNotThereWritesNothing() {
    var memory = memory(2);
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      int fences = memory.fences();
      assertThat(store.delete(bytes("nothing"))).isFalse();
      assertThat(memory.fences()).isEqualTo(fences);
    }
  }

  @Test
  void whatAKilledProcessStoredIsDurableBeforeItIsServed() {
    var memory = memory(2);
    KvStore killed = KvStore.create(memory, CONFIG);
    var atKill = new SimulatedMemory[1];
    memory.beforeFence(() -> atKill[0] = memory.afterKill());
    killed.put(bytes("in flight"), bytes("stored, not fenced"));

    try (KvStore store = KvStore.open(atKill[0], CONFIG)) {
      assertThat(store.get(bytes("in flight"))).isPresent();
      byte[] powerCutNow = atKill[0].durableContents();
      try (KvStore again = KvStore.open(new SimulatedMemory(powerCutNow), CONFIG)) {
        assertThat(again.get(bytes("in flight"))).isPresent();
      }
    }
  }

  @Test
  void fullPoolRefusesAndLosesNothing() {
    var memory = memory(2);
    int written = 0;
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      try {
        while (true) {
          store.put(bytes("key" + written), new byte[1000]);
          written++;
        }
      } catch (StoreException.Full full) {
        assertThat(full).hasMessageContaining("no free segment").hasMessageContaining("larger");
      }
      assertThat(written).isBetween(10, 16);
      assertThat(store.get(bytes("key0"))).isPresent();
      store.put(bytes("small"), bytes("still fits"));
    }
    try (KvStore store = KvStore.open(memory, CONFIG)) {
      assertThat(store.size()).isEqualTo(written + 1);
      assertThat(store.get(bytes("small"))).hasValue(bytes("still fits"));
    }
  }

  @Test
  void recordLargerThanASegmentIsRefusedBeforeAnythingIsWritten() {
    var memory = memory(2);
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      int fences = memory.fences();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> store.put(bytes("k"), new byte[(int) MemoryPools.SEGMENT_BYTES]))
          .withMessageContaining("larger segments");
      assertThatIllegalArgumentException().isThrownBy(() -> store.put(new byte[0], new byte[1]));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> store.put(new byte[65_536], new byte[1]));
      assertThat(memory.fences()).isEqualTo(fences);
      store.put(bytes("k"), bytes("goes on"));
    }
  }

  @Test
  void failedWritePoisonsUntilReopened() {
    var failing = new boolean[1];
    var memory = memory(2);
    var map =
        new ForwardingMap(memory) {
          @Override
          public void copy(
              long offset, MemorySegment source, long sourceOffset, long length, CopyFlags flags) {
            if (failing[0]) {
              throw new IllegalStateException("the medium says no");
            }
            super.copy(offset, source, sourceOffset, length, flags);
          }
        };
    KvStore store = KvStore.create(map, CONFIG);
    store.put(bytes("a"), bytes("1"));
    failing[0] = true;
    assertThatThrownBy(() -> store.put(bytes("b"), bytes("2")))
        .isInstanceOf(StoreException.Poisoned.class)
        .hasMessageContaining("the medium says no");
    failing[0] = false;
    assertThatThrownBy(() -> store.put(bytes("b"), bytes("2")))
        .isInstanceOf(StoreException.Poisoned.class)
        .hasMessageContaining("open it again");
    assertThat(store.get(bytes("a"))).hasValue(bytes("1"));
    store.close();

    try (KvStore again = KvStore.open(map, CONFIG)) {
      assertThat(again.recovery().clean()).isFalse();
      again.put(bytes("b"), bytes("2"));
      assertThat(again.size()).isEqualTo(2);
    }
  }

  @Test
  void secondOwnerStopsTheFirstAtItsNextSegment() {
    var memory = memory(4);
    KvStore first = KvStore.create(memory, CONFIG);
    first.put(bytes("a"), bytes("1"));
    KvStore second = KvStore.open(memory, CONFIG);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 20; i++) {
                first.put(bytes("filler" + i), new byte[1000]);
              }
            })
        .isInstanceOf(StoreException.Poisoned.class)
        .hasMessageContaining("somebody else");
    second.close();
  }

  @Test
  void anotherPoolThanTheRequiredOneIsRefusedAndNotTouched() {
    var memory = memory(4);
    UUID id;
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      id = store.id();
    }
    var required = CONFIG.toBuilder().requiredId(id).build();
    try (KvStore store = KvStore.open(memory, required)) {
      assertThat(store.id()).isEqualTo(id);
    }
    var other = memory(4);
    KvStore.create(other, CONFIG).close();
    byte[] before = other.durableContents();
    assertThatThrownBy(() -> KvStore.open(other, required))
        .isInstanceOf(StoreException.OtherPool.class)
        .hasMessageContaining(id.toString());
    assertThat(other.durableContents()).isEqualTo(before);
  }

  @Test
  void stateOfTheLastOwnerIsReported() {
    var memory = memory(2);
    KvStore.create(memory, CONFIG).close();
    KvStore unclosed = KvStore.open(memory, CONFIG);
    assertThat(unclosed.recovery().clean()).isTrue();
    try (KvStore after = KvStore.open(memory, CONFIG)) {
      assertThat(after.recovery().clean()).isFalse();
    }
  }

  @Test
  void closedStoreRefusesEverythingAndClosesAgain() {
    var memory = memory(2);
    KvStore store = KvStore.create(memory, CONFIG);
    var iterator = store.entries();
    assertThat(iterator.hasNext()).isFalse();
    store.put(bytes("a"), bytes("1"));
    var later = store.entries();
    store.close();
    store.close();
    assertThatIllegalStateException().isThrownBy(() -> store.get(bytes("a")));
    assertThatIllegalStateException().isThrownBy(() -> store.put(bytes("a"), bytes("1")));
    assertThatIllegalStateException().isThrownBy(() -> store.delete(bytes("a")));
    assertThatIllegalStateException().isThrownBy(store::stats);
    List<byte[]> keys = List.of(bytes("a"));
    List<ThrowingCallable> others =
        List.of(
            () -> store.multiGet(keys),
            () -> store.multiGet(keys, MemorySegment.ofArray(new byte[8]), new int[1]),
            () -> store.contains(bytes("a")),
            store::lease,
            store::compact,
            store::segments);
    for (ThrowingCallable other : others) {
      assertThatIllegalStateException().isThrownBy(other).withMessageContaining("is closed");
    }
    assertThatIllegalStateException().isThrownBy(later::next);
    assertThat(iterator.hasNext()).isFalse();
  }

  @Test
  void sessionsThatWriteLittleDoNotUseUpSegments() {
    var memory = memory(2);
    KvStore.create(memory, CONFIG).close();
    for (int i = 0; i < 50; i++) {
      try (KvStore store = KvStore.open(memory, CONFIG)) {
        store.put(bytes("key"), bytes("value " + i));
      }
    }
    try (KvStore store = KvStore.open(memory, CONFIG)) {
      assertThat(store.get(bytes("key"))).hasValue(bytes("value 49"));
      assertThat(store.stats().space().freeSegments()).isEqualTo(1);
    }
  }
}
