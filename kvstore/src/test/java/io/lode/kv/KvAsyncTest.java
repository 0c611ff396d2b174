package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;
import static io.lode.kv.MemoryPools.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.numa.Affinity;
import io.lode.numa.CpuSet;
import io.lode.numa.NodeSet;
import io.lode.numa.Placement;
import io.lode.pmem.Granularity;
import io.lode.pool.SimulatedMemory;
import io.lode.pool.TestPools;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writes that are handed over, written later, or deferred. */
class KvAsyncTest {
  @TempDir private Path folder;

  private KvStore create() {
    return KvStore.create(
        folder.resolve("pool"), KvConfig.builder().capacityBytes(16 << 20).build());
  }

  @Test
  void changesOfOneThreadHappenInTheOrderOfItsCalls() {
    try (KvStore store = create()) {
      List<CompletableFuture<?>> running = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        running.add(store.putAsync(bytes("key" + i % 7), bytes("" + i)).toCompletableFuture());
        if (i % 100 == 99) {
          // Does not overtake what was asked for before.
          store.put(bytes("key" + i % 7), bytes("direct " + i));
          assertThat(store.get(bytes("key" + i % 7)).map(MemoryPools::text))
              .hasValue("direct " + i);
        }
      }
      running.forEach(CompletableFuture::join);
      for (int key = 0; key < 7; key++) {
        int last = 1999 - Math.floorMod(1999 - key, 7);
        String expected = last == 1999 ? "direct 1999" : "" + last;
        assertThat(store.get(bytes("key" + key)).map(MemoryPools::text)).hasValue(expected);
      }
    }
  }

  @Test
  void arraysMayBeUsedAgainAtOnceAndWhatIsWrongIsToldToItsOwnCaller() {
    try (KvStore store = create()) {
      byte[] key = bytes("key");
      byte[] value = bytes("value");
      var right = store.putAsync(key, value).toCompletableFuture();
      key[0] = 'x';
      value[0] = 'x';
      var empty = store.putAsync(new byte[0], value).toCompletableFuture();
      var large = store.putAsync(bytes("large"), new byte[1 << 20]).toCompletableFuture();
      var also = store.putAsync(bytes("also"), bytes("right")).toCompletableFuture();
      right.join();
      also.join();
      assertThat(store.get(bytes("key")).map(MemoryPools::text)).hasValue("value");
      assertThatThrownBy(empty::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(large::join).hasCauseInstanceOf(IllegalArgumentException.class);
      var refused =
          store
              .writeAsync(new WriteBatch().require(bytes("key"), 0).put(bytes("no"), bytes("no")))
              .toCompletableFuture();
      assertThat(refused.join()).isFalse();
      assertThat(store.contains(bytes("no"))).isFalse();
    }
  }

  @Test
  void whatFollowsRunsOnNoWriterAndOnAnyCpu() {
    try (KvStore store = create()) {
      CpuSet all = Affinity.ofProcess();
      var ran =
          store
              .putAsync(bytes("key"), bytes("value"))
              .thenApply(_ -> Thread.currentThread().getName() + " on " + Affinity.current())
              .toCompletableFuture();
      String where = ran.join();
      if (!where.startsWith(Thread.currentThread().getName())) {
        assertThat(where).startsWith("lode-completion-").endsWith(" on " + all);
      }
    }
  }

  @Test
  void storeMayBeClosedByWhatFollowsAWriteAndBySeveralThreads() {
    KvStore store = create();
    var closings = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 20; i++) {
      closings.add(
          store
              .putAsync(bytes("key" + i), bytes("value"))
              .thenRunAsync(i % 2 == 0 ? () -> {} : store::close)
              .exceptionally(closed -> null)
              .toCompletableFuture());
    }
    closings.add(
        store
            .putAsync(bytes("last"), bytes("value"))
            .thenRun(store::close)
            .exceptionally(closed -> null)
            .toCompletableFuture());
    CompletableFuture.allOf(closings.toArray(CompletableFuture[]::new)).join();
    store.close();
    try (KvStore again = KvStore.open(folder.resolve("pool"), KvConfig.defaults())) {
      assertThat(again.recovery().clean()).isTrue();
      assertThat(again.get(bytes("key0"))).isPresent();
    }
  }

  @Test
  void manyThreadsOnASyncedMediumAreSyncedTogether() throws Exception {
    try (KvStore store = create();
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      assertThat(store.medium().granularity()).isEqualTo(Granularity.PAGE);
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        int id = thread;
        running.add(
            threads.submit(() -> {
              for (int i = 0; i < 100; i++) {
                byte[] key = bytes(id + ":" + i);
                store.put(key, key);
                assertThat(store.get(key)).hasValue(key);
                assertThat(store.putIfAbsent(key, bytes("other"))).isFalse();
                if (i % 2 == 0) {
                  assertThat(store.delete(key)).isTrue();
                  assertThat(store.delete(key)).isFalse();
                }
              }
            }));
      }
      for (Future<?> one : running) {
        one.get();
      }
      assertThat(store.size()).isEqualTo(8 * 50);
    }
  }

  @Test
  void threadThatMayRunFarFromTheDeviceHandsOver() {
    var memory = MemoryPools.memory(4);
    TestPools.format(memory);
    CpuSet all = Affinity.ofProcess();
    CpuSet near = CpuSet.of(all.last().orElseThrow());
    var device = new Placement(NodeSet.of(0), near, "a test says so");
    try (var pool = open(memory, device, true)) {
      pool.dispatcher().put(bytes("key"), bytes("value"));
      assertThat(pool.dispatcher().delete(bytes("none"))).isFalse();
      assertThat(pool.dispatcher().delete(bytes("key"))).isTrue();
      assertThat(pool.dispatcher().compareAndSet(bytes("key"), 0, bytes("again"))).isTrue();
      assertThat(pool.dispatcher().compareAndSet(bytes("key"), 0, bytes("no"))).isFalse();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> pool.dispatcher().put(new byte[0], bytes("value")));
      assertThat(pool.stats().device().remoteFlushBytes()).isZero();
      assertThat(Affinity.current()).isEqualTo(all);
    }
    if (all.size() > 1) {
      CpuSet far = CpuSet.of(all.first().orElseThrow());
      try (var pool = open(memory, device, false);
          Affinity.Scope _ = Affinity.pin(far)) {
        pool.dispatcher().put(bytes("far"), bytes("value"));
        assertThat(pool.stats().device().remoteFlushBytes()).isEqualTo(64);
      }
    }
  }

  private static StoreEngine open(SimulatedMemory memory, Placement device, boolean pin) {
    return StoreEngine.openAt(
        StorePlace.near(device, pin), TestPools.read(memory), KvConfig.defaults());
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

  @Test
  void writerDoesNotOvertakeWhatWasDeferredOrHandedOver() {
    try (KvStore store = create();
        KvWriter writer = store.writer()) {
      store.deferred().put(bytes("a"), bytes("1"));
      writer.put(bytes("a"), bytes("2"));
      store.deferred().sync();
      assertThat(store.get(bytes("a")).map(MemoryPools::text)).hasValue("2");
      store.deferred().put(bytes("a"), bytes("3"));
      assertThat(writer.delete(bytes("a"))).isTrue();
      store.deferred().put(bytes("a"), bytes("4"));
      writer.write(new WriteBatch().put(bytes("a"), bytes("5")));
      store.deferred().sync();
      assertThat(store.get(bytes("a")).map(MemoryPools::text)).hasValue("5");
      for (int i = 0; i < 200; i++) {
        store.putAsync(bytes("b"), bytes("later " + i));
        writer.put(bytes("b"), bytes("now " + i));
        assertThat(store.get(bytes("b")).map(MemoryPools::text)).hasValue("now " + i);
      }
    }
  }

  /** As between the end of a closing store's writer and that of the store. */
  @Test
  void whatIsHandedOverToAWriterThatHasEndedIsAnswered() {
    var memory = MemoryPools.memory(4);
    TestPools.format(memory);
    var device = new Placement(NodeSet.of(0), Affinity.ofProcess(), "a test says so");
    try (var pool = open(memory, device, true)) {
      Workers ended = pool.place().newWriter();
      ended.close();
      var groupCommit = new GroupCommit(new OpenState("pool"), pool.committer(), ended);
      assertThat(groupCommit.submit(new WriteBatch().put(bytes("key"), bytes("value"))))
          .isCompletedWithValue(true);
      assertThat(groupCommit.isIdle()).isTrue();
    }
  }

  /** As fast as they come: the one that nobody answers would wait for ever. */
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void threadsThatHandOverWhileTheStoreClosesAreAllAnswered() throws Exception {
    CpuSet all = Affinity.ofProcess();
    var device = new Placement(NodeSet.of(0), CpuSet.of(all.last().orElseThrow()), "a test");
    for (int round = 0; round < 20; round++) {
      var memory = MemoryPools.memory(8);
      TestPools.format(memory);
      StoreEngine pool = open(memory, device, true);
      try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
        List<Future<?>> running = new ArrayList<>();
        var answered = new CountDownLatch(4 * (1 + round));
        for (int thread = 0; thread < 4; thread++) {
          running.add(threads.submit(() -> putUntilClosed(pool, answered)));
        }
        answered.await();
        pool.close();
        for (Future<?> one : running) {
          one.get();
        }
      }
      assertThatIllegalStateException()
          .isThrownBy(() -> pool.dispatcher().put(bytes("key"), bytes("value")));
    }
  }

  private static void putUntilClosed(StoreEngine pool, CountDownLatch answered) {
    try {
      assertThatIllegalStateException()
          .isThrownBy(() -> {
            while (true) {
              try {
                pool.dispatcher().put(bytes("key"), bytes("value"));
              } catch (StoreException.Full full) {
                // An answer too, if closing is late.
              }
              answered.countDown();
            }
          });
    } finally {
      // Whoever waits for one that failed is let go too, and hears of the failure.
      while (answered.getCount() > 0) {
        answered.countDown();
      }
    }
  }

  @Test
  void deferredChangesThatDoNotFitAreRefusedOrKept() {
    var memory = MemoryPools.memory(2);
    KvStore store = KvStore.create(memory, MemoryPools.CONFIG);
    DeferredWrites deferred = store.deferred();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> deferred.put(bytes("large"), new byte[(int) MemoryPools.SEGMENT_BYTES]));
    assertThatIllegalArgumentException().isThrownBy(() -> deferred.delete(new byte[0]));
    for (int i = 0; i < 20; i++) {
      deferred.put(bytes("key" + i), new byte[1000]);
    }
    assertThatThrownBy(deferred::sync).isInstanceOf(StoreException.Full.class);
    assertThatThrownBy(deferred::sync).isInstanceOf(StoreException.Full.class);
    assertThat(store.get(bytes("key0"))).isPresent();
  }

  @Test
  void deferredChangeWithoutRoomIsToldByWhateverNeedsItAndOnceMoreByClosing() {
    var memory = MemoryPools.memory(2);
    KvStore store = KvStore.create(memory, MemoryPools.CONFIG);
    store.put(bytes("other"), bytes("value"));
    for (int i = 0; i < 20; i++) {
      store.deferred().put(bytes("key" + i), new byte[1000]);
    }
    byte[] last = bytes("key19");
    List<ThrowingCallable> needing =
        List.of(
            () -> store.get(last),
            () -> store.get(last, MemorySegment.ofArray(new byte[1000])),
            () -> store.contains(last),
            () -> store.entry(last),
            () -> store.version(last),
            () -> store.multiGet(List.of(last)),
            () -> store.put(last, last),
            () -> store.delete(last),
            () -> store.write(new WriteBatch().require(last, 0)),
            store::size,
            store::entries);
    for (ThrowingCallable call : needing) {
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
