package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.fileOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapStatisticsTest {
  private static final MapConfig PAGE = MapConfig.of(Granularity.PAGE);
  private static final int SIZE = 8192;

  @TempDir Path folder;
  private final MapStatistics before = MapStatistics.ofThisProcess();

  private void assertMapped(long count, long bytes) {
    assertThat(MapStatistics.ofThisProcess())
        .isEqualTo(new MapStatistics(before.count() + count, before.mappedBytes() + bytes));
  }

  @Test
  void mapsCountUntilTheyAreClosed() throws IOException {
    try (Source file = Source.of(fileOf(folder, "file", 5000));
        Source memory = Source.anonymous(3L << 30)) {
      assertMapped(0, 0);
      PmemMap first = PAGE.map(file);
      PmemMap second = PAGE.protection(Protection.NONE).map(memory);
      assertMapped(2, 5000 + (3L << 30));
      first.close();
      first.close();
      assertMapped(1, 3L << 30);
      second.close();
      assertMapped(0, 0);
    }
  }

  @Test
  void failedMapsDoNotCount() throws IOException {
    try (Source file = Source.of(fileOf(folder, "file", SIZE));
        Source huge = Source.anonymous(1L << 60)) {
      failure(() -> MapConfig.of(Granularity.BYTE).map(file));
      failure(() -> PAGE.offset(1).map(file));
      failure(() -> PAGE.map(huge));
      assertMapped(0, 0);
    }
  }

  @Test
  void mapsInReservationsCountAndReservationsDoNot() throws IOException {
    try (Source file = Source.of(fileOf(folder, "file", SIZE));
        VmReservation reservation = VmReservation.of(4 * SIZE)) {
      assertMapped(0, 0);
      try (PmemMap map = PAGE.in(reservation, SIZE).map(file)) {
        assertMapped(1, map.size());
        failure(() -> PAGE.in(reservation, SIZE).map(file));
        failure(() -> MapConfig.of(Granularity.BYTE).in(reservation, 0).map(file));
        assertMapped(1, map.size());
      }
      assertMapped(0, 0);
    }
  }

  @Test
  void memoryOfSomebodyElseAndProbesDoNotCount() throws IOException {
    try (Source file = Source.of(fileOf(folder, "file", SIZE));
        Arena arena = Arena.ofConfined();
        PmemMap map = MapConfig.mapExisting(arena.allocate(SIZE, SIZE), Granularity.PAGE)) {
      assertThat(file.granularity().granularity()).isEqualTo(Granularity.PAGE);
      assertThat(map.size()).isEqualTo(SIZE);
      assertMapped(0, 0);
    }
  }

  @Test
  void manyThreadsLoseNothing() throws Exception {
    try (Source file = Source.of(fileOf(folder, "file", SIZE))) {
      try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
        List<Future<?>> running = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
          running.add(
              threads.submit(() -> {
                for (int i = 0; i < 500; i++) {
                  PAGE.map(file).close();
                }
              }));
        }
        for (Future<?> one : running) {
          one.get();
        }
      }
      assertMapped(0, 0);
    }
  }
}
