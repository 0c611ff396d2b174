package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.internal.Platform;
import io.lode.pmem.internal.cpu.Routines;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Bad blocks under a file on a real DAX file system. */
class BadBlockIT {
  private static final int PAGE = 4096;
  private static final MapConfig LINE = MapConfig.of(Granularity.CACHE_LINE);

  private static MemorySegment bytes(int count) {
    return MemorySegment.ofArray(new byte[count]);
  }

  private static void failsAsBad(Runnable call) {
    PmemException e = failure(call);
    assertThat(e.error()).as(e.getMessage()).isEqualTo(PmemError.IO_FAIL);
  }

  @Test
  void plantedBlocksAreListedAsLibpmem2DoesAndGivenUpOneByOne() throws Exception {
    try (var spare = new SpareFileSystem()) {
      Path file = spare.file("file", 64);
      Path other = spare.file("other", 4);
      spare.plant(file, 3 * PAGE, 8);
      spare.plant(file, 20 * PAGE + 1024, 1);
      try (Source source = Source.of(file);
          Source whole = Source.of(other)) {
        assertThat(source.badBlocks())
            .containsExactly(new BadBlock(3 * PAGE, PAGE), new BadBlock(20 * PAGE, PAGE));
        assertThat(whole.badBlocks()).isEmpty();
        assertThat(BothSides.outcomes(Path.of("/tmp"), "libpmem2", "", List.of(asked(file))))
            .isEqualTo(BothSides.outcomes(Path.of("/tmp"), "lode", "", List.of(asked(file))))
            .first()
            .asString()
            .contains(" bad 12288+4096,81920+4096 read ");

        source.clearBadBlock(new BadBlock(3 * PAGE, PAGE));
        assertThat(source.badBlocks()).containsExactly(new BadBlock(20 * PAGE, PAGE));
        assertThat(failure(() -> source.clearBadBlock(new BadBlock(3 * PAGE, PAGE))).error())
            .as("its bytes are good now")
            .isEqualTo(PmemError.NO_BAD_BLOCK_FOUND);
        source.clearBadBlock(source.badBlocks().getFirst());
        assertThat(source.badBlocks()).isEmpty();
      }
      byte[] content = Files.readAllBytes(file);
      for (int page = 0; page < 64; page++) {
        boolean lost = page == 3 || page == 20;
        assertThat(content[page * PAGE + 77]).isEqualTo(lost ? 0 : (byte) page);
      }
    }
  }

  private static String asked(Path file) {
    return "fd:rw:" + file + " PAGE 0 4096 SHARED READ_WRITE";
  }

  @Test
  void readingAndWritingOverABadBlockFailsAndNextToItDoesNot() throws Exception {
    try (var spare = new SpareFileSystem()) {
      Path file = spare.file("file", 8);
      spare.plant(file, 3 * PAGE, 8);
      try (Source source = Source.of(file)) {
        MemorySegment page = bytes(PAGE);
        source.read(2 * PAGE, page);
        assertThat(page.get(JAVA_BYTE, 5)).isEqualTo((byte) 2);
        failsAsBad(() -> source.read(3 * PAGE, page));
        failsAsBad(() -> source.read(4 * PAGE - 1, bytes(2)));
        failsAsBad(() -> source.read(0, bytes(8 * PAGE)));
        failsAsBad(() -> source.write(3 * PAGE + 64, bytes(64)));
        source.write(4 * PAGE, page);
        source.read(4 * PAGE, bytes(PAGE));
      }
    }
  }

  @Test
  void mapKeepsNativeStoresAwayFromBadBlocks() throws Exception {
    try (var spare = new SpareFileSystem()) {
      Path file = spare.file("file", 8);
      spare.plant(file, 3 * PAGE, 8);
      try (Source source = Source.of(file)) {
        try (PmemMap map = LINE.map(source)) {
          failsAsBad(() -> map.copy(3 * PAGE, bytes(64), 0, 64, CopyFlags.NONE));
          failsAsBad(() -> map.fill(0, 8 * PAGE, (byte) 1, CopyFlags.NONE));
          failsAsBad(() -> map.persist(4 * PAGE - 64, 64));
          map.copy(4 * PAGE, bytes(64), 0, 64, CopyFlags.NONE);
          map.fill(0, 3 * PAGE, (byte) 9, CopyFlags.NONE);
          map.persist(4 * PAGE, 4 * PAGE);
        }
        // The map's own offsets count, not the file's.
        try (PmemMap map = LINE.offset(2 * PAGE).length(4 * PAGE).map(source)) {
          failsAsBad(() -> map.persist(PAGE, 1));
          map.fill(2 * PAGE, 2 * PAGE, (byte) 8, CopyFlags.NONE);
        }
        source.clearBadBlock(new BadBlock(3 * PAGE, PAGE));
        try (PmemMap map = LINE.map(source)) {
          map.fill(0, 8 * PAGE, (byte) 7, CopyFlags.NONE);
        }
      }
      assertThat(Files.readAllBytes(file)).containsOnly(7);
    }
  }

  @Test
  void holesNextToABadBlockAreFilledBeforeNativeStores() throws Exception {
    try (var spare = new SpareFileSystem()) {
      Path file = spare.file("file", 8);
      SystemFixture.run("fallocate", "--punch-hole", "-o", "20480", "-l", "8192", file.toString());
      spare.plant(file, 3 * PAGE, 8);
      try (Source source = Source.of(file);
          PmemMap map = LINE.map(source)) {
        map.fill(4 * PAGE, 4 * PAGE, (byte) 6, CopyFlags.NONE);
        failsAsBad(() -> map.fill(3 * PAGE, PAGE, (byte) 6, CopyFlags.NONE));
      }
    }
  }

  @Test
  void whatHasNoNativeStoresIsCaughtWhenItHappens() throws Exception {
    Platform machine = Platform.ofThisMachine();
    Platform bare =
        new Platform(
            machine.files(),
            Optional::empty,
            machine.regionFinder(),
            new Routines.Lookup(null, "left out by the test"));
    try (var spare = new SpareFileSystem()) {
      Path file = spare.file("file", 8);
      spare.plant(file, 3 * PAGE, 8);
      try (Source source = Source.open(file, true, bare);
          PmemMap synced = LINE.map(source);
          PmemMap unshared = LINE.sharing(Sharing.PRIVATE).map(source)) {
        for (PmemMap map : new PmemMap[] {synced, unshared}) {
          failsAsBad(() -> map.fill(3 * PAGE, PAGE, (byte) 1, CopyFlags.NO_FLUSH));
          failsAsBad(() -> map.copy(0, bytes(8 * PAGE), 0, 8 * PAGE, CopyFlags.NO_FLUSH));
          map.fill(4 * PAGE, PAGE, (byte) 1, CopyFlags.NONE);
        }
      }
    }
  }
}
