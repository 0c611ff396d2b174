package io.lode.kv;

import static io.lode.kv.MemoryPools.CONFIG;
import static io.lode.kv.MemoryPools.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pool that is only read: by several at a time, and nothing of it changes. */
class KvReadOnlyTest {
  private static final KvConfig SMALL =
      KvConfig.builder().capacityBytes(1 << 20).segmentBytes(16 << 10).build();
  private static final KvConfig READ_ONLY = KvConfig.builder().readOnly(true).build();

  @TempDir Path folder;

  private Path closedPool() {
    Path path = folder.resolve("pool");
    try (KvStore store = KvStore.create(path, SMALL)) {
      for (int number = 0; number < 500; number++) {
        store.put(bytes("key " + number), new byte[100]);
      }
      store.delete(bytes("key 7"));
    }
    return path;
  }

  private static void assertReads(KvStore store) {
    assertThat(store.get(bytes("key 3"))).hasValue(new byte[100]);
    assertThat(store.get(bytes("key 7"))).isEmpty();
    assertThat(store.multiGet(List.of(bytes("key 1"), bytes("none"))).get(1)).isEmpty();
    assertThat(store.size()).isEqualTo(499);
    Map<String, byte[]> found = new HashMap<>();
    store.entries().forEachRemaining(e -> found.put(MemoryPools.text(e.key()), e.value()));
    assertThat(found).hasSize(499);
    try (Lease lease = store.lease();
        Snapshot snapshot = store.snapshot()) {
      assertThat(lease.get(bytes("key 3")).orElseThrow().byteSize()).isEqualTo(100);
      assertThat(snapshot.get(bytes("key 3"))).isPresent();
    }
    assertThat(store.stats().space().liveBytes()).isPositive();
    assertThat(store.segments())
        .noneMatch(segment -> segment.state() == KvStats.Segment.State.DAMAGED)
        .anyMatch(segment -> segment.state() == KvStats.Segment.State.FULL);
  }

  private static void assertRefusesChanges(KvStore store) {
    byte[] key = bytes("key 3");
    List<ThrowingCallable> changes =
        List.of(
            () -> store.put(key, new byte[1]),
            () -> store.putAsync(key, new byte[1]),
            () -> store.writeAsync(new WriteBatch().put(key, new byte[1])),
            () -> store.deferred().put(key, new byte[1]),
            () -> store.delete(key),
            () -> store.write(new WriteBatch().put(key, new byte[1])),
            () -> store.putIfAbsent(bytes("new"), new byte[1]),
            () -> store.compareAndSet(key, store.version(key), new byte[1]),
            store::writer,
            store::compact);
    for (ThrowingCallable change : changes) {
      assertThatThrownBy(change)
          .isInstanceOf(StoreException.ReadOnly.class)
          .hasMessageContaining("was opened to be only read; open it for writing");
    }
  }

  @Test
  void severalReadAClosedPoolAndNothingChanges() throws Exception {
    Path path = closedPool();
    byte[] before = Files.readAllBytes(path);
    try (KvStore first = KvStore.open(path, READ_ONLY);
        KvStore second = KvStore.open(path, READ_ONLY)) {
      assertReads(first);
      assertReads(second);
      assertRefusesChanges(first);
      assertThat(KvStore.check(path).isSound()).isTrue();
      assertThatThrownBy(() -> KvStore.open(path, CONFIG))
          .isInstanceOf(StoreException.Locked.class);
    }
    assertThat(Files.readAllBytes(path)).isEqualTo(before);
    try (KvStore writing = KvStore.open(path, CONFIG)) {
      assertThat(writing.recovery().clean()).isTrue();
      assertThatThrownBy(() -> KvStore.open(path, READ_ONLY))
          .isInstanceOf(StoreException.Locked.class);
      assertThatThrownBy(() -> KvStore.check(path)).isInstanceOf(StoreException.Locked.class);
    }
  }

  @Test
  void closedStoreSaysSo() {
    KvStore store = KvStore.open(closedPool(), READ_ONLY);
    store.close();
    assertThatIllegalStateException().isThrownBy(() -> store.get(bytes("key")));
    assertThatIllegalStateException().isThrownBy(store::compact);
  }

  @Test
  void poolThatWasNotClosedIsReadOnlyIfLossIsAccepted() {
    var memory = MemoryPools.memory(8);
    KvStore store = KvStore.create(memory, CONFIG);
    store.put(bytes("key"), bytes("value"));
    var left = memory.afterKill();
    byte[] before = left.contents();
    int fences = left.fences();
    assertThatThrownBy(() -> KvStore.open(left, READ_ONLY))
        .isInstanceOf(StoreException.ReadOnly.class)
        .hasMessageContaining("was not closed when its process ended");
    KvConfig accepting = READ_ONLY.toBuilder().acceptLoss(true).build();
    try (KvStore again = KvStore.open(left, accepting)) {
      assertThat(again.get(bytes("key"))).hasValue(bytes("value"));
    }
    assertThat(left.contents()).isEqualTo(before);
    assertThat(left.fences()).isEqualTo(fences);
  }

  @Test
  void anotherPoolThanTheRequiredOneIsRefused() {
    Path path = closedPool();
    KvConfig other = READ_ONLY.toBuilder().requiredId(new UUID(1, 2)).build();
    assertThatThrownBy(() -> KvStore.open(path, other))
        .isInstanceOf(StoreException.OtherPool.class);
  }

  @Test
  void newPoolIsWritable() {
    try (KvStore store =
        KvStore.create(folder.resolve("new"), SMALL.toBuilder().readOnly(true).build())) {
      store.put(bytes("key"), bytes("value"));
    }
  }
}
