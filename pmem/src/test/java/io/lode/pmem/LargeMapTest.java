package io.lode.pmem;

import static io.lode.pmem.SystemFixture.run;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maps that no ByteBuffer can hold, and the pages that their addresses make possible. */
class LargeMapTest {
  private static final long LARGE = 3L << 30;
  private static final MapConfig PAGE = MapConfig.of(Granularity.PAGE);

  @TempDir Path folder;

  private Path sparse(String name, long bytes) throws IOException {
    Path path = folder.resolve(name);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(bytes);
    }
    return path;
  }

  @Test
  void threeGibibytesAreOneSegment() throws IOException {
    Path file = sparse("large", LARGE);
    long last = LARGE - 8;
    try (Source source = Source.of(file);
        PmemMap map = PAGE.map(source)) {
      assertThat(map.size()).isEqualTo(LARGE).isEqualTo(map.segment().byteSize());
      assertThat(map.segment().address() % (1 << 30)).isZero();
      map.segment().set(JAVA_LONG, last, 42);
      map.segment().set(JAVA_LONG, 1L << 31, 43);
      map.persist(0, LARGE);
      map.fill(LARGE - 16, 8, (byte) 1, CopyFlags.NONE);
    }
    try (RandomAccessFile reader = new RandomAccessFile(file.toFile(), "r")) {
      reader.seek(last);
      assertThat(Long.reverseBytes(reader.readLong())).isEqualTo(42);
      reader.seek(1L << 31);
      assertThat(Long.reverseBytes(reader.readLong())).isEqualTo(43);
    }
  }

  @Test
  void threeGibibytesFitAReservation() throws IOException {
    try (Source source = Source.of(sparse("large", LARGE));
        VmReservation reservation = VmReservation.of(LARGE + 4096)) {
      assertThat(reservation.address() % (1 << 30)).isZero();
      try (PmemMap map = PAGE.in(reservation, 4096).map(source)) {
        map.segment().set(JAVA_LONG, LARGE - 8, 42);
        assertThat(reservation.find(LARGE, 1)).containsSame(map);
      }
    }
  }

  @Test
  void addressesAreAlignedWhateverTheOffset() throws IOException {
    List<PmemMap> maps = new ArrayList<>();
    try (Source source = Source.of(sparse("offsets", 64 << 20))) {
      for (int i = 0; i < 64; i++) {
        // Kept open: each has another neighbour, of another size, above it.
        maps.add(PAGE.offset(i * 4096L * 17).map(source));
        maps.add(PAGE.length((i + 1) * 4096L).map(source));
      }
      assertThat(maps).allMatch(map -> map.segment().address() % (2 << 20) == 0);
    } finally {
      maps.forEach(PmemMap::close);
    }
  }

  @Test
  void hugePagesAreFaultedWhereTheFileHasThem() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("huge"));
    run("mount", "-t", "tmpfs", "-o", "size=64m,huge=always", "none", mount.toString());
    try {
      long hugeBefore = MappedPages.hugeSharedKib();
      Path file = Files.write(mount.resolve("file"), new byte[16 << 20]);
      try (Source source = Source.of(file);
          PmemMap map = PAGE.map(source)) {
        long bytesPerFault = MappedPages.bytesPerFault(map.segment());
        Map<String, Long> figures = MappedPages.figures(map.segment().address());
        System.out.println("tmpfs, huge=always: " + bytesPerFault + " bytes a fault, " + figures);
        assertThat(map.segment().address() % (2 << 20)).isZero();
        // Where memory is too fragmented the file has none; a map of it cannot show any then.
        if (hugeBefore + (16 << 10) <= MappedPages.hugeSharedKib()) {
          assertThat(figures).containsEntry("ShmemPmdMapped", 16L << 10);
          assertThat(bytesPerFault).isGreaterThan(128 << 10);
        }
      }
    } finally {
      run("umount", mount.toString());
    }
  }
}
