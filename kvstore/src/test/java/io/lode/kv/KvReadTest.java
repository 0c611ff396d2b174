package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading into memory of the caller's, and beside a writer. */
class KvReadTest {
  @TempDir private Path folder;

  @Test
  void valueIsCopiedToTheCallersMemoryIfTheWholeOfItFits() {
    var memory = MemoryPools.memory(3);
    KvStore store = KvStore.create(memory, MemoryPools.CONFIG);
    try (Arena arena = Arena.ofConfined()) {
      store.put(bytes("key"), bytes("value"));
      MemorySegment target = arena.allocate(8);
      assertThat(store.get(bytes("key"), target)).isEqualTo(5);
      assertThat(target.getString(0, StandardCharsets.UTF_8)).isEqualTo("value");
      MemorySegment small = arena.allocate(4);
      assertThat(store.get(bytes("key"), small)).isEqualTo(5);
      assertThat(small.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
      assertThat(store.get(bytes("none"), target)).isEqualTo(-1);
      store.put(bytes("empty"), new byte[0]);
      assertThat(store.get(bytes("empty"), target)).isZero();
      assertThat(store.contains(bytes("empty"))).isTrue();
      assertThat(store.contains(bytes("none"))).isFalse();
      store.close();
      assertThatIllegalStateException().isThrownBy(() -> store.get(bytes("key"), target));
      assertThatIllegalStateException().isThrownBy(() -> store.contains(bytes("key")));
    }
  }

  @Test
  void severalValuesAreReadInTheOrderOfTheirKeys() {
    KvStore store = KvStore.create(MemoryPools.memory(3), MemoryPools.CONFIG);
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      keys.add(bytes("key" + i));
      if (i % 3 != 0) {
        store.put(bytes("key" + i), bytes("value" + i));
      }
    }
    var values = store.multiGet(keys);
    int[] lengths = new int[100];
    MemorySegment target = MemorySegment.ofArray(new byte[1000]);
    assertThat(store.multiGet(keys, target, lengths)).isEqualTo(100);
    long at = 0;
    for (int i = 0; i < 100; i++) {
      if (i % 3 == 0) {
        assertThat(values.get(i)).isEmpty();
        assertThat(lengths[i]).isEqualTo(-1);
      } else {
        assertThat(values.get(i).map(MemoryPools::text)).hasValue("value" + i);
        byte[] value = new byte[lengths[i]];
        MemorySegment.copy(target, at, MemorySegment.ofArray(value), 0, value.length);
        assertThat(MemoryPools.text(value)).isEqualTo("value" + i);
        at += value.length;
      }
    }
    assertThat(store.multiGet(keys, target.asSlice(0, 14), lengths)).isEqualTo(4);
    assertThat(lengths[4]).isEqualTo(6);
    assertThat(store.multiGet(List.of(), target, lengths)).isZero();
    assertThatThrownBy(() -> store.multiGet(keys, target, new int[99]))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void viewOfAValueStaysWhatItWasUntilTheLeaseCloses() throws Exception {
    KvStore store = KvStore.create(MemoryPools.memory(3), MemoryPools.CONFIG);
    store.put(bytes("key"), bytes("value"));
    Lease lease = store.lease();
    MemorySegment view = lease.get(bytes("key")).orElseThrow();
    store.put(bytes("key"), bytes("other"));
    assertThat(view.isReadOnly()).isTrue();
    assertThat(view.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes("value"));
    assertThat(lease.get(bytes("none"))).isEmpty();
    var closing = new FutureTask<>(store::close, null);
    Thread closer = Thread.ofPlatform().start(closing);
    while (closer.getState() != Thread.State.TIMED_WAITING && closer.isAlive()) {
      Thread.sleep(1);
    }
    // It waits, and nothing is closed yet.
    assertThat(lease.get(bytes("key")).orElseThrow().toArray(ValueLayout.JAVA_BYTE))
        .isEqualTo(bytes("other"));
    assertThat(closing.isDone()).isFalse();
    lease.close();
    lease.close();
    closing.get();
    assertThatIllegalStateException().isThrownBy(() -> lease.get(bytes("key")));
    assertThatIllegalStateException().isThrownBy(store::lease);
  }

  @Test
  void recordsOfAllLengthsAreReadOneAfterTheOther() {
    var config = KvConfig.builder().capacityBytes(64 << 20).segmentBytes(8 << 20).build();
    try (KvStore store = KvStore.create(folder.resolve("pool"), config)) {
      int[] lengths = {5, 3 << 20, 0, 511, 2 << 20, 1, 100_000};
      for (int length : lengths) {
        store.put(bytes("key" + length), "x".repeat(length).getBytes(StandardCharsets.UTF_8));
      }
      for (int round = 0; round < 2; round++) {
        for (int length : lengths) {
          assertThat(store.get(bytes("key" + length)).orElseThrow())
              .hasSize(length)
              .containsOnly(length == 0 ? new byte[0] : bytes("x"));
        }
      }
    }
  }

  @Test
  void getIntoMemoryAllocatesNothing() throws Throwable {
    MethodHandle allocatedBytes = AllocatedBytes.handle();
    var config = KvConfig.builder().capacityBytes(4 << 20).build();
    try (KvStore store = KvStore.create(folder.resolve("pool"), config)) {
      byte[] key = bytes("a key of 16 byte");
      store.put(key, new byte[200]);
      MemorySegment target = MemorySegment.ofArray(new byte[256]);
      long sum = 0;
      for (int i = 0; i < 50_000; i++) {
        sum += store.get(key, target);
      }
      // Whenever the compiler comes to it: not before that, and always from then on.
      long allocated = Long.MAX_VALUE;
      int rounds = 0;
      for (; allocated / 10_000 > 0 && rounds < 100; rounds++) {
        long before = (long) allocatedBytes.invoke();
        for (int i = 0; i < 10_000; i++) {
          sum += store.get(key, target);
        }
        allocated = (long) allocatedBytes.invoke() - before;
      }
      assertThat(sum).isEqualTo((50_000L + rounds * 10_000L) * 200);
      assertThat(allocated / 10_000).as("bytes a call").isZero();
    }
  }

  @Test
  void readersSeeEveryKeyWhileItsValueIsReplaced() throws Exception {
    var config = KvConfig.builder().capacityBytes(64 << 20).build();
    Path shm = Path.of("/dev/shm", "lode-read-" + ProcessHandle.current().pid());
    try (KvStore store = KvStore.create(shm, config);
        ExecutorService reader = Executors.newSingleThreadExecutor()) {
      int keys = 500;
      for (int key = 0; key < keys; key++) {
        store.put(bytes("key" + key), bytes("key" + key + " 0"));
      }
      Future<Integer> reads =
          reader.submit(() -> {
            int count = 0;
            while (!store.contains(bytes("done"))) {
              String key = "key" + count++ % keys;
              String value = MemoryPools.text(store.get(bytes(key)).orElseThrow());
              assertThat(value).startsWith(key + " ");
            }
            return count;
          });
      for (int i = 1; i <= 40_000; i++) {
        String key = "key" + i % keys;
        store.put(bytes(key), bytes(key + " " + i));
        store.put(bytes("passing" + i), bytes(""));
        store.delete(bytes("passing" + i));
      }
      store.put(bytes("done"), bytes(""));
      assertThat(reads.get()).isPositive();
    } finally {
      java.nio.file.Files.deleteIfExists(shm);
    }
  }
}
