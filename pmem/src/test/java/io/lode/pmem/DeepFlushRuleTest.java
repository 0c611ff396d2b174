package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.fileOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.internal.RecordingRoutines;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a deep flush does on each kind of map that needs no persistent memory. */
class DeepFlushRuleTest {
  @TempDir Path folder;

  private static PmemMap forced(Path file, Granularity granularity, RecordingRoutines cpu) {
    try (Source source = Source.open(file, true, cpu.platform(granularity))) {
      return MapConfig.of(granularity).map(source);
    }
  }

  @Test
  void rangesOutsideTheMapAreRefusedOnEveryGranularity() throws IOException {
    Path file = fileOf(folder, "file", 8192);
    for (Granularity granularity : Granularity.values()) {
      try (PmemMap map = forced(file, granularity, new RecordingRoutines())) {
        map.deepFlush(0, 8192);
        map.deepFlush(100, 5000);
        map.deepFlush(8192, 0);
        long[][] outside = {
          {8192, 1}, {0, 8193}, {4096, 4097}, {-1, 0}, {0, -1}, {1, Long.MAX_VALUE}
        };
        for (long[] range : outside) {
          PmemException e = failure(() -> map.deepFlush(range[0], range[1]));
          assertThat(e.error()).isEqualTo(PmemError.DEEP_FLUSH_RANGE);
          assertThat(e).hasMessageContaining("8192 bytes");
        }
      }
    }
  }

  @Test
  void fileIsSyncedByTheKernelAndItsLinesAreLeftAlone() throws IOException {
    RecordingRoutines cpu = new RecordingRoutines();
    try (PmemMap map = forced(fileOf(folder, "file", 8192), Granularity.CACHE_LINE, cpu)) {
      map.deepFlush(100, 5000);
    }
    assertThat(cpu.calls).isEmpty();
  }

  @Test
  void anonymousMemoryHasNoDevice() {
    try (Source source = Source.anonymous(8192);
        PmemMap map = MapConfig.of(Granularity.PAGE).map(source)) {
      assertThat(failure(() -> map.deepFlush(0, 10)).error()).isEqualTo(PmemError.NOSUPP);
    }
  }

  @Test
  void privateMapHasNothingToFlush() throws IOException {
    try (Source source = Source.of(fileOf(folder, "file", 8192));
        PmemMap map = MapConfig.of(Granularity.PAGE).sharing(Sharing.PRIVATE).map(source)) {
      map.fill(0, 100, (byte) 1, CopyFlags.NONE);
      assertThatCode(() -> map.deepFlush(0, 100)).doesNotThrowAnyException();
    }
  }

  @Test
  void memoryOfSomebodyElseIsFlushedThere() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(8192, 4096);
      try (PmemMap map = MapConfig.mapExisting(memory, Granularity.CACHE_LINE)) {
        assertThat(failure(() -> map.deepFlush(0, 10)).error()).isEqualTo(PmemError.NOSUPP);
      }
    }
  }

  @Test
  void closedMapIsAnIllegalState() throws IOException {
    PmemMap map = forced(fileOf(folder, "file", 8192), Granularity.PAGE, new RecordingRoutines());
    map.close();
    assertThatThrownBy(() -> map.deepFlush(0, 1)).isInstanceOf(IllegalStateException.class);
  }

  /** Pages that no longer exist make msync fail (ENOMEM), as a failing medium does with EIO. */
  @Test
  @SuppressWarnings("restricted")
  void syncThatFailsIsAnExceptionAndTheProcessLives() throws IOException {
    long address = SystemFixture.libc().mmap(0, 16384, 3, 0x22, -1, 0);
    assertThat(address).isPositive();
    MemorySegment memory = MemorySegment.ofAddress(address).reinterpret(16384);
    try (PmemMap map = MapConfig.mapExisting(memory, Granularity.PAGE)) {
      map.persist(0, 16384);
      assertThat(SystemFixture.libc().munmap(address + 8192, 8192)).isZero();
      for (Runnable call :
          new Runnable[] {() -> map.persist(4096, 8192), () -> map.flush(9000, 10)}) {
        PmemException e = failure(call);
        assertThat(e.errno()).hasValue(12);
        assertThat(e).hasMessageContaining("sync").hasMessageContaining("is durable is unknown");
      }
      map.persist(0, 8192);
    } finally {
      SystemFixture.libc().munmap(address, 8192);
    }
    assertThat(Files.exists(folder)).isTrue();
  }
}
