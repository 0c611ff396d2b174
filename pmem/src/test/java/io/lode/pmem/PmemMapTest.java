package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.fileOf;
import static io.lode.pmem.SystemFixture.run;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.internal.RecordingRoutines;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PmemMapTest {
  private static final MapConfig PAGE = MapConfig.of(Granularity.PAGE);
  private static final MapConfig LINE = MapConfig.of(Granularity.CACHE_LINE);

  @TempDir Path folder;

  @Test
  void cacheLineMapFlushesByTheCpuAndNeverSyncs() throws IOException {
    RecordingRoutines cpu = new RecordingRoutines();
    Path file = fileOf(folder, "file", 8192);
    try (Source source = Source.open(file, true, cpu.platform(Granularity.CACHE_LINE));
        PmemMap map = LINE.map(source)) {
      assertThat(map.isEmulated()).isTrue();
      assertThat(map.flushPrimitive()).isEqualTo("recorded");
      map.flush(3, 100);
      map.drain();
      map.persist(0, 64);
      map.copy(8, MemorySegment.ofArray(new byte[16]), 0, 16, CopyFlags.NO_DRAIN);
      map.fill(0, 8, (byte) 1, CopyFlags.NONE);
    }
    assertThat(cpu.calls)
        .containsExactly(
            "flush 3 100", "drain", "flush 0 64", "drain", "copy 8 16 1", "fill 0 8 0");
  }

  @Test
  void byteMapOnlyFences() throws IOException {
    RecordingRoutines cpu = new RecordingRoutines();
    Path file = fileOf(folder, "file", 8192);
    try (Source source = Source.open(file, true, cpu.platform(Granularity.BYTE));
        PmemMap map = MapConfig.of(Granularity.BYTE).map(source)) {
      assertThat(map.flushPrimitive()).isEqualTo("none");
      map.persist(3, 100);
      map.fill(0, 8, (byte) 1, CopyFlags.NONE);
    }
    assertThat(cpu.calls).containsExactly("drain", "fill 0 8 0 eadr");
  }

  @Test
  void withoutRoutinesForcedFilesAreSynced() throws IOException {
    Path file = fileOf(folder, "file", 8192);
    try (Source source =
            Source.open(file, true, RecordingRoutines.noRoutines(Granularity.CACHE_LINE));
        PmemMap map = LINE.map(source)) {
      assertThat(map.granularity()).isEqualTo(Granularity.CACHE_LINE);
      assertThat(map.isEmulated()).isTrue();
      assertThat(map.flushPrimitive()).isEqualTo("msync");
      map.persist(1, 8000);
    }
  }

  @Test
  void forcingWhatTheMediumGivesAnywayIsNotEmulation() throws IOException {
    Path file = fileOf(folder, "file", 8192);
    try (Source source = Source.open(file, true, RecordingRoutines.noRoutines(Granularity.PAGE));
        PmemMap map = PAGE.map(source)) {
      assertThat(map.isEmulated()).isFalse();
    }
  }

  @Test
  void holesAreFilledBeforeNativeStores() throws Exception {
    Path file = Files.createTempFile(Path.of("/dev/shm"), "lode-test", ".pmem");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(1 << 20);
      try (Source source =
              Source.open(file, true, new RecordingRoutines().platform(Granularity.CACHE_LINE));
          PmemMap map = LINE.map(source)) {
        assertThat(allocatedBytes(file)).isGreaterThanOrEqualTo(1 << 20);
        assertThat(map.segment().get(JAVA_BYTE, 4096)).isZero();
      }
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void fullFileSystemIsAnErrorOfTheMapAndNotTheEndOfTheProcess() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("mount"));
    run("mount", "-t", "tmpfs", "-o", "size=1m", "none", mount.toString());
    try {
      Path file = mount.resolve("sparse");
      try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
        sparse.setLength(8 << 20);
      }
      try (Source source =
          Source.open(file, true, new RecordingRoutines().platform(Granularity.CACHE_LINE))) {
        PmemException e = failure(() -> LINE.map(source));
        assertThat(e.errno()).hasValue(28);
        assertThat(e).hasMessageContaining(file.toString()).hasMessageContaining("no space left");
      }
      assertThat(allocatedBytes(file)).isZero();
      try (Source source = Source.of(file);
          PmemMap map = PAGE.map(source)) {
        PmemException e = failure(() -> map.fill(0, 8 << 20, (byte) 1, CopyFlags.NONE));
        assertThat(e.error()).isEqualTo(PmemError.IO_FAIL);
      }
    } finally {
      run("umount", "-l", mount.toString());
    }
  }

  @Test
  void truncatedFileIsAnErrorOfAPageMap() throws IOException {
    Path file = fileOf(folder, "file", 1 << 20);
    try (Source source = Source.of(file);
        PmemMap map = PAGE.map(source);
        RandomAccessFile other = new RandomAccessFile(file.toFile(), "rw")) {
      other.setLength(4096);
      PmemException e =
          failure(() ->
              map.copy(8192, MemorySegment.ofArray(new byte[100]), 0, 100, CopyFlags.NO_FLUSH));
      assertThat(e.error()).isEqualTo(PmemError.IO_FAIL);
      assertThat(e).hasMessageContaining("8192");
    }
  }

  @Test
  void rangesOutsideTheMapAreRefused() throws IOException {
    try (Source source = Source.of(fileOf(folder, "file", 8192));
        PmemMap map = PAGE.map(source)) {
      MemorySegment bytes = MemorySegment.ofArray(new byte[10]);
      map.persist(8192, 0);
      assertThatThrownBy(() -> map.flush(8192, 1)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> map.flush(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> map.flush(1, Long.MAX_VALUE))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> map.copy(0, bytes, 5, 6, CopyFlags.NONE))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> map.fill(8190, 3, (byte) 0, CopyFlags.NONE))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void useAfterCloseIsAnIllegalState() throws IOException {
    Source source = Source.of(fileOf(folder, "file", 8192));
    PmemMap map = PAGE.map(source);
    MemorySegment segment = map.segment();
    map.close();
    map.close();
    assertThatThrownBy(map::segment).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> segment.get(JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> map.persist(0, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(map::drain).isInstanceOf(IllegalStateException.class);
    assertThat(map.size()).isEqualTo(8192);
    source.close();
  }

  @Test
  void closingWaitsForAccessesAndLaterOnesFail() throws Exception {
    try (Source source = Source.of(fileOf(folder, "file", 1 << 20))) {
      for (int round = 0; round < 20; round++) {
        PmemMap map = PAGE.map(source);
        CountDownLatch persisted = new CountDownLatch(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
          List<Future<?>> running = new ArrayList<>();
          for (int i = 0; i < 2; i++) {
            running.add(threads.submit(() -> persistUntilClosed(map, persisted)));
          }
          persisted.await();
          map.close();
          for (Future<?> one : running) {
            one.get();
          }
        }
        assertThatIllegalStateException().isThrownBy(() -> map.persist(4096, 1));
      }
    }
  }

  private static void persistUntilClosed(PmemMap map, CountDownLatch persisted) {
    assertThatIllegalStateException()
        .isThrownBy(() -> {
          try {
            while (true) {
              map.segment().set(JAVA_BYTE, 4096, (byte) 1);
              map.persist(4096, 1);
              persisted.countDown();
            }
          } finally {
            // Whoever waits for one that failed is let go too: it hears of the failure.
            persisted.countDown();
          }
        });
  }

  @Test
  void mappingAndUnmappingLeaksNoAddressSpace() throws IOException {
    try (Source source = Source.of(fileOf(folder, "file", 1 << 20))) {
      PAGE.map(source).close();
      long before = mappings(folder);
      for (int i = 0; i < 2000; i++) {
        PAGE.map(source).close();
        failure(() -> LINE.map(source));
      }
      assertThat(mappings(folder)).isEqualTo(before).isZero();
    }
  }

  private static long mappings(Path folder) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.contains(folder.toString())).count();
    }
  }

  private static long allocatedBytes(Path file) throws Exception {
    return 512 * Long.parseLong(run("stat", "-c", "%b", file.toString()).strip());
  }
}
