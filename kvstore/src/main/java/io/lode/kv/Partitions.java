package io.lode.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Versions that one thread has found, by partition, each of {@link Versions#WORDS} words. A
 * partition is a chain of blocks, so that nothing is copied when it grows; the blocks are parts of
 * large arrays, which the garbage collector leaves where they are.
 *
 * <p>Not safe for concurrent use; several threads may read and replace what different partitions
 * hold.
 */
final class Partitions {
  private static final int BLOCK_ENTRIES = 64;

  /** The first word of a block says where the block before it starts. */
  private static final int BLOCK_WORDS = 1 + BLOCK_ENTRIES * Versions.WORDS;

  private static final int SLAB_SHIFT = 19;
  private static final int SLAB_MASK = (1 << SLAB_SHIFT) - 1;

  /** With an array's header exactly 4 MiB, so that it fills regions of the heap. */
  private static final int MOST_SLAB_WORDS = (1 << SLAB_SHIFT) - 2;

  private static final int NONE = -1;

  /** Does something with entries that follow each other. */
  @FunctionalInterface
  interface Piece {
    /**
     * Takes them.
     *
     * @param words where they are
     * @param at where the first one starts
     * @param entries how many
     */
    void take(long[] words, int at, int entries);
  }

  private final int slabWords;
  private final List<long[]> slabs = new ArrayList<>();

  /** Where the next entry of each partition goes, and its block ends: places in all slabs. */
  private final int[] next;

  private final int[] end;
  private int free;

  /**
   * Makes it empty.
   *
   * @param entries how many are added at most, for all partitions together
   */
  Partitions(int partitions, long entries) {
    long blocks = entries / BLOCK_ENTRIES + partitions;
    slabWords = (int) Math.min(MOST_SLAB_WORDS, blocks * BLOCK_WORDS);
    next = new int[partitions];
    end = new int[partitions];
    clear();
  }

  /** Forgets all and keeps the memory. */
  void clear() {
    Arrays.fill(next, NONE);
    Arrays.fill(end, NONE);
    free = 0;
  }

  void add(int partition, long hash, long sequence, long place) {
    int at = next[partition];
    if (at == end[partition]) {
      at = newBlock(partition);
    }
    long[] slab = slabs.get(at >>> SLAB_SHIFT);
    int start = at & SLAB_MASK;
    slab[start + Versions.HASH] = hash;
    slab[start + Versions.SEQUENCE] = sequence;
    slab[start + Versions.PLACE] = place;
    next[partition] = at + Versions.WORDS;
  }

  private int newBlock(int partition) {
    if ((free & SLAB_MASK) + BLOCK_WORDS > slabWords) {
      free = (free | SLAB_MASK) + 1;
    }
    if (free < 0) {
      throw new IllegalStateException("more versions than one thread can hold");
    }
    if (free >>> SLAB_SHIFT == slabs.size()) {
      slabs.add(new long[slabWords]);
    }
    int block = free;
    free += BLOCK_WORDS;
    slabs.get(block >>> SLAB_SHIFT)[block & SLAB_MASK] =
        end[partition] == NONE ? NONE : end[partition] - BLOCK_WORDS;
    end[partition] = block + BLOCK_WORDS;
    return block + 1;
  }

  /** Shows all entries of a partition, always in the same order. */
  void forEach(int partition, Piece action) {
    int entryEnd = next[partition];
    for (int block = end[partition] - BLOCK_WORDS; entryEnd != NONE; ) {
      long[] slab = slabs.get(block >>> SLAB_SHIFT);
      int start = block & SLAB_MASK;
      action.take(slab, start + 1, (entryEnd - block - 1) / Versions.WORDS);
      block = (int) slab[start];
      entryEnd = block == NONE ? NONE : block + BLOCK_WORDS;
    }
  }
}
