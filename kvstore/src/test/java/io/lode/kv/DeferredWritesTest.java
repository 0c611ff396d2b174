package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;
import static io.lode.kv.MemoryPools.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.CopyFlags;
import io.lode.pool.SimulatedMemory;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes that become durable later: together, in their order, before anybody sees them. */
class DeferredWritesTest {
  @TempDir private Path folder;

  private KvStore create() {
    return KvStore.create(
        folder.resolve("pool"), KvConfig.builder().capacityBytes(16 << 20).build());
  }

  @Test
  void deferredChangesAreDurableOnceSynced() {
    var memory = MemoryPools.memory(4);
    KvStore store = KvStore.create(memory, MemoryPools.CONFIG);
    store.put(bytes("old"), bytes("1"));
    DeferredWrites deferred = store.deferred();
    deferred.put(bytes("a"), bytes("1"));
    deferred.put(bytes("b"), bytes("2"));
    deferred.delete(bytes("old"));
    assertThat(crashed(memory)).containsExactly("old=1");
    deferred.sync();
    assertThat(crashed(memory)).containsExactlyInAnyOrder("a=1", "b=2");
  }

  @Test
  void whatIsReadOrWrittenIsDurableAlsoIfItWasDeferred() {
    var memory = MemoryPools.memory(4);
    KvStore store = KvStore.create(memory, MemoryPools.CONFIG);
    DeferredWrites deferred = store.deferred();
    deferred.put(bytes("a"), bytes("1"));
    assertThat(store.get(bytes("other"))).isEmpty();
    assertThat(crashed(memory)).isEmpty();
    assertThat(store.get(bytes("a")).map(MemoryPools::text)).hasValue("1");
    assertThat(crashed(memory)).containsExactly("a=1");
    deferred.put(bytes("a"), bytes("2"));
    store.put(bytes("a"), bytes("3"));
    assertThat(store.get(bytes("a")).map(MemoryPools::text)).hasValue("3");
    deferred.put(bytes("a"), bytes("4"));
    assertThat(store.delete(bytes("a"))).isTrue();
    deferred.put(bytes("a"), bytes("5"));
    assertThat(store.putIfAbsent(bytes("a"), bytes("6"))).isFalse();
    deferred.put(bytes("a"), bytes("7"));
    store.write(new WriteBatch().put(bytes("a"), bytes("8")));
    assertThat(crashed(memory)).containsExactly("a=8");
    deferred.put(bytes("c"), bytes("1"));
    assertThat(store.size()).isEqualTo(2);
    deferred.put(bytes("d"), bytes("1"));
    store.close();
    assertThat(crashed(memory)).containsExactlyInAnyOrder("a=8", "c=1", "d=1");
    assertThatIllegalStateException().isThrownBy(() -> deferred.put(bytes("e"), bytes("1")));
  }

  /** Whatever replaces what: a crash leaves the changes up to some moment, and all before it. */
  @Test
  void noCrashShowsAChangeWithoutThoseBeforeIt() {
    long seed = Long.getLong("lode.seed", System.nanoTime());
    var random = new Random(seed);
    for (int program = 0; program < 40; program++) {
      List<byte[]> images = new ArrayList<>();
      var memory =
          new SimulatedMemory(8192 + 24 * MemoryPools.SEGMENT_BYTES) {
            @Override
            public void copy(
                long offset, MemorySegment source, long start, long length, CopyFlags flags) {
              super.copy(offset, source, start, length, flags);
              if (flags.equals(CopyFlags.NON_TEMPORAL)) {
                images.add(durableContents());
              }
            }
          };
      KvStore store = KvStore.create(memory, MemoryPools.CONFIG);
      List<Map<String, Integer>> moments = new ArrayList<>(List.of(Map.of()));
      Map<String, Integer> now = new HashMap<>();
      for (int change = 0; change < 40; change++) {
        String key = "key" + random.nextInt(5);
        if (random.nextInt(8) == 0) {
          store.deferred().delete(bytes(key));
          now.remove(key);
        } else {
          int length = random.nextInt(8) == 0 ? 5000 + change : 10 * random.nextInt(120) + 1;
          store.deferred().put(bytes(key), new byte[length]);
          now.put(key, length);
        }
        moments.add(Map.copyOf(now));
        if (random.nextInt(20) == 0) {
          store.get(bytes(key));
        }
      }
      store.deferred().sync();
      assertThat(images).as("seed " + seed).hasSizeGreaterThan(1);
      int earliest = 0;
      for (byte[] image : images) {
        Map<String, Integer> found = lengths(image);
        int moment = moments.subList(earliest, moments.size()).indexOf(found);
        assertThat(moment).as("seed " + seed + ": " + found).isNotNegative();
        earliest += moment;
      }
      assertThat(lengths(images.getLast())).isEqualTo(now);
    }
  }

  private static Map<String, Integer> lengths(byte[] image) {
    Map<String, Integer> found = new HashMap<>();
    KvStore.open(new SimulatedMemory(image), MemoryPools.CONFIG)
        .entries()
        .forEachRemaining(entry -> found.put(text(entry.key()), entry.value().length));
    return found;
  }

  @Test
  void deferredChangesThatDoNotFitAreRefusedOrKept() {
    var memory = MemoryPools.memory(2);
    KvStore store = KvStore.create(memory, MemoryPools.CONFIG);
    DeferredWrites deferred = store.deferred();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> deferred.put(bytes("large"), new byte[16 << 10]));
    assertThatIllegalArgumentException().isThrownBy(() -> deferred.delete(new byte[0]));
    for (int i = 0; i < 20; i++) {
      deferred.put(bytes("key" + i), new byte[1000]);
    }
    assertThatThrownBy(deferred::sync).isInstanceOf(StoreException.Full.class);
    assertThatThrownBy(deferred::sync).isInstanceOf(StoreException.Full.class);
    assertThat(store.get(bytes("key0"))).isPresent();
  }

  @Test
  void storeThatTakesNoChangeIsReadAndToldOfItsLossByClosing() {
    var memory = MemoryPools.memory(2);
    KvStore store = KvStore.create(memory, MemoryPools.CONFIG);
    store.put(bytes("other"), bytes("value"));
    for (int i = 0; i < 20; i++) {
      store.deferred().put(bytes("key" + i), new byte[1000]);
    }
    byte[] last = bytes("key19");
    assertThat(store.get(last)).isEmpty();
    assertThat(store.get(last, MemorySegment.ofArray(new byte[1000]))).isEqualTo(-1);
    assertThat(store.contains(last)).isFalse();
    assertThat(store.entry(last)).isEmpty();
    assertThat(store.version(last)).isZero();
    assertThat(store.multiGet(List.of(last))).containsExactly(Optional.empty());
    assertThat(store.size()).isLessThan(21);
    assertThat(store.entries()).hasNext();
    List<ThrowingCallable> writing =
        List.of(
            () -> store.put(last, last),
            () -> store.delete(last),
            () -> store.write(new WriteBatch().require(last, 0)),
            () -> store.deferred().sync());
    for (ThrowingCallable call : writing) {
      assertThatThrownBy(call).isInstanceOf(StoreException.Full.class);
    }
    assertThat(store.get(bytes("other"))).hasValue(bytes("value"));
    assertThat(store.get(bytes("never deferred"))).isEmpty();

    assertThatThrownBy(store::close).isInstanceOf(StoreException.Full.class);
    store.close();
    assertThatIllegalStateException().isThrownBy(() -> store.get(bytes("other")));
    try (KvStore again = KvStore.open(memory, MemoryPools.CONFIG)) {
      assertThat(again.recovery().clean()).as("nothing was in flight").isTrue();
      assertThat(again.get(bytes("other"))).hasValue(bytes("value"));
    }
  }

  @Test
  void changesOfOneKeyThatReplaceEachOtherStayDeferred() {
    var memory = MemoryPools.memory(8);
    try (KvStore store = KvStore.create(memory, MemoryPools.CONFIG)) {
      long before = store.stats().nextSequence();
      for (int i = 0; i < 4000; i++) {
        store.deferred().put(bytes("counter"), new byte[1000]);
      }
      assertThat(store.stats().nextSequence()).as("4 MB of traffic").isEqualTo(before);
      store.deferred().sync();
      assertThat(store.stats().nextSequence()).isEqualTo(before + 1);
    }
  }

  @Test
  void soManyDeferredChangesAreWrittenUnasked() {
    try (KvStore store = create()) {
      for (int i = 0; i < 2000; i++) {
        store.deferred().put(bytes("key" + i), new byte[1000]);
      }
      assertThat(store.stats().entries()).isBetween(1000L, 1999L);
      assertThat(store.size()).isEqualTo(2000);
    }
  }

  /** What another process finds after a crash now. */
  private static List<String> crashed(SimulatedMemory memory) {
    List<String> found = new ArrayList<>();
    KvStore.open(new SimulatedMemory(memory.durableContents()), MemoryPools.CONFIG)
        .entries()
        .forEachRemaining(entry -> found.add(text(entry.key()) + "=" + text(entry.value())));
    return found;
  }
}
