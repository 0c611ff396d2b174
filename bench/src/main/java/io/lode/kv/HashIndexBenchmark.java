package io.lode.kv;

import io.lode.kv.index.HashIndex;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What does the index alone cost a get or an update, within the caches and beyond them?
 *
 * <p>Hashes are drawn from a generator, which is in the figures with a nanosecond or two.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HashIndexBenchmark {
  private static final long STEP = 0x9E3779B97F4A7C15L;
  private static final long LINE_BYTES = 64;
  private static final byte[] NO_KEY = {};

  /** How many keys there are. */
  @Param({"10000", "2000000"})
  int keys;

  private final HashIndex index =
      new HashIndex(bytes -> Arena.ofAuto().allocate(bytes, LINE_BYTES), 256, (_, _) -> true);
  private final SplittableRandom random = new SplittableRandom(1);

  /** Adds the keys. */
  @Setup
  public void fill() {
    for (int key = 0; key < keys; key++) {
      index.add(hash(key), (key + 1) * LINE_BYTES);
    }
  }

  private static long hash(long key) {
    long mixed = (key + 1) * STEP;
    return mixed ^ (mixed >>> 32);
  }

  /**
   * Finds a random key.
   *
   * @return its offset
   */
  @Benchmark
  public long find() {
    return index.find(hash(random.nextInt(keys)), NO_KEY);
  }

  /** Lets a random key be where it is, at once. */
  @Benchmark
  public void put() {
    int key = random.nextInt(keys);
    index.put(hash(key), NO_KEY, (key + 1) * LINE_BYTES);
  }

  /** Lets a random key be where it is, when its bucket has come. */
  @Benchmark
  public void stage() {
    int key = random.nextInt(keys);
    index.stage(hash(key), NO_KEY, (key + 1) * LINE_BYTES);
  }
}
