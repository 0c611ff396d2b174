package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.fileOf;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapConfigTest {
  private static final MapConfig PAGE = MapConfig.of(Granularity.PAGE);

  @TempDir Path folder;

  @Test
  void storesReachTheFile() throws IOException {
    Path file = fileOf(folder, "file", 5000);
    try (Source source = Source.of(file);
        PmemMap map = PAGE.map(source)) {
      assertThat(map.size()).isEqualTo(5000);
      assertThat(map.granularity()).isEqualTo(Granularity.PAGE);
      assertThat(map.isEmulated()).isFalse();
      assertThat(map.flushPrimitive()).isEqualTo("msync");
      map.segment().set(JAVA_BYTE, 4999, (byte) 7);
      map.persist(4999, 1);
      map.copy(0, MemorySegment.ofArray(new byte[] {1, 2, 3}), 1, 2, CopyFlags.NONE);
      map.fill(10, 5, (byte) 9, CopyFlags.NO_FLUSH);
      map.flush(10, 5);
      map.drain();
    }
    byte[] content = Files.readAllBytes(file);
    assertThat(content).hasSize(5000);
    assertThat(content[4999]).isEqualTo((byte) 7);
    assertThat(content).startsWith(2, 3);
    assertThat(content[14]).isEqualTo((byte) 9);
    assertThat(content[15]).isEqualTo((byte) (15 * 31));
  }

  @Test
  void mapOutlivesItsSource() throws IOException {
    Path file = fileOf(folder, "file", 8192);
    PmemMap map;
    try (Source source = Source.of(file)) {
      map = PAGE.offset(4096).map(source);
    }
    try (map) {
      assertThat(map.segment().get(JAVA_BYTE, 1)).isEqualTo((byte) (4097 * 31));
    }
  }

  @Test
  void everySubRangeShowsItsPartOfTheFile() throws IOException {
    Path file = fileOf(folder, "file", 4 * 4096);
    byte[] content = Files.readAllBytes(file);
    try (Source source = Source.of(file)) {
      for (int offset = 0; offset < 4; offset++) {
        for (int length = 1; length <= 4 - offset; length++) {
          try (PmemMap map = PAGE.offset(offset * 4096L).length(length * 4096L).map(source)) {
            MemorySegment expected =
                MemorySegment.ofArray(content).asSlice(offset * 4096L, length * 4096L);
            assertThat(map.segment().mismatch(expected)).isEqualTo(-1);
          }
        }
      }
    }
  }

  @Test
  void checksAreThoseOfLibpmem2InItsOrder() throws IOException {
    try (Source file = Source.of(fileOf(folder, "file", 3 * 4096 + 1));
        Source empty = Source.of(fileOf(folder, "empty", 0));
        Source anonymous = Source.anonymous(8192)) {
      assertThat(error(PAGE.offset(1), empty)).isEqualTo(PmemError.OFFSET_UNALIGNED);
      assertThat(error(PAGE.length(1), empty)).isEqualTo(PmemError.SOURCE_EMPTY);
      assertThat(error(PAGE, empty)).isEqualTo(PmemError.SOURCE_EMPTY);
      assertThat(error(PAGE.length(1), file)).isEqualTo(PmemError.LENGTH_UNALIGNED);
      assertThat(error(PAGE.offset(1024), file)).isEqualTo(PmemError.OFFSET_UNALIGNED);
      assertThat(error(PAGE.length(4 * 4096), file)).isEqualTo(PmemError.MAP_RANGE);
      assertThat(error(PAGE.offset(4 * 4096), file)).isEqualTo(PmemError.MAP_RANGE);
      assertThat(error(PAGE.offset(4096).length(Long.MAX_VALUE & -4096), file))
          .isEqualTo(PmemError.MAP_RANGE);
      assertThat(error(PAGE.offset(1), anonymous)).isEqualTo(PmemError.OFFSET_UNALIGNED);
      assertThat(error(PAGE.length(1024), anonymous)).isEqualTo(PmemError.LENGTH_UNALIGNED);
      assertThat(error(PAGE.offset(4096).length(8192), anonymous)).isEqualTo(PmemError.MAP_RANGE);
      try (Source page = Source.of(fileOf(folder, "page", 4096))) {
        assertThat(failure(() -> PAGE.offset(4096).map(page)).errno()).hasValue(22);
      }
    }
    assertThatThrownBy(() -> PAGE.offset(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PAGE.length(-4096)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void finerGranularityThanTheMediumsIsRefusedWithTheReason() throws IOException {
    Path path = fileOf(folder, "file", 4096);
    try (Source source = Source.of(path)) {
      for (Granularity required : new Granularity[] {Granularity.BYTE, Granularity.CACHE_LINE}) {
        PmemException e = failure(() -> MapConfig.of(required).map(source));
        assertThat(e.error()).isEqualTo(PmemError.GRANULARITY_NOT_SUPPORTED);
        assertThat(e.code()).isEqualTo(-100009);
        assertThat(e)
            .hasMessageContaining(path.toString())
            .hasMessageContaining("MAP_SYNC")
            .hasMessageContaining("require PAGE");
      }
    }
  }

  @Test
  void readOnlySourceMapsForReadingOrPrivately() throws IOException {
    Path file = fileOf(folder, "file", 4096);
    byte[] before = Files.readAllBytes(file);
    try (Source source = Source.readOnly(file)) {
      assertThat(error(PAGE, source)).isEqualTo(PmemError.NO_ACCESS);
      try (PmemMap map = PAGE.protection(Protection.READ).map(source)) {
        assertThat(map.segment().isReadOnly()).isTrue();
        assertThatThrownBy(() -> map.fill(0, 1, (byte) 1, CopyFlags.NONE))
            .isInstanceOf(IllegalStateException.class);
        map.persist(0, 4096);
      }
      try (PmemMap map = PAGE.sharing(Sharing.PRIVATE).map(source)) {
        assertThat(map.granularity()).isEqualTo(Granularity.BYTE);
        map.fill(0, 4096, (byte) 1, CopyFlags.NONE);
        map.persist(0, 4096);
        assertThat(map.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 1);
      }
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void mapWithoutAccessHasNoSegment() throws IOException {
    try (Source source = Source.of(fileOf(folder, "file", 4096));
        PmemMap map = PAGE.protection(Protection.NONE).map(source)) {
      assertThat(map.size()).isEqualTo(4096);
      assertThat(map.segment().byteSize()).isZero();
      map.persist(0, 4096);
      assertThatThrownBy(
              () -> map.copy(0, MemorySegment.ofArray(new byte[1]), 0, 1, CopyFlags.NONE))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void anonymousMemoryIsByteGranular() {
    try (Source source = Source.anonymous(1 << 20);
        PmemMap map = PAGE.map(source)) {
      assertThat(map.granularity()).isEqualTo(Granularity.BYTE);
      map.fill(0, 1 << 20, (byte) 3, CopyFlags.NONE);
      map.persist(0, 1 << 20);
      assertThat(map.segment().get(JAVA_BYTE, (1 << 20) - 1)).isEqualTo((byte) 3);
    }
  }

  @Test
  void mapsBeginAtMultiplesOfHugePages() throws IOException {
    try (Source small = Source.of(fileOf(folder, "small", 4096));
        Source large = Source.anonymous(3L << 30);
        PmemMap a = PAGE.map(small);
        PmemMap b = PAGE.map(large)) {
      assertThat(a.segment().address() % (2 << 20)).isZero();
      assertThat(b.segment().address() % (1 << 30)).isZero();
      assertThat(b.size()).isEqualTo(3L << 30);
      b.segment().set(JAVA_BYTE, (3L << 30) - 1, (byte) 1);
    }
  }

  @Test
  void anonymousMemoryHasNoOffset() {
    try (Source source = Source.anonymous(8192);
        PmemMap map = PAGE.offset(4096).map(source)) {
      assertThat(map.size()).isEqualTo(8192);
    }
  }

  private static PmemError error(MapConfig config, Source source) {
    return failure(() -> config.map(source)).error();
  }
}
