package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.Granularity;
import io.lode.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A pool of which somebody makes a clone that shares its blocks, as snapshots do, on a file system
 * that then fills up. A native store to a shared block would end the process.
 */
class ClonedPoolIT {
  private static final long POOL_BYTES = 32 << 20;
  private static final KvConfig CONFIG =
      KvConfig.builder()
          .capacityBytes(POOL_BYTES)
          .segmentBytes(1 << 20)
          .requiredGranularity(Granularity.CACHE_LINE)
          .build();

  @Test
  void storeOfAClonedPoolOutlivesAFullFileSystem() throws IOException {
    try (var spare = SpareFileSystem.withReflinks()) {
      Path pool = spare.folder().resolve("pool");
      Path clone = spare.folder().resolve("clone");
      int acknowledged = 1000;
      Path filler;
      try (KvStore store = KvStore.create(pool, CONFIG)) {
        put(store, 0, acknowledged);
        spare.reflink(pool, clone);
        filler = spare.fill();
        StoreException refused = refused(() -> put(store, acknowledged, 100_000));
        assertThat(refused)
            .isInstanceOf(StoreException.Full.class)
            .hasMessageContaining("shares these blocks");
        for (int i = 0; i < acknowledged; i++) {
          assertThat(store.get(key(i))).hasValue(value(i));
        }
      } catch (StoreException.Full e) {
        // Closing writes the headers, which are shared as well.
        assertThat(e).hasMessageContaining("shares these blocks");
        filler = spare.folder().resolve("filler");
      }
      StoreException refused = refused(() -> KvStore.open(pool, CONFIG).close());
      assertThat(full(refused)).isNotNull();
      Files.delete(filler);
      holds(pool, acknowledged);
      long room = room(spare);
      holds(clone, acknowledged);
      assertThat(room - room(spare)).as("copied by opening").isLessThan(POOL_BYTES / 4);
      assertThat(KvStore.check(pool).isSound()).isTrue();
      assertThat(KvStore.check(clone).isSound()).isTrue();
    }
  }

  /** Allocation of what is allocated needs room on a full xfs, so there must be none. */
  @Test
  void poolOpensOnAFullFileSystem() throws IOException {
    try (var spare = SpareFileSystem.withReflinks()) {
      Path pool = spare.folder().resolve("pool");
      try (KvStore store = KvStore.create(pool, CONFIG)) {
        put(store, 0, 10);
      }
      spare.fill();
      try (KvStore store = KvStore.open(pool, CONFIG)) {
        put(store, 10, 5000);
      }
      holds(pool, 5000);
    }
  }

  private static void holds(Path pool, int count) {
    try (KvStore store = KvStore.open(pool, CONFIG)) {
      for (int i = 0; i < count; i++) {
        assertThat(store.get(key(i))).hasValue(value(i));
      }
      store.put(bytes("more"), bytes("value"));
    }
  }

  private static void put(KvStore store, int from, int to) {
    for (int i = from; i < to; i++) {
      store.put(key(i), value(i));
    }
  }

  private static byte[] key(int number) {
    return bytes("key" + number);
  }

  private static byte[] value(int number) {
    return bytes("value".repeat(100) + number);
  }

  private static long room(SpareFileSystem spare) throws IOException {
    return Files.getFileStore(spare.folder()).getUsableSpace();
  }

  private static StoreException refused(Runnable action) {
    try {
      action.run();
    } catch (StoreException e) {
      return e;
    }
    throw new AssertionError("nothing was refused");
  }

  private static StoreException.@Nullable Full full(StoreException refused) {
    for (Throwable t = refused; t != null; t = t.getCause()) {
      if (t instanceof StoreException.Full full) {
        return full;
      }
    }
    return null;
  }
}
