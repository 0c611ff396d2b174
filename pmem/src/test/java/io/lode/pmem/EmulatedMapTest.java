package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.internal.Platform;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine's own persist routines on memory that plays persistent memory. */
class EmulatedMapTest {
  private static final int SIZE = 1 << 20;

  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void makeFile() throws IOException {
    file = Files.createTempFile(Path.of("/dev/shm"), "lode-test", ".pmem");
    Files.write(file, new byte[SIZE]);
  }

  @AfterEach
  void deleteFile() throws IOException {
    Files.delete(file);
  }

  private static Source open(Path path, Granularity forced) {
    Platform machine = Platform.ofThisMachine();
    return Source.open(
        path,
        true,
        new Platform(
            machine.files(),
            () -> Optional.of(forced),
            machine.regionFinder(),
            machine.routines()));
  }

  @Test
  void persistRunsTheInstructionsOfThisCpu() throws IOException {
    byte[] content = new byte[5000];
    Arrays.fill(content, (byte) 42);
    for (Granularity granularity : new Granularity[] {Granularity.CACHE_LINE, Granularity.BYTE}) {
      try (Source source = open(file, granularity);
          PmemMap map = MapConfig.of(granularity).map(source)) {
        assertThat(map.granularity()).isEqualTo(granularity);
        assertThat(map.isEmulated()).isTrue();
        assertThat(map.flushPrimitive()).isNotEqualTo("msync");
        map.copy(100, MemorySegment.ofArray(content), 0, 5000, CopyFlags.NONE);
        map.fill(7000, 3, (byte) 9, CopyFlags.NO_DRAIN);
        map.persist(0, SIZE);
      }
      byte[] stored = Files.readAllBytes(file);
      assertThat(Arrays.copyOfRange(stored, 100, 5100)).isEqualTo(content);
      assertThat(Arrays.copyOfRange(stored, 6999, 7004)).containsExactly(0, 9, 9, 9, 0);
      Files.write(file, new byte[SIZE]);
    }
  }

  @Test
  void blocksThatWerePunchedAreAllocatedAgain() throws Exception {
    try (Source source = open(file, Granularity.CACHE_LINE);
        PmemMap map = MapConfig.of(Granularity.CACHE_LINE).map(source)) {
      map.fill(0, SIZE, (byte) 1, CopyFlags.NONE);
      run("fallocate", "--punch-hole", "--offset", "8192", "--length", "65536", file.toString());
      long punched = allocatedBytes();
      map.ensureAllocated(0, 4096);
      assertThat(allocatedBytes()).isEqualTo(punched);
      map.ensureAllocated(4096, 65_536);
      assertThat(allocatedBytes()).isEqualTo(punched + 61_440);
      map.ensureAllocated(0, SIZE);
      assertThat(allocatedBytes()).isEqualTo(punched + 65_536);
      assertThatThrownBy(() -> map.ensureAllocated(SIZE - 1, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void cutFileIsFoundBeforeItIsStoredTo() throws IOException {
    try (Source source = open(file, Granularity.CACHE_LINE);
        PmemMap map = MapConfig.of(Granularity.CACHE_LINE).map(source)) {
      try (RandomAccessFile other = new RandomAccessFile(file.toFile(), "rw")) {
        other.setLength(SIZE / 2);
      }
      map.ensureAllocated(0, SIZE / 2);
      PmemException e = failure(() -> map.ensureAllocated(SIZE / 2 - 10, 20));
      assertThat(e.error()).isEqualTo(PmemError.IO_FAIL);
      assertThat(e).hasMessageContaining("length of the file");
    }
  }

  private long allocatedBytes() throws IOException, InterruptedException {
    return 512 * Long.parseLong(run("stat", "--format", "%b", file.toString()).strip());
  }

  @Test
  void prefaultMapsWhatItIsAskedFor() throws IOException {
    try (Source source = open(file, Granularity.CACHE_LINE);
        PmemMap map = MapConfig.of(Granularity.CACHE_LINE).map(source);
        Source plain = Source.of(file);
        PmemMap synced = MapConfig.of(Granularity.PAGE).map(plain)) {
      assertThat(mappedKib(map)).as("all of it was written, so nothing was populated").isZero();
      map.prefault(300_000, 100_000);
      assertThat(mappedKib(map)).isBetween(100L, 100 + 2 * 64L);
      map.prefault(0, 0);
      map.prefault(0, SIZE);
      assertThat(mappedKib(map)).isEqualTo(SIZE / 1024);
      synced.prefault(0, SIZE);
      assertThat(mappedKib(synced)).isZero();
      assertThatThrownBy(() -> map.prefault(1, SIZE)).isInstanceOf(IndexOutOfBoundsException.class);
      PmemMap closed = MapConfig.of(Granularity.CACHE_LINE).map(source);
      closed.close();
      assertThatThrownBy(() -> closed.prefault(0, 1)).isInstanceOf(IllegalStateException.class);
    }
  }

  private static long mappedKib(PmemMap map) throws IOException {
    return MappedPages.figures(map.segment().address()).getOrDefault("Rss", 0L);
  }

  @Test
  void readMapsAreNeverWritten() throws IOException {
    try (Source source = open(file, Granularity.CACHE_LINE);
        PmemMap map = MapConfig.of(Granularity.PAGE).protection(Protection.READ).map(source);
        PmemMap none = MapConfig.of(Granularity.PAGE).protection(Protection.NONE).map(source)) {
      assertThatThrownBy(() -> map.fill(0, 1, (byte) 1, CopyFlags.NONE))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> none.fill(0, 1, (byte) 1, CopyFlags.NONE))
          .isInstanceOf(IllegalStateException.class);
      map.persist(0, SIZE);
      none.persist(0, SIZE);
    }
  }

  @Test
  void privateMapOfAHoleOnAFullFileSystemIsAnExceptionAndNotASignal() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("mount"));
    run("mount", "-t", "tmpfs", "-o", "size=256k", "none", mount.toString());
    try {
      Path sparse = mount.resolve("sparse");
      try (RandomAccessFile hole = new RandomAccessFile(sparse.toFile(), "rw")) {
        hole.setLength(SIZE);
      }
      try (Source source = open(sparse, Granularity.CACHE_LINE)) {
        PmemException full = failure(() -> MapConfig.of(Granularity.CACHE_LINE).map(source));
        assertThat(full.errno()).hasValue(28);
        try (PmemMap map = MapConfig.of(Granularity.BYTE).sharing(Sharing.PRIVATE).map(source)) {
          PmemException e = failure(() -> map.fill(0, SIZE, (byte) 1, CopyFlags.NONE));
          assertThat(e.error()).isEqualTo(PmemError.IO_FAIL);
        }
      }
    } finally {
      run("umount", "-l", mount.toString());
    }
  }

  @Test
  void closingFromSeveralThreadsWaitsForNativeStores() throws Exception {
    MemorySegment content = MemorySegment.ofArray(new byte[4096]);
    for (int round = 0; round < 20; round++) {
      try (Source source = open(file, Granularity.CACHE_LINE)) {
        PmemMap map = MapConfig.of(Granularity.CACHE_LINE).map(source);
        CountDownLatch stored = new CountDownLatch(2);
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          threads.add(start(failures, () -> storeUntilClosed(map, content, stored)));
        }
        stored.await();
        for (int i = 0; i < 2; i++) {
          threads.add(start(failures, map::close));
        }
        for (Thread thread : threads) {
          thread.join();
        }
        assertThat(failures).isEmpty();
        assertThatThrownBy(map::segment).isInstanceOf(IllegalStateException.class);
      }
    }
  }

  private static Thread start(List<Throwable> failures, Runnable action) {
    return Thread.ofPlatform()
        .uncaughtExceptionHandler((thread, e) -> failures.add(e))
        .start(action);
  }

  private static void storeUntilClosed(PmemMap map, MemorySegment content, CountDownLatch stored) {
    try {
      while (true) {
        map.copy(0, content, 0, 4096, CopyFlags.NONE);
        map.fill(8192, 4096, (byte) 1, CopyFlags.NONE);
        map.persist(0, SIZE);
        stored.countDown();
      }
    } catch (IllegalStateException closed) {
      // Closed: the end that is expected.
    } finally {
      // Whoever waits for one that failed is let go too, and finds the failure.
      stored.countDown();
      stored.countDown();
    }
  }
}
