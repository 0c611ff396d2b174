package io.lode.kv.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    long seed = Long.getLong("lode.seed", System.nanoTime());
    var random = new Random(seed);
    for (int hashes : new int[] {3, 50, 5000, 1 << 20}) {
      // Which key the record at an offset has; many keys may share one hash.
      Map<Long, Long> keys = new HashMap<>();
      Map<Long, Long> model = new HashMap<>();
      Set<Long> dead = new HashSet<>();
      Set<Long> put = new HashSet<>();
      var records =
          new IndexedRecords() {
            @Override
            public boolean matches(long address, byte[] key) {
              return Arrays.equals(key, keyAt(keys.getOrDefault(address, -1L)));
            }

            @Override
            public void replaced(long hash, long address) {
              assertThat(dead.add(address)).as("once, seed " + seed).isTrue();
            }
          };
      HashIndex index = new HashIndex(IndexMemory.onHeap(), 256, records);
      for (long i = 1; i <= 20_000; i++) {
        long number = random.nextInt(7000);
        long hash = hashOf(number % hashes);
        keys.put(8 * i, number);
        switch (random.nextInt(5)) {
          case 0 ->
              assertThat(index.remove(hash, keyAt(number))).isEqualTo(model.remove(number) != null);
          case 1, 2 -> {
            index.put(hash, keyAt(number), 8 * i);
            put.add(8 * i);
            model.put(number, 8 * i);
          }
          default -> {
            index.stage(hash, keyAt(number), 8 * i);
            put.add(8 * i);
            model.put(number, 8 * i);
          }
        }
        long asked = random.nextInt(7000);
        assertThat(index.find(hashOf(asked % hashes), keyAt(asked)))
            .as("seed " + seed)
            .isEqualTo(model.getOrDefault(asked, 0L));
      }
      for (int stripe = 0; stripe < HashIndex.STRIPES; stripe++) {
        index.drain(stripe);
      }
      assertThat(index.size()).as("seed " + seed).isEqualTo(model.size());
      Set<Long> found = new HashSet<>();
      for (int stripe = 0; stripe < HashIndex.STRIPES; stripe++) {
        index.forEach(stripe, 0, 0, found::add);
      }
      assertThat(found).as("seed " + seed).containsExactlyInAnyOrderElementsOf(model.values());
      put.removeAll(found);
      assertThat(dead).as("what nothing leads to, seed " + seed).isEqualTo(put);
      model.forEach((number, offset) ->
          assertThat(index.find(hashOf(number % hashes), keyAt(number)))
              .as("seed " + seed)
              .isEqualTo(offset));
    }
  }

  @Test
  void whatIsStagedIsFoundAndItsKeyWasCopied() {
    HashIndex index = index();
    byte[] key = keyAt(64);
    index.stage(7, key, 64);
    key[0]++;
    assertThat(index.find(7, keyAt(64))).isEqualTo(64);
    assertThat(index.size()).as("in buckets").isZero();
    index.stage(HashIndex.STRIPES + 7, keyAt(128), 128);
    index.stage(2 * HashIndex.STRIPES + 7, keyAt(192), 192);
    assertThat(index.size()).as("in buckets").isOne();
    assertThat(index.find(7, keyAt(64))).isEqualTo(64);
    assertThat(index.find(HashIndex.STRIPES + 7, keyAt(128))).isEqualTo(128);
    assertThat(index.find(2 * HashIndex.STRIPES + 7, keyAt(192))).isEqualTo(192);
    assertThat(index.remove(HashIndex.STRIPES + 7, keyAt(128))).isTrue();
    assertThat(index.find(HashIndex.STRIPES + 7, keyAt(128))).isZero();
    assertThat(index.size()).isEqualTo(2);
  }

  @Test
  void missesAreZeroAndWrongOffsetsAreErrors() {
    HashIndex index = index();
    assertThat(index.find(7, keyAt(64))).isZero();
    index.add(7, 64);
    assertThat(index.find(7, keyAt(64))).isEqualTo(64);
    assertThat(index.find(7, keyAt(72))).isZero();
    assertThat(index.remove(7, keyAt(128))).isFalse();
    assertThat(index.remove(8, keyAt(64))).isFalse();
    for (long offset : new long[] {0, -8, 9, HashIndex.ADDRESS_LIMIT}) {
      assertThatIllegalArgumentException().isThrownBy(() -> index.add(7, offset));
      assertThatIllegalArgumentException().isThrownBy(() -> index.put(7, keyAt(8), offset));
      assertThatIllegalArgumentException().isThrownBy(() -> index.stage(7, keyAt(8), offset));
    }
    index.add(-1, HashIndex.ADDRESS_LIMIT - 8);
    assertThat(index.find(-1, keyAt(HashIndex.ADDRESS_LIMIT - 8)))
        .isEqualTo(HashIndex.ADDRESS_LIMIT - 8);
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

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, 100_000, 1_000_000})
  void whatIsExpectedIsAddedByThreadsWithBucketsOfTheirOwn(int count) throws Exception {
    HashIndex index = index();
    int[] stripes = new int[HashIndex.STRIPES];
    for (int i = 1; i <= count; i++) {
      stripes[HashIndex.stripeOf(hashOf(i))]++;
    }
    int bits = Integer.SIZE;
    for (int stripe = 0; stripe < stripes.length; stripe++) {
      index.reserve(stripe, stripes[stripe]);
      bits = Math.min(bits, HashIndex.bucketBits(stripes[stripe]));
    }
    int highest = bits - 1;
    Thread[] threads = new Thread[2];
    for (int number = 0; number < 2; number++) {
      int mine = number;
      threads[number] =
          new Thread(() -> {
            for (int i = 1; i <= count; i++) {
              if ((hashOf(i) >>> highest & 1) == mine) {
                index.load(hashOf(i), 8L * i);
              }
            }
          });
      threads[number].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(index.size()).isEqualTo(count);
    for (int i = 1; i <= count; i++) {
      assertThat(index.find(hashOf(i), keyAt(8L * i))).isEqualTo(8L * i);
    }
    assertThat(index.find(hashOf(count + 1), keyAt(8L * (count + 1)))).isZero();
    index.put(hashOf(count + 1), keyAt(8L * (count + 1)), 8L * (count + 1));
    assertThat(index.size()).isEqualTo(count + 1);
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
        index.remove(7, keyAt(8L * i));
      }
      for (int i = 1; i <= 1000; i++) {
        index.add(7, 8L * i);
      }
    }
    assertThat(index.usedBytes()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readersFindWhatASplitMovesMeanwhile(boolean staged) throws Exception {
    HashIndex index = index();
    int count = 1_500_000;
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
        if (staged) {
          index.stage(number, keyAt(8 * number), 8 * number);
        } else {
          index.add(number, 8 * number);
        }
        added.set(number);
      }
      assertThat(misses.get()).isZero();
    }
  }

  /** What a reader asks for is always staged, or on its way to the buckets. */
  @Test
  void readersFindWhatGoesFromStagingToItsBucketMeanwhile() throws Exception {
    HashIndex index = index();
    int count = 500_000;
    var staged = new AtomicLong();
    try (ExecutorService reader = Executors.newSingleThreadExecutor()) {
      Future<Long> misses =
          reader.submit(() -> {
            long missed = 0;
            for (long last = staged.get(); last < count; last = staged.get()) {
              // All of one stripe: the newest few.
              for (long number = Math.max(1, last - 3); number <= last; number++) {
                if (index.find(number * HashIndex.STRIPES, keyAt(8 * number)) == 0) {
                  missed++;
                }
              }
            }
            return missed;
          });
      for (long number = 1; number <= count; number++) {
        index.stage(number * HashIndex.STRIPES, keyAt(8 * number), 8 * number);
        staged.set(number);
      }
      assertThat(misses.get()).isZero();
    }
  }
}
