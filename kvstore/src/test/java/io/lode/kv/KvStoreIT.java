package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.numa.Affinity;
import io.lode.numa.CpuSet;
import io.lode.numa.NodeSet;
import io.lode.numa.Topology;
import io.lode.pmem.Granularity;
import io.lode.pmem.Source;
import io.lode.pool.PoolFormat;
import io.lode.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The store on a file system on persistent memory and on a device, each on a node of its own. */
class KvStoreIT {
  private static final KvConfig CONFIG =
      KvConfig.builder()
          .capacityBytes(16 << 20)
          .overwrite(true)
          .requiredGranularity(Granularity.CACHE_LINE)
          .build();

  static Stream<Path> pools() {
    return Stream.of(
        Path.of(System.getenv("LODE_FSDAX")).resolve("store-it"),
        Path.of(System.getenv("LODE_DEVDAX")));
  }

  @ParameterizedTest
  @MethodSource("pools")
  void holdsWhatWasPutAcrossReopening(Path pool) {
    try (KvStore store = KvStore.create(pool, CONFIG)) {
      assertThat(store.medium().granularity()).isEqualTo(Granularity.CACHE_LINE);
      assertThat(store.medium().emulated()).isFalse();
      assertThat(store.medium().durability()).contains("flushed (ADR)");
      for (int i = 0; i < 500; i++) {
        store.put(bytes("key" + i), bytes("value " + i));
      }
    }
    try (KvStore store = KvStore.open(pool, CONFIG)) {
      assertThat(store.size()).isEqualTo(500);
      assertThat(store.get(bytes("key499"))).hasValue(bytes("value 499"));
    }
    assertThat(KvStore.check(pool).isSound()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("pools")
  void writerRunsOnTheCpusOfTheDevicesNodeAndNowhereElse(Path pool) {
    KvStore.create(pool, CONFIG).close();
    int node;
    try (Source source = Source.of(pool)) {
      node = source.location().numaNode().orElseThrow();
    }
    CpuSet near = Topology.snapshot().cpusOf(NodeSet.of(node));
    CpuSet before = Affinity.current();
    assertThat(before).as("without pinning").isNotEqualTo(near);
    try (KvStore store = KvStore.create(pool, CONFIG)) {
      assertThat(store.medium().numaNode()).hasValue(node);
      try (KvWriter writer = store.writer()) {
        assertThat(writer.isPinned()).isTrue();
        for (int i = 0; i < 200; i++) {
          writer.put(bytes("key" + i), bytes("value"));
          assertThat(near.contains(Affinity.currentCpu())).isTrue();
        }
      }
    }
    assertThat(Affinity.current()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("pools")
  void noRecordCallsThroughJna(Path pool, @TempDir Path folder) throws IOException {
    NativeCalls.requireNoneByRecord(folder, pool.toString());
  }

  /** The CPU is read at each flush. */
  @ParameterizedTest
  @MethodSource("pools")
  void nothingIsFlushedFromAnotherNodeUnlessPinningIsOff(Path pool) {
    int node;
    try (KvStore store = KvStore.create(pool, CONFIG)) {
      node = store.medium().numaNode().orElseThrow();
    }
    CpuSet far = Affinity.ofProcess().minus(Topology.snapshot().cpusOf(NodeSet.of(node)));
    assertThat(far.isEmpty()).isFalse();
    try (Affinity.Scope _ = Affinity.pin(far)) {
      try (KvStore store = KvStore.open(pool, CONFIG)) {
        for (int i = 0; i < 50; i++) {
          store.put(bytes("key" + i), bytes("value"));
        }
        store.putAsync(bytes("later"), bytes("value")).toCompletableFuture().join();
        assertThat(store.delete(bytes("key0"))).isTrue();
        try (KvWriter writer = store.writer()) {
          writer.put(bytes("pinned"), bytes("value"));
        }
        assertThat(store.stats().device().remoteFlushBytes()).isZero();
      }
      try (KvStore store = KvStore.open(pool, CONFIG.toBuilder().pinning(false).build())) {
        store.put(bytes("far"), bytes("value"));
        assertThat(store.stats().device().remoteFlushBytes()).isEqualTo(64);
      }
    }
  }

  @Test
  void segmentWithABadBlockIsLeftOutWhenWriting() throws IOException {
    try (var spare = new SpareFileSystem()) {
      Path pool = spare.folder().resolve("pool");
      var config = CONFIG.toBuilder().segmentBytes(1 << 20).build();
      KvStore.create(pool, config).close();
      spare.plantBadPage(pool, PoolFormat.SEGMENTS_OFFSET + (2 << 20) + 65_536);
      try (KvStore store = KvStore.open(pool, config)) {
        assertThatThrownBy(
                () -> {
                  for (int i = 0; i < 100_000; i++) {
                    store.put(bytes("key" + i), new byte[4000]);
                  }
                })
            .isInstanceOf(StoreException.Full.class);
        KvStats.Segment bad = store.segments().get(2);
        assertThat(bad.state()).isEqualTo(KvStats.Segment.State.DAMAGED);
        assertThat(bad.usedBytes()).isZero();
        // The reserve for moves and deletes.
        assertThat(store.stats().space().freeSegments()).isEqualTo(2);
      }
    }
  }

  @Test
  void poolsOnTwoNodesHaveTwoNodes() {
    int[] nodes =
        pools()
            .mapToInt(pool -> {
              try (KvStore store = KvStore.create(pool, CONFIG)) {
                return store.medium().numaNode().orElseThrow();
              }
            })
            .toArray();
    assertThat(nodes).doesNotHaveDuplicates();
  }

  @Test
  void deviceThatHoldsDataIsOverwrittenOnlyWhenAskedTo() {
    Path device = Path.of(System.getenv("LODE_DEVDAX"));
    KvStore.create(device, CONFIG).close();
    assertThatThrownBy(() -> KvStore.create(device, CONFIG.toBuilder().overwrite(false).build()))
        .isInstanceOf(StoreException.Foreign.class)
        .hasMessageContaining("holds data already");
    KvStore.open(device, CONFIG).close();
  }

  @Test
  void secondProcessIsLockedOutOfADevice() throws Exception {
    Path device = Path.of(System.getenv("LODE_DEVDAX"));
    try (KvStore _ = KvStore.create(device, CONFIG)) {
      assertThatThrownBy(() -> KvStore.open(device, CONFIG))
          .isInstanceOf(StoreException.Locked.class);
      Process flock = new ProcessBuilder("flock", "--nonblock", device.toString(), "true").start();
      assertThat(flock.waitFor()).isEqualTo(1);
    }
  }

  @Test
  void badBlockUnderAPoolIsATypedError() throws IOException {
    try (var spare = new SpareFileSystem()) {
      Path pool = spare.folder().resolve("pool");
      try (KvStore store = KvStore.create(pool, CONFIG)) {
        store.put(bytes("key"), bytes("value"));
      }
      spare.plantBadPage(pool, PoolFormat.SEGMENTS_OFFSET + PoolFormat.BODY_OFFSET);
      assertThatThrownBy(() -> KvStore.open(pool, CONFIG))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(pool.toString());
    }
  }
}
