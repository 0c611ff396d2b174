package io.lode.pmem.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.BadBlock;
import io.lode.pmem.internal.Extents.Extent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Which bad blocks of a device are a file's. The first table is that of libpmem2's own test of this
 * rule ({@code pmem2_badblock_mocks}), whose main has left its test function out since version 1.10
 * and so shows nothing; its expectations were worked out again by hand and are right.
 */
class BadBlockRuleTest {
  private static final int SECTOR = 512;

  /** The table's file system has blocks of two sectors. */
  private static final int BLOCK = 1024;

  private static final long SEED = Long.getLong("lode.seed", System.nanoTime());

  /** Makes bad blocks of pairs of first sector and number of sectors. */
  private static List<BadBlock> bad(long... sectors) {
    List<BadBlock> blocks = new ArrayList<>();
    for (int i = 0; i < sectors.length; i += 2) {
      blocks.add(new BadBlock(sectors[i] * SECTOR, sectors[i + 1] * SECTOR));
    }
    return blocks;
  }

  /** Makes extents of triples of sectors: place on the device, place in the file, length. */
  private static List<Extent> extents(long... sectors) {
    List<Extent> extents = new ArrayList<>();
    for (int i = 0; i < sectors.length; i += 3) {
      extents.add(
          new Extent(sectors[i + 1] * SECTOR, sectors[i] * SECTOR, sectors[i + 2] * SECTOR));
    }
    return extents;
  }

  @Test
  void noBadBlocksAndNoExtents() {
    assertThat(BadBlocks.inFile(bad(), extents(), BLOCK)).isEmpty();
  }

  @Test
  void oneBadSectorSpoilsItsWholeBlock() {
    // Sector 1 of block [0, 2).
    assertThat(BadBlocks.inFile(bad(1, 1), extents(0, 0, 2), BLOCK)).isEqualTo(bad(0, 2));
  }

  @Test
  void sixBadBlocksInSevenExtents() {
    // [4,14): of [2,6) the part [4,6), all of [8,10), of [12,18) the part [12,14).
    // [16,26): of [12,18) the part [16,18), all of [20,22), of [24,34) the part [24,26).
    // [28,30) and [32,36): of [24,34) the parts [28,30) and [32,34).
    // [40,44): of [38,42) the part [40,42). [50,52): in no extent. [46,48) holds nothing bad.
    assertThat(
            BadBlocks.inFile(
                bad(4, 10, 16, 10, 28, 2, 32, 4, 40, 4, 50, 2),
                extents(2, 2, 4, 8, 8, 2, 12, 12, 6, 20, 20, 2, 24, 24, 10, 38, 38, 4, 46, 46, 2),
                BLOCK))
        .isEqualTo(bad(4, 2, 8, 2, 12, 2, 16, 2, 20, 2, 24, 2, 28, 2, 32, 2, 40, 2));
  }

  @Test
  void sevenBadBlocksInSixExtents() {
    // The same with the two sides exchanged: the same parts in common.
    assertThat(
            BadBlocks.inFile(
                bad(2, 4, 8, 2, 12, 6, 20, 2, 24, 10, 38, 4, 46, 2),
                extents(4, 4, 10, 16, 16, 10, 28, 28, 2, 32, 32, 4, 40, 40, 4, 50, 50, 2),
                BLOCK))
        .isEqualTo(bad(4, 2, 8, 2, 12, 2, 16, 2, 20, 2, 24, 2, 28, 2, 32, 2, 40, 2));
  }

  @Test
  void placesInTheFileAreNotThoseOnTheDevice() {
    // libpmem2's table never has a file that begins elsewhere than its device.
    assertThat(BadBlocks.inFile(bad(101, 1), extents(100, 6, 4), BLOCK)).isEqualTo(bad(6, 2));
    assertThat(BadBlocks.inFile(bad(0, 1000), extents(500, 0, 2, 100, 8, 4), BLOCK))
        .isEqualTo(bad(0, 2, 8, 4));
  }

  @Test
  void badBlockAcrossTwoBlocksSpoilsBoth() {
    // Sectors 1 and 2: rounding the length alone would leave sector 3 out.
    assertThat(BadBlocks.inFile(bad(1, 2), extents(0, 0, 8), BLOCK)).isEqualTo(bad(0, 4));
  }

  @Test
  void twoBadSectorsOfOneBlockAreOneBadBlock() {
    assertThat(BadBlocks.inFile(bad(0, 1, 1, 1), extents(0, 0, 4), BLOCK)).isEqualTo(bad(0, 2));
  }

  @Test
  void aFileOfHolesHasNone() {
    // libpmem2 takes a file without extents for a device, and names all that is bad below it.
    assertThat(BadBlocks.inFile(bad(4, 10), extents(), BLOCK)).isEmpty();
  }

  @Test
  void randomFilesAgreeWithSectorBySector() {
    Random random = new Random(SEED);
    for (int round = 0; round < 2000; round++) {
      List<BadBlock> bad = new ArrayList<>();
      for (int i = random.nextInt(6); i > 0; i--) {
        bad.addAll(bad(random.nextLong(120), 1 + random.nextLong(20)));
      }
      List<Extent> extents = new ArrayList<>();
      long inFile = 0;
      for (int i = random.nextInt(6); i > 0; i--) {
        inFile += 2 * random.nextLong(4);
        long length = 2 * (1 + random.nextLong(10));
        extents.addAll(extents(2 * random.nextLong(60), inFile, length));
        inFile += length;
      }
      TreeSet<Long> expected = new TreeSet<>();
      for (Extent extent : extents) {
        for (long at = 0; at < extent.lengthBytes(); at += SECTOR) {
          long sector = extent.deviceOffset() + at;
          if (bad.stream().anyMatch(b -> b.offset() <= sector && sector < b.end())) {
            expected.add((extent.fileOffset() + at) / BLOCK);
          }
        }
      }
      TreeSet<Long> actual = new TreeSet<>();
      for (BadBlock block : BadBlocks.inFile(bad, extents, BLOCK)) {
        assertThat(block.offset() % BLOCK + block.lengthBytes() % BLOCK).isZero();
        for (long at = block.offset(); at < block.end(); at += BLOCK) {
          assertThat(actual.add(at / BLOCK)).as("seed %d: none twice", SEED).isTrue();
        }
      }
      assertThat(actual).as("seed %d round %d", SEED, round).isEqualTo(expected);
    }
  }
}
