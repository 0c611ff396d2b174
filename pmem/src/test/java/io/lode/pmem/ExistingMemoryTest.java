package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.fileOf;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExistingMemoryTest {
  @TempDir Path folder;

  private static MemorySegment map(Path file, Arena arena) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena);
    }
  }

  @Test
  void memoryOfAChannelIsPersistedAndLeftAlone() throws IOException {
    Path file = fileOf(folder, "file", 8192);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = map(file, arena);
      for (Granularity granularity : Granularity.values()) {
        PmemMap map = MapConfig.mapExisting(memory, granularity);
        assertThat(map.granularity()).isEqualTo(granularity);
        assertThat(map.isEmulated()).isEqualTo(granularity != Granularity.PAGE);
        map.fill(0, 100, (byte) granularity.name().length(), CopyFlags.NONE);
        // The first page of such a map makes libpmem2 loop forever.
        map.persist(0, 8192);
        map.close();
        assertThatThrownBy(map::segment).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> map.persist(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(memory.get(JAVA_BYTE, 99)).isEqualTo((byte) granularity.name().length());
      }
    }
    assertThat(Files.readAllBytes(file)[99]).isEqualTo((byte) 4);
  }

  @Test
  void closedMemoryEndsTheMap() throws IOException {
    Path file = fileOf(folder, "file", 8192);
    Arena arena = Arena.ofShared();
    PmemMap map = MapConfig.mapExisting(map(file, arena), Granularity.PAGE);
    arena.close();
    assertThatThrownBy(() -> map.persist(0, 1)).isInstanceOf(IllegalStateException.class);
    map.close();
  }

  @Test
  void memoryMustBeNativeAndForPageAligned() {
    assertThatThrownBy(
            () -> MapConfig.mapExisting(MemorySegment.ofArray(new byte[9]), Granularity.PAGE))
        .isInstanceOf(IllegalArgumentException.class);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(8192, 4096);
      assertThat(failure(() -> MapConfig.mapExisting(memory.asSlice(8), Granularity.PAGE)).error())
          .isEqualTo(PmemError.ADDRESS_UNALIGNED);
      PmemMap map = MapConfig.mapExisting(memory.asSlice(8, 100), Granularity.CACHE_LINE);
      map.fill(3, 97, (byte) 1, CopyFlags.NONE);
      map.persist(3, 97);
      assertThat(memory.get(JAVA_BYTE, 107)).isEqualTo((byte) 1);
      assertThat(memory.get(JAVA_BYTE, 108)).isZero();
      assertThatThrownBy(() ->
              MapConfig.mapExisting(memory.asReadOnly(), Granularity.CACHE_LINE)
                  .fill(0, 1, (byte) 1, CopyFlags.NONE))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
