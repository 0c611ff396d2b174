package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.store.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A pool whose file somebody truncates while it is open: the pages behind the new end can no longer
 * be read. In native code that would be the end of the process, and in compiled code the error
 * arrives late, so reads are compiled first.
 */
class UnreadablePageTest {
  private static final KvConfig SMALL =
      KvConfig.builder().capacityBytes(1 << 20).segmentBytes(64 << 10).build();
  private static final int KEYS = 200;
  private static final int READS_UNTIL_COMPILED = 60_000;

  @TempDir private Path folder;

  @Test
  void readsOfLostPagesAreDamageAndOthersGoOn() throws IOException {
    Path pool = folder.resolve("pool");
    KvStore store = KvStore.create(pool, SMALL);
    for (int i = 0; i < KEYS; i++) {
      store.put(bytes("key" + i), bytes("value".repeat(200) + i));
    }
    for (int i = 0; i < READS_UNTIL_COMPILED; i++) {
      assertThat(store.get(bytes("key" + i % KEYS))).isPresent();
    }
    truncate(pool, 128 << 10);

    int damaged = 0;
    for (int round = 0; round < 50; round++) {
      for (int i = 0; i < KEYS; i++) {
        try {
          assertThat(store.get(bytes("key" + i))).hasValue(bytes("value".repeat(200) + i));
        } catch (StoreException.Damaged _) {
          damaged++;
        }
      }
    }
    assertThat(damaged).isGreaterThanOrEqualTo(50 * KEYS / 4).isLessThan(50 * KEYS);

    assertThatThrownBy(() -> store.put(bytes("new"), bytes("value")))
        .isInstanceOf(StoreException.Poisoned.class);
    assertThat(store.get(bytes("key0"))).isPresent();
    store.close();
    assertThatThrownBy(() -> KvStore.open(pool, SMALL))
        .isInstanceOf(StoreException.Damaged.class)
        .hasMessageContaining("truncated");
  }

  /** What the reading thread still holds of the record must not pass for what was read again. */
  @ParameterizedTest
  @ValueSource(bytes = {0, 'v'})
  void recordThatWasJustReadIsDamageOnceItsPageIsLost(byte filling) throws IOException {
    Path pool = folder.resolve("pool");
    byte[] value = new byte[1000];
    Arrays.fill(value, filling);
    KvStore store = KvStore.create(pool, SMALL);
    store.put(bytes("key"), value);
    for (int i = 0; i < READS_UNTIL_COMPILED; i++) {
      assertThat(store.get(bytes("key"))).isPresent();
    }
    truncate(pool, 12 << 10);
    for (int round = 0; round < 1000; round++) {
      assertThatThrownBy(() -> store.get(bytes("key"))).isInstanceOf(StoreException.Damaged.class);
      Iterator<KvEntry> entries = store.entries();
      assertThatThrownBy(entries::next).isInstanceOf(StoreException.Damaged.class);
    }
    store.close();
  }

  private static void truncate(Path pool, long length) throws IOException {
    try (var file = new RandomAccessFile(pool.toFile(), "rw")) {
      file.setLength(length);
    }
  }
}
