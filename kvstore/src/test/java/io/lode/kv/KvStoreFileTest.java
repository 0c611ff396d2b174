package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.Granularity;
import io.lode.pool.TestPools;
import io.lode.store.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What opening and making pools does with whatever a path may name. */
class KvStoreFileTest {
  private static final KvConfig SMALL = KvConfig.builder().capacityBytes(1 << 20).build();

  @TempDir private Path folder;
  private Path pool;

  @BeforeEach
  void namePool() {
    pool = folder.resolve("pool");
  }

  @Test
  void poolIsMadeForItsOwnerOnlyWithoutHolesAndSurvivesReopening() throws IOException {
    try (KvStore store = KvStore.create(pool, SMALL)) {
      store.put(bytes("key"), bytes("value"));
      assertThat(store.medium().granularity()).isEqualTo(Granularity.PAGE);
      assertThat(store.medium().durability()).isNotBlank();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pool)))
        .isEqualTo("rw-------");
    assertThat(Files.size(pool)).isEqualTo(1 << 20);
    assertThat((int) Files.getAttribute(pool, "unix:nlink")).isEqualTo(1);
    try (KvStore store = KvStore.open(pool, SMALL)) {
      assertThat(store.get(bytes("key"))).hasValue(bytes("value"));
      assertThat(store.recovery().clean()).isTrue();
    }
  }

  @Test
  void interruptedThreadMakesAndUsesPoolsAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    try {
      try (KvStore store = KvStore.create(pool, SMALL)) {
        store.put(bytes("key"), bytes("value"));
      }
      try (KvStore store = KvStore.open(pool, SMALL)) {
        assertThat(store.get(bytes("key"))).hasValue(bytes("value"));
      }
      assertThat(KvStore.check(pool).isSound()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** The maker of the pool is interrupted all the time, until it is made. */
  @Test
  void interruptWhileAPoolIsMadeChangesNothing() throws Exception {
    KvConfig large = KvConfig.builder().capacityBytes(64 << 20).build();
    var stayed = new AtomicBoolean();
    var made =
        new FutureTask<Void>(() -> {
          KvStore.create(pool, large).close();
          stayed.set(Thread.currentThread().isInterrupted());
          return null;
        });
    Thread maker = Thread.ofPlatform().start(made);
    while (!made.isDone()) {
      maker.interrupt();
      Thread.onSpinWait();
    }
    made.get();
    assertThat(stayed).isTrue();
    assertThat(KvStore.check(pool).isSound()).isTrue();
  }

  @Test
  void secondOpeningIsLockedOutUntilTheFirstCloses() {
    try (KvStore _ = KvStore.create(pool, SMALL)) {
      assertThatThrownBy(() -> KvStore.open(pool, SMALL))
          .isInstanceOf(StoreException.Locked.class)
          .hasMessageContaining(pool.toString());
      assertThatThrownBy(() -> KvStore.check(pool)).isInstanceOf(StoreException.Locked.class);
      assertThatThrownBy(() -> KvStore.create(pool, SMALL.toBuilder().overwrite(true).build()))
          .isInstanceOf(StoreException.Locked.class);
    }
    KvStore.open(pool, SMALL).close();
  }

  @Test
  void poolLargerThanItsFileSystemIsRefusedAtOnceAndLeavesNothing() {
    assertThatThrownBy(
            () -> KvStore.create(pool, SMALL.toBuilder().capacityBytes(1L << 50).build()))
        .isInstanceOf(StoreException.Full.class)
        .hasMessageContaining(pool.toString())
        .hasMessageContaining("no room for " + (1L << 50));
    assertThat(pool).doesNotExist();
  }

  @Test
  void lockHoldsWhileOtherStreamsOnTheFileComeAndGo() throws IOException {
    try (KvStore _ = KvStore.create(pool, SMALL)) {
      Files.readAllBytes(pool);
      assertThatThrownBy(() -> KvStore.open(pool, SMALL)).isInstanceOf(StoreException.Locked.class);
    }
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whateverIsNotAPoolIsRefusedAndLeftAlone() throws Exception {
    Path fifo = folder.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    Path empty = Files.createFile(folder.resolve("empty"));
    Path text = Files.writeString(folder.resolve("text"), "my only copy of the thesis\n");
    Path large = Files.write(folder.resolve("large"), new byte[100_000]);

    for (Path path : new Path[] {folder, fifo, empty, text, large, Path.of("/dev/null")}) {
      assertThatThrownBy(() -> KvStore.open(path, SMALL))
          .as(path.toString())
          .isInstanceOf(StoreException.Foreign.class)
          .hasMessageContaining(path.toString())
          .hasMessageContaining("nothing was changed");
      assertThatThrownBy(() -> KvStore.create(path, SMALL))
          .as(path.toString())
          .isInstanceOf(StoreException.Foreign.class);
    }
    assertThat(text).hasContent("my only copy of the thesis\n");
    assertThat(Files.readAllBytes(large)).containsOnly(0).hasSize(100_000);
  }

  @Test
  void missingPathIsMissing() {
    assertThatThrownBy(() -> KvStore.open(pool, SMALL))
        .isInstanceOf(StoreException.Missing.class)
        .hasMessageContaining("create the pool first");
    assertThatThrownBy(() -> KvStore.create(folder.resolve("no/pool"), SMALL))
        .isInstanceOf(StoreException.Missing.class)
        .hasMessageContaining("folder");
  }

  @Test
  void symbolicLinkIsNotFollowedWhenAPoolIsMade() throws IOException {
    Path target = folder.resolve("target");
    Files.createSymbolicLink(pool, target);
    for (boolean overwrite : new boolean[] {false, true}) {
      KvConfig config = SMALL.toBuilder().overwrite(overwrite).build();
      assertThatThrownBy(() -> KvStore.create(pool, config))
          .isInstanceOf(StoreException.Foreign.class)
          .hasMessageContaining("is a symbolic link");
      assertThat(target).doesNotExist();
    }
    Files.writeString(target, "my only copy");
    assertThatThrownBy(() -> KvStore.create(pool, SMALL.toBuilder().overwrite(true).build()))
        .isInstanceOf(StoreException.Foreign.class)
        .hasMessageContaining("is a symbolic link");
    assertThat(target).hasContent("my only copy");
  }

  @Test
  void whatIsToBeOverwrittenStaysWhenItsSuccessorCannotBeMade() throws IOException {
    Files.writeString(pool, "my only copy");
    KvConfig overwriting = SMALL.toBuilder().overwrite(true).build();
    List<KvConfig> impossible =
        List.of(
            overwriting.toBuilder().capacityBytes(1L << 50).build(),
            overwriting.toBuilder().requiredGranularity(Granularity.BYTE).build(),
            overwriting.toBuilder().segmentBytes(1 << 30).build());
    for (KvConfig config : impossible) {
      assertThatThrownBy(() -> KvStore.create(pool, config))
          .isInstanceOfAny(StoreException.class, IllegalArgumentException.class)
          .hasMessageNotContaining("exists already");
      assertThat(pool).hasContent("my only copy");
      assertThat(folder).isDirectoryNotContaining("glob:**.new-*");
    }
    KvStore.create(pool, overwriting).close();
    assertThat(folder).isDirectoryNotContaining("glob:**.new-*");
    KvStore.open(pool, SMALL).close();
  }

  @Test
  void sizesThatNoPoolHasAreRefusedWithTheRule() {
    for (long segment : new long[] {-4096, 4096, 5000, 2L << 30}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> KvConfig.builder().segmentBytes(segment))
          .withMessageContaining("a multiple of 4096 bytes, from 16384");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> KvConfig.builder().capacityBytes(0));
  }

  @Test
  void existingPoolIsOverwrittenOnlyWhenAskedTo() {
    try (KvStore store = KvStore.create(pool, SMALL)) {
      store.put(bytes("key"), bytes("value"));
    }
    assertThatThrownBy(() -> KvStore.create(pool, SMALL))
        .isInstanceOf(StoreException.Foreign.class)
        .hasMessageContaining("exists already");
    try (KvStore store = KvStore.open(pool, SMALL)) {
      assertThat(store.size()).isEqualTo(1);
    }
    try (KvStore store = KvStore.create(pool, SMALL.toBuilder().overwrite(true).build())) {
      assertThat(store.size()).isZero();
    }
  }

  @Test
  void everyTruncationIsDamageOrForeignAndNeverAPool() throws IOException {
    try (KvStore store = KvStore.create(pool, SMALL)) {
      store.put(bytes("key"), bytes("value"));
    }
    for (long length : new long[] {1 << 19, 20_000, 8192, 8191, 4096, 300, 255, 8, 1}) {
      try (var file = new RandomAccessFile(pool.toFile(), "rw")) {
        file.setLength(length);
      }
      assertThatThrownBy(() -> KvStore.open(pool, SMALL))
          .as("length " + length)
          .isInstanceOfAny(StoreException.Damaged.class, StoreException.Foreign.class)
          .hasMessageContaining(pool.toString());
      assertThat(Files.size(pool)).isEqualTo(length);
    }
  }

  @Test
  void newerVersionIsRefusedAndLeftAlone() throws IOException {
    KvStore.create(pool, SMALL).close();
    try (var file = new RandomAccessFile(pool.toFile(), "rw")) {
      for (int copy = 0; copy < 2; copy++) {
        file.seek(copy * 4096L + 8);
        file.write(3);
      }
    }
    byte[] before = Files.readAllBytes(pool);
    assertThatThrownBy(() -> KvStore.open(pool, SMALL))
        .isInstanceOf(StoreException.Newer.class)
        .hasMessageContaining("version 3");
    assertThat(Files.readAllBytes(pool)).isEqualTo(before);
  }

  @Test
  void coarserMediumThanRequiredIsRefused() {
    assertThatThrownBy(() ->
            KvStore.create(
                pool, SMALL.toBuilder().requiredGranularity(Granularity.CACHE_LINE).build()))
        .isInstanceOf(StoreException.Io.class)
        .hasMessageContaining("GRANULARITY_NOT_SUPPORTED");
    assertThat(pool).doesNotExist();
  }

  @Test
  void poolTooSmallForASegmentIsTheCallersMistake() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KvStore.create(pool, SMALL.toBuilder().capacityBytes(10_000).build()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KvStore.create(pool, SMALL.toBuilder().segmentBytes(5000).build()));
    assertThat(pool).doesNotExist();
  }

  @Test
  void checkReadsWithoutWriting() throws IOException {
    try (KvStore store =
        KvStore.create(pool, SMALL.toBuilder().segmentBytes(TestPools.SEGMENT_BYTES).build())) {
      for (int i = 0; i < 100; i++) {
        store.put(bytes("key" + i % 50), bytes("value " + "x".repeat(i * 3) + i));
      }
    }
    byte[] before = Files.readAllBytes(pool);
    CheckReport sound = KvStore.check(pool);
    assertThat(sound.isSound()).isTrue();
    assertThat(sound.entries()).isEqualTo(50);
    assertThat(sound.records()).isEqualTo(100);
    assertThat(Files.readAllBytes(pool)).isEqualTo(before);

    byte[] harmed = before.clone();
    harmed[MemoryPools.find(harmed, "key60".replace("60", "10"), 1)] ^= 1;
    Files.write(pool, harmed);
    CheckReport report = KvStore.check(pool);
    assertThat(report.damages()).hasSize(1);
    assertThat(Files.readAllBytes(pool)).isEqualTo(harmed);
  }
}
