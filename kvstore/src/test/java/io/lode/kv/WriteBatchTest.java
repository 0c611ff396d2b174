package io.lode.kv;

import static io.lode.kv.MemoryPools.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pool.SimulatedMemory;
import io.lode.store.StoreException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes that depend on each other, and on what there is. */
class WriteBatchTest {
  private final SimulatedMemory memory = memory(8);
  private KvStore store = KvStore.create(memory, CONFIG);

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() {
    store.close();
    store = KvStore.open(memory, CONFIG);
  }

  @Test
  void batchIsOneFenceAndIsThereAfterReopening() {
    store.put(bytes("old"), bytes("1"));
    store.put(bytes("gone"), bytes("1"));
    var batch = new WriteBatch();
    for (int i = 0; i < 64; i++) {
      batch.put(bytes("key" + i), bytes("value" + i));
    }
    batch.put(bytes("old"), bytes("2")).delete(bytes("gone")).delete(bytes("never"));
    assertThat(batch.size()).isEqualTo(67);
    int fences = memory.fences();
    assertThat(store.write(batch)).isTrue();
    assertThat(memory.fences() - fences).isEqualTo(1);
    for (int round = 0; round < 2; round++) {
      assertThat(store.size()).isEqualTo(65);
      assertThat(store.get(bytes("key63"))).hasValue(bytes("value63"));
      assertThat(store.get(bytes("old"))).hasValue(bytes("2"));
      assertThat(store.get(bytes("gone"))).isEmpty();
      reopen();
    }
  }

  @Test
  void ofSeveralChangesOfAKeyTheLastCounts() {
    var batch =
        new WriteBatch()
            .put(bytes("a"), bytes("1"))
            .put(bytes("a"), bytes("2"))
            .put(bytes("b"), bytes("1"))
            .delete(bytes("b"))
            .delete(bytes("c"))
            .put(bytes("c"), bytes("3"));
    store.write(batch);
    for (int round = 0; round < 2; round++) {
      assertThat(store.get(bytes("a"))).hasValue(bytes("2"));
      assertThat(store.get(bytes("b"))).isEmpty();
      assertThat(store.get(bytes("c"))).hasValue(bytes("3"));
      assertThat(store.size()).isEqualTo(2);
      reopen();
    }
  }

  @Test
  void emptyBatchWritesNothingAndAClearedOneIsEmpty() {
    int fences = memory.fences();
    assertThat(store.write(new WriteBatch())).isTrue();
    var batch = new WriteBatch().put(bytes("a"), bytes("1")).require(bytes("a"), 7);
    batch.clear();
    assertThat(store.write(batch)).isTrue();
    assertThat(memory.fences()).isEqualTo(fences);
    assertThat(store.size()).isZero();
  }

  @Test
  void batchThatCannotBeIsRefusedWholeAndHarmsNothing() {
    store.put(bytes("a"), bytes("1"));
    var wrongKey = new WriteBatch().put(bytes("a"), bytes("2")).put(new byte[0], bytes("2"));
    assertThatIllegalArgumentException().isThrownBy(() -> store.write(wrongKey));
    var tooLarge = new WriteBatch();
    for (int i = 0; i < 100; i++) {
      tooLarge.put(bytes("a" + i), new byte[200]);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.write(tooLarge))
        .withMessageContaining("a batch needs at least ")
        .withMessageContaining("bytes of an empty segment, which has 8128;");
    var tooMany = new WriteBatch();
    for (int i = 0; i < 65_535; i++) {
      tooMany.delete(bytes("a"));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.write(tooMany))
        .withMessageContaining("a batch needs at least ");
    assertThat(store.size()).isEqualTo(1);
    assertThat(store.get(bytes("a"))).hasValue(bytes("1"));
    store.put(bytes("a"), bytes("3"));
  }

  @Test
  void deletesOfKeysThatAreNotThereWriteNothing() {
    store.put(bytes("there"), bytes("1"));
    int fences = memory.fences();
    var batch = new WriteBatch();
    for (int i = 0; i < 100; i++) {
      batch.delete(bytes("not there " + i));
    }
    assertThat(store.write(batch)).isTrue();
    assertThat(memory.fences()).isEqualTo(fences);
    long used = store.stats().space().usedBytes();
    store.write(batch.delete(bytes("there")).put(bytes("new"), bytes("2")).delete(bytes("new")));
    assertThat(store.stats().space().usedBytes() - used).isLessThan(256);
    reopen();
    assertThat(store.size()).isZero();
  }

  @Test
  void fullPoolTakesNoPartOfABatch() {
    assertThatThrownBy(
            () -> {
              for (int round = 0; round < 100; round++) {
                var batch = new WriteBatch().put(bytes("round"), bytes("" + round));
                for (int i = 0; i < 10; i++) {
                  batch.put(bytes("key" + i + " of " + round), new byte[400]);
                }
                store.write(batch);
              }
            })
        .isInstanceOf(StoreException.Full.class);
    String last = text(store.get(bytes("round")).orElseThrow());
    reopen();
    assertThat(store.get(bytes("round"))).hasValue(bytes(last));
    assertThat(store.size()).isEqualTo(10 * (Integer.parseInt(last) + 1) + 1);
  }

  @Test
  void versionsRiseWithEveryChangeAndOutliveReopening() {
    assertThat(store.version(bytes("a"))).isZero();
    store.put(bytes("a"), bytes("1"));
    long first = store.version(bytes("a"));
    assertThat(first).isPositive();
    store.put(bytes("a"), bytes("1"));
    long second = store.version(bytes("a"));
    assertThat(second).isGreaterThan(first);
    reopen();
    assertThat(store.version(bytes("a"))).isEqualTo(second);
    assertThat(store.entry(bytes("a")).orElseThrow().version()).isEqualTo(second);
    assertThat(store.entry(bytes("b"))).isEmpty();
    store.delete(bytes("a"));
    assertThat(store.version(bytes("a"))).isZero();
    store.put(bytes("a"), bytes("1"));
    assertThat(store.version(bytes("a"))).isGreaterThan(second);
  }

  @Test
  void requirementThatDoesNotHoldWritesNothing() {
    store.put(bytes("a"), bytes("1"));
    long version = store.version(bytes("a"));
    var batch =
        new WriteBatch()
            .require(bytes("a"), version)
            .require(bytes("b"), 0)
            .put(bytes("b"), bytes("2"));
    assertThat(store.write(batch)).isTrue();
    assertThat(store.write(batch)).as("b is there now").isFalse();
    assertThat(store.write(new WriteBatch().require(bytes("a"), version + 1).delete(bytes("a"))))
        .isFalse();
    assertThat(store.get(bytes("a"))).hasValue(bytes("1"));
    assertThat(store.putIfAbsent(bytes("a"), bytes("9"))).isFalse();
    assertThat(store.putIfAbsent(bytes("c"), bytes("3"))).isTrue();
    assertThat(store.compareAndSet(bytes("a"), version, bytes("4"))).isTrue();
    assertThat(store.compareAndSet(bytes("a"), version, bytes("5"))).isFalse();
    assertThat(store.get(bytes("a"))).hasValue(bytes("4"));
  }

  @Test
  void updatesOfManyThreadsAreAllCounted() {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int thread = 0; thread < 4; thread++) {
        threads.execute(() -> {
          for (int i = 0; i < 100; i++) {
            store.update(bytes("count"), WriteBatchTest::next);
          }
        });
      }
    }
    assertThat(store.get(bytes("count"))).hasValue(bytes("400"));
    assertThat(store.update(bytes("count"), _ -> Optional.empty())).isEmpty();
    assertThat(store.contains(bytes("count"))).isFalse();
    assertThat(store.update(bytes("count"), value -> value)).isEmpty();
    assertThatIllegalStateException()
        .isThrownBy(() ->
            store.update(
                bytes("count"),
                _ -> {
                  throw new IllegalStateException("of the caller");
                }));
  }

  private static Optional<byte[]> next(Optional<byte[]> value) {
    int count = value.map(MemoryPools::text).map(Integer::parseInt).orElse(0);
    return Optional.of(bytes("" + (count + 1)));
  }
}
