package io.lode.kv.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HashIndexTest {
  /** Keys that say at which offset their record is. */
  private static HashIndex index() {
    return new HashIndex(
        IndexMemory.onHeap(), 256, (offset, key) -> ByteBuffer.wrap(key).getLong() == offset);
  }

  private static byte[] keyAt(long offset) {
    return ByteBuffer.allocate(Long.BYTES).putLong(offset).array();
  }

  /** A hash as good as the store's: the finalizer of SplitMix64 (Vigna, public domain). */
  private static long hashOf(long number) {
    long z = number * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  @Test
  void holdsWhatAMapHoldsThroughAnyOrderOfChanges() {
    long seed = Long.getLong("seed", System.nanoTime());
    var random = new Random(seed);
    for (int hashes : new int[] {3, 50, 5000, 1 << 20}) {
      HashIndex index = index();
      // Offset to hash: several offsets may share one hash, as keys that collide do.
      Map<Long, Long> model = new HashMap<>();
      for (int i = 1; i <= 20_000; i++) {
        long hash = hashOf(random.nextInt(hashes));
        if (random.nextInt(5) < 3 || model.isEmpty()) {
          index.add(hash, 8L * i);
          model.put(8L * i, hash);
        } else {
          long offset = model.keySet().iterator().next();
          long itsHash = Objects.requireNonNull(model.remove(offset));
          if (random.nextBoolean()) {
            index.remove(itsHash, offset);
          } else {
            index.move(itsHash, offset, 8L * i);
            model.put(8L * i, itsHash);
          }
        }
      }
      assertThat(index.size()).as("seed " + seed).isEqualTo(model.size());
      Set<Long> found = new HashSet<>();
      index.forEach(found::add);
      assertThat(found).as("seed " + seed).isEqualTo(model.keySet());
      model.forEach((offset, hash) ->
          assertThat(index.find(hash, keyAt(offset))).as("seed " + seed).isEqualTo(offset));
    }
  }

  @Test
  void missesAreZeroAndWrongRemovalsAreErrors() {
    HashIndex index = index();
    assertThat(index.find(7, keyAt(64))).isZero();
    index.add(7, 64);
    assertThat(index.find(7, keyAt(64))).isEqualTo(64);
    assertThat(index.find(7, keyAt(72))).isZero();
    assertThatIllegalStateException().isThrownBy(() -> index.remove(7, 128));
    assertThatIllegalStateException().isThrownBy(() -> index.move(8, 64, 128));
    for (long offset : new long[] {0, -8, 9, HashIndex.OFFSET_LIMIT}) {
      assertThatIllegalArgumentException().isThrownBy(() -> index.add(7, offset));
    }
    index.add(-1, HashIndex.OFFSET_LIMIT - 8);
    assertThat(index.find(-1, keyAt(HashIndex.OFFSET_LIMIT - 8)))
        .isEqualTo(HashIndex.OFFSET_LIMIT - 8);
  }

  @Test
  void aKeyTakesAtMostSixteenBytesAtAnySizeAboveAMillion() {
    HashIndex index = index();
    for (int i = 1; i <= 2_500_000; i++) {
      index.add(hashOf(i), 8L * i);
      if (i >= 1_000_000 && i % 100_000 == 0) {
        assertThat((double) index.usedBytes() / i).as(i + " keys").isLessThanOrEqualTo(16);
      }
    }
  }

  @Test
  void overflowBucketsAreUsedAgain() {
    HashIndex index = index();
    for (int i = 1; i <= 1000; i++) {
      index.add(7, 8L * i);
    }
    long before = index.usedBytes();
    assertThat(before).isGreaterThan(1000 * Long.BYTES);
    for (int round = 1; round <= 100; round++) {
      for (int i = 1; i <= 1000; i++) {
        index.remove(7, 8L * i);
      }
      for (int i = 1; i <= 1000; i++) {
        index.add(7, 8L * i);
      }
    }
    assertThat(index.usedBytes()).isEqualTo(before);
  }

  @Test
  void readersFindWhatASplitMovesMeanwhile() throws Exception {
    HashIndex index = index();
    int count = 3_000_000;
    var added = new AtomicLong();
    try (ExecutorService reader = Executors.newSingleThreadExecutor()) {
      Future<Long> misses =
          reader.submit(() -> {
            long missed = 0;
            long last = added.get();
            while (last < count) {
              // Of the bucket of stripe 0 whose turn is next an entry that will move.
              long buckets = Math.max(4, last / HashIndex.STRIPES / 5);
              long number = (buckets + 1) * HashIndex.STRIPES;
              if (number <= last && index.find(number, keyAt(8 * number)) == 0) {
                missed++;
              }
              last = added.get();
            }
            return missed;
          });
      for (long number = 1; number <= count; number++) {
        index.add(number, 8 * number);
        added.set(number);
      }
      assertThat(misses.get()).isZero();
    }
  }
}
