package io.lode.kv;

import static io.lode.kv.MemoryPools.CONFIG;
import static io.lode.kv.MemoryPools.bytes;
import static io.lode.kv.MemoryPools.memory;
import static io.lode.kv.MemoryPools.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pool.PlainMemory;
import io.lode.pool.TestPools;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {
  private final long seed = Long.getLong("lode.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private static Map<String, String> read(Iterator<KvEntry> entries) {
    Map<String, String> found = new TreeMap<>();
    entries.forEachRemaining(entry ->
        assertThat(found.put(text(entry.key()), text(entry.value())))
            .as(text(entry.key()))
            .isNull());
    return found;
  }

  private static byte[] key(int number) {
    return bytes("key " + number);
  }

  @Test
  void seesNoLaterChange() {
    try (KvStore store = KvStore.create(memory(8), CONFIG)) {
      store.put(bytes("changed"), bytes("before"));
      store.put(bytes("deleted"), bytes("there"));
      store.put(bytes("kept"), bytes("same"));
      try (Snapshot snapshot = store.snapshot()) {
        store.put(bytes("changed"), bytes("after"));
        store.put(bytes("changed"), bytes("long after"));
        store.delete(bytes("deleted"));
        store.put(bytes("new"), bytes("one"));
        assertThat(snapshot.get(bytes("changed"))).hasValue(bytes("before"));
        assertThat(snapshot.entry(bytes("changed")).orElseThrow().version()).isEqualTo(1);
        assertThat(snapshot.get(bytes("deleted"))).hasValue(bytes("there"));
        assertThat(snapshot.get(bytes("kept"))).hasValue(bytes("same"));
        assertThat(snapshot.get(bytes("new"))).isEmpty();
        assertThat(snapshot.size()).isEqualTo(3);
        assertThat(read(snapshot.entries()))
            .isEqualTo(Map.of("changed", "before", "deleted", "there", "kept", "same"));
        assertThat(store.get(bytes("changed"))).hasValue(bytes("long after"));
      }
    }
  }

  /** The index has changes on their way to their buckets when a snapshot is opened. */
  @Test
  void seesOnceWhatHadJustBeenWritten() {
    try (KvStore store = KvStore.create(memory(8), CONFIG)) {
      for (String value : List.of("first", "second", "third")) {
        store.put(bytes("key"), bytes(value));
        try (Snapshot snapshot = store.snapshot()) {
          store.put(bytes("key"), bytes("later"));
          assertThat(read(snapshot.entries())).isEqualTo(Map.of("key", value));
        }
        store.put(bytes("key"), bytes(value));
      }
    }
  }

  @Test
  void readsSeveralKeys() {
    try (KvStore store = KvStore.create(memory(8), CONFIG)) {
      List<byte[]> keys = new ArrayList<>();
      for (int number = 0; number < 100; number++) {
        keys.add(key(number));
        store.put(key(number), bytes("old " + number));
      }
      try (Snapshot snapshot = store.snapshot()) {
        for (int number = 0; number < 100; number += 2) {
          store.put(key(number), bytes("new"));
        }
        List<Optional<byte[]>> found = snapshot.multiGet(keys);
        var target = MemorySegment.ofArray(new byte[10_000]);
        int[] lengths = new int[100];
        assertThat(snapshot.multiGet(keys, target, lengths)).isEqualTo(100);
        long at = 0;
        for (int number = 0; number < 100; number++) {
          assertThat(found.get(number)).hasValue(bytes("old " + number));
          assertThat(target.asSlice(at, lengths[number]).toArray(ValueLayout.JAVA_BYTE))
              .isEqualTo(bytes("old " + number));
          at += lengths[number];
        }
      }
    }
  }

  /** Several at a time, each with what was there when it was opened, while segments are cleaned. */
  @ParameterizedTest
  @ValueSource(ints = {40, 80})
  void seesWhatAMapHeld(int segments) {
    record Taken(Snapshot snapshot, Map<String, String> model) {}
    Map<String, String> model = new TreeMap<>();
    List<Taken> taken = new ArrayList<>();
    int fulls = 0;
    try (KvStore store = KvStore.create(memory(segments), CONFIG)) {
      for (int step = 0; step < 20_000; step++) {
        int number = random.nextInt(segments * 4);
        String name = "key " + number;
        try {
          if (random.nextInt(5) == 0) {
            store.delete(bytes(name));
            model.remove(name);
          } else {
            String value = (step + " ").repeat(random.nextInt(1, 40));
            store.put(bytes(name), bytes(value));
            model.put(name, value);
          }
        } catch (StoreException.Full _) {
          fulls++;
          taken.forEach(one -> one.snapshot.close());
          taken.clear();
        }
        if (taken.size() < 3 && random.nextInt(100) == 0) {
          taken.add(new Taken(store.snapshot(), new TreeMap<>(model)));
        }
        if (!taken.isEmpty() && random.nextInt(20) == 0) {
          Taken one = taken.get(random.nextInt(taken.size()));
          assertThat(one.snapshot.get(bytes(name)).map(MemoryPools::text))
              .as("step %d, -Dlode.seed=%d", step, seed)
              .isEqualTo(Optional.ofNullable(one.model.get(name)));
        }
        if (!taken.isEmpty() && random.nextInt(50) == 0) {
          Taken one = taken.remove(random.nextInt(taken.size()));
          assertThat(read(one.snapshot.entries())).as("-Dlode.seed=%d", seed).isEqualTo(one.model);
          assertThat(one.snapshot.size()).isEqualTo(one.model.size());
          one.snapshot.close();
        }
      }
      taken.forEach(one -> one.snapshot.close());
      assertThat(store.stats().pins()).isEmpty();
      assertThat(store.stats().space().heldBytes()).isZero();
      assertThat(read(store.entries())).isEqualTo(model);
      assertThat(store.stats().space().movedBytes()).isPositive();
      assertThat(fulls).as("-Dlode.seed=%d", seed).isZero();
    }
  }

  /** A batch is seen whole or not at all, and an iterator sees each key once. */
  @Test
  void isConsistentWhileOthersWrite() throws Exception {
    var memory = new PlainMemory((int) TestPools.bytes(80));
    var done = new AtomicBoolean();
    int keys = 50;
    try (KvStore store = KvStore.create(memory, CONFIG);
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < 2; writer++) {
        int of = writer;
        write(store, of, 0, keys);
        writers.add(
            threads.submit(() -> {
              for (int round = 1; !done.get(); round++) {
                write(store, of, round, keys);
              }
            }));
      }
      try {
        for (int look = 0; look < 300; look++) {
          try (Snapshot snapshot = store.snapshot()) {
            assertConsistent(read(snapshot.entries()), keys);
            Map<String, String> again = new TreeMap<>();
            for (int number = 0; number < keys; number++) {
              for (String writer : List.of("0", "1")) {
                byte[] key = bytes(writer + " " + number);
                again.put(text(key), text(snapshot.get(key).orElseThrow()));
              }
            }
            Map<String, String> seen = read(snapshot.entries());
            seen.keySet().removeIf(key -> key.startsWith("single"));
            assertThat(seen).isEqualTo(again);
          }
        }
      } finally {
        done.set(true);
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
      assertThat(store.stats().space().movedBytes()).isPositive();
    }
  }

  private static void write(KvStore store, int writer, int round, int keys) {
    var batch = new WriteBatch();
    for (int number = 0; number < keys; number++) {
      batch.put(bytes(writer + " " + number), bytes(String.valueOf(round)));
    }
    store.write(batch);
    store.put(bytes("single " + writer), bytes(String.valueOf(round)));
    store.delete(bytes("single " + writer));
  }

  private void assertConsistent(Map<String, String> seen, int keys) {
    for (String writer : List.of("0", "1")) {
      String first = seen.get(writer + " 0");
      for (int number = 0; number < keys; number++) {
        assertThat(seen.get(writer + " " + number)).isEqualTo(first).isNotNull();
      }
    }
  }

  @Test
  void holdsBackWhatItSeesAndNoMore() {
    try (KvStore store = KvStore.create(memory(16), CONFIG)) {
      for (int number = 0; number < 60; number++) {
        store.put(key(number), new byte[100]);
      }
      try (Snapshot _ = store.snapshot()) {
        // What is replaced again and again is seen once; the rest stays free to be used.
        for (int round = 0; round < 20_000; round++) {
          store.put(key(round % 30), bytes("value " + round));
        }
        KvStats stats = store.stats();
        assertThat(stats.pins()).hasSize(1);
        KvStats.Pin pin = stats.pins().getFirst();
        assertThat(pin.kind()).isEqualTo(KvStats.Pin.Kind.SNAPSHOT);
        assertThat(pin.heldBytes()).isPositive().isEqualTo(stats.space().heldBytes());
      }
      assertThat(store.stats().space().heldBytes()).isZero();
    }
  }

  @Test
  void leasesAndSnapshotsAreToldOldestFirst() {
    try (KvStore store = KvStore.create(memory(8), CONFIG)) {
      try (Snapshot _ = store.snapshot();
          Lease _ = store.lease();
          Snapshot _ = store.snapshot()) {
        assertThat(store.stats().pins().stream().map(KvStats.Pin::kind))
            .containsExactly(
                KvStats.Pin.Kind.SNAPSHOT, KvStats.Pin.Kind.LEASE, KvStats.Pin.Kind.SNAPSHOT);
      }
    }
  }

  @Test
  void poolThatASnapshotKeepsFullSaysSo() {
    try (KvStore store = KvStore.create(memory(8), CONFIG)) {
      for (int number = 0; number < 30; number++) {
        store.put(key(number), new byte[200]);
      }
      try (Snapshot snapshot = store.snapshot()) {
        assertThatThrownBy(
                () -> {
                  for (int round = 0; round < 10_000; round++) {
                    store.put(key(round % 30), new byte[201 + round % 10]);
                    store.put(bytes("another " + round), new byte[200]);
                  }
                })
            .isInstanceOf(StoreException.Full.class)
            .hasMessageContaining("1 leases, snapshots or iterators, the oldest for");
        assertThat(snapshot.get(key(3))).hasValue(new byte[200]);
      }
    }
  }

  /** Nobody has to close an iterator. */
  @Test
  void snapshotThatNobodyHasAnyMoreEnds() {
    try (KvStore store = KvStore.create(memory(12), CONFIG)) {
      for (int number = 0; number < 30; number++) {
        store.put(key(number), new byte[100]);
      }
      for (int round = 0; round < 40; round++) {
        Snapshot abandoned = store.snapshot();
        assertThat(abandoned.size()).isEqualTo(30);
        store.entries().next();
        for (int number = 0; number < 30; number++) {
          writeWhenThereIsRoom(store, key(number));
        }
      }
    }
  }

  /** A collection of garbage finds all that nobody refers to; a few give the collector time. */
  private static void writeWhenThereIsRoom(KvStore store, byte[] key) {
    StoreException.Full last = null;
    for (int attempt = 0; attempt < 20; attempt++) {
      try {
        store.put(key, new byte[100]);
        return;
      } catch (StoreException.Full full) {
        last = full;
        System.gc();
      }
    }
    throw new AssertionError("abandoned snapshots do not end", last);
  }

  @Test
  void closedOneRefuses() {
    KvStore store = KvStore.create(memory(8), CONFIG);
    store.put(bytes("key"), bytes("value"));
    Snapshot closed = store.snapshot();
    Iterator<KvEntry> entries = closed.entries();
    closed.close();
    closed.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> closed.get(bytes("key")))
        .withMessage("this snapshot is closed");
    assertThatIllegalStateException().isThrownBy(entries::hasNext);
    assertThatIllegalStateException().isThrownBy(closed::entries);
    assertThatIllegalStateException().isThrownBy(() -> closed.multiGet(List.of(bytes("key"))));
    Snapshot open = store.snapshot();
    store.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> open.get(bytes("key")))
        .withMessageContaining("is closed");
    assertThatIllegalStateException().isThrownBy(store::snapshot);
    open.close();
  }

  @Test
  void olderVersionIsReadThoughTheNewestIsDamaged() {
    var memory = memory(8);
    KvStore store = KvStore.create(memory, CONFIG);
    store.put(bytes("key"), bytes("sound value"));
    Snapshot snapshot = store.snapshot();
    store.put(bytes("key"), bytes("harmed value"));
    MemorySegment image = memory.segment();
    int at = MemoryPools.find(image.toArray(ValueLayout.JAVA_BYTE), "harmed value", 0);
    image.set(ValueLayout.JAVA_BYTE, at, (byte) 'x');
    assertThatThrownBy(() -> store.get(bytes("key"))).isInstanceOf(StoreException.Damaged.class);
    assertThat(snapshot.get(bytes("key"))).hasValue(bytes("sound value"));
    snapshot.close();
    store.close();
  }

  /** As many as an index that grows while it is read. */
  @Test
  void seesEachKeyOnceWhileTheIndexGrows() {
    var memory = new PlainMemory((int) TestPools.bytes(600));
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      for (int number = 0; number < 3000; number++) {
        store.put(key(number), bytes("old"));
      }
      Iterator<KvEntry> entries = store.entries();
      boolean[] seen = new boolean[3000];
      for (int number = 3000; number < 9000; number++) {
        store.put(key(number), bytes("new"));
        store.put(key(number % 3000), bytes("new"));
        if (number % 2 == 0 && entries.hasNext()) {
          KvEntry entry = entries.next();
          int found = Integer.parseInt(text(entry.key()).substring(4));
          assertThat(seen[found]).isFalse();
          seen[found] = true;
          assertThat(entry.value()).isEqualTo(bytes("old"));
        }
      }
      assertThat(entries).isExhausted();
      assertThat(seen).isEqualTo(filled(3000));
    }
  }

  private static boolean[] filled(int length) {
    var all = new boolean[length];
    Arrays.fill(all, true);
    return all;
  }
}
