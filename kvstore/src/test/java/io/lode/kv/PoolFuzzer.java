package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;

import io.lode.journal.ChecksumRepair;
import io.lode.pool.PlainMemory;
import io.lode.pool.PoolFormat;
import io.lode.pool.TestPools;
import io.lode.store.StoreException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Opens and reads pools that somebody has tampered with, checksums put right: bounded memory and
 * time, and no exception but {@link StoreException}. One thread's.
 */
final class PoolFuzzer {
  private static final int SEGMENTS = 3;
  private static final int SEGMENT_BYTES = (int) TestPools.SEGMENT_BYTES;
  private static final int POOL_BYTES = (int) TestPools.bytes(SEGMENTS);
  private static final KvConfig CONFIG = KvConfig.builder().segmentBytes(SEGMENT_BYTES).build();

  /**
   * What one input may allocate: the pool's size many times over, but not what its fields claim.
   */
  static final long ALLOCATION_LIMIT_BYTES = 16L << 20;

  /**
   * Far more than an input takes, a millisecond, on a machine that does much else; far less than a
   * loop that a length controls.
   */
  static final long TIME_LIMIT_NANOS = 300_000_000_000L;

  private static final long[] EXTREMES = {
    0,
    1,
    -1,
    2,
    63,
    64,
    65,
    Byte.MAX_VALUE,
    Short.MAX_VALUE,
    0xFFFF,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xFFFFFFFFL,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    SEGMENT_BYTES,
    POOL_BYTES
  };

  private static final MethodHandle ALLOCATED = allocatedBytes();

  private final PlainMemory memory = new PlainMemory(POOL_BYTES);
  private final List<byte[]> seeds = new ArrayList<>();
  private long mostBytes;
  private long mostNanos;
  private long opened;

  PoolFuzzer() {
    for (int sizes : new int[] {20, 700, 3000}) {
      memory.load(new byte[POOL_BYTES]);
      KvStore store = KvStore.create(memory, CONFIG);
      for (int i = 0; i < 12; i++) {
        try {
          store.put(bytes("key" + i % 5), new byte[sizes * (i % 3)]);
        } catch (StoreException.Full _) {
          store.delete(bytes("key" + i % 5));
        }
      }
      store.delete(bytes("key1"));
      seeds.add(memory.contents());
      store.close();
      seeds.add(memory.contents());
    }
  }

  private static MethodHandle allocatedBytes() {
    try {
      return AllocatedBytes.handle();
    } catch (ReflectiveOperationException _) {
      // On the module path that module is not there; ./check crash runs on the class path.
      return MethodHandles.constant(long.class, 0L);
    }
  }

  private static long allocated() {
    try {
      return (long) ALLOCATED.invoke();
    } catch (Throwable failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** The most that one input allocated. */
  long mostBytes() {
    return mostBytes;
  }

  long mostNanos() {
    return mostNanos;
  }

  /** How many inputs were taken for pools. */
  long opened() {
    return opened;
  }

  /**
   * Tries one input.
   *
   * @param seed what it is made from
   * @return what is wrong, empty if nothing
   */
  String run(long seed) {
    var random = new SplittableRandom(seed);
    byte[] image = seeds.get(random.nextInt(seeds.size())).clone();
    mutate(image, random);
    if (random.nextInt(8) > 0) {
      new ChecksumRepair(image, SEGMENT_BYTES).run();
    }
    memory.load(image);
    long start = System.nanoTime();
    long before = allocated();
    try {
      use(CONFIG.toBuilder().acceptLoss(random.nextBoolean()).build());
      use(CONFIG.toBuilder().acceptLoss(true).build());
    } catch (StoreException _) {
      // An answer.
    } catch (RuntimeException | Error failure) {
      return "seed " + seed + ": " + failure + " at " + failure.getStackTrace()[0];
    }
    long allocated = allocated() - before;
    long nanos = System.nanoTime() - start;
    mostBytes = Math.max(mostBytes, allocated);
    mostNanos = Math.max(mostNanos, nanos);
    if (allocated > ALLOCATION_LIMIT_BYTES) {
      return "seed " + seed + ": allocates " + allocated + " bytes";
    }
    return nanos > TIME_LIMIT_NANOS ? "seed " + seed + ": takes " + nanos + " ns" : "";
  }

  private void use(KvConfig config) {
    new Check(TestPools.read(memory)).run();
    try (KvStore store = KvStore.open(memory, config)) {
      opened++;
      for (Iterator<KvEntry> entries = store.entries(); entries.hasNext(); ) {
        try {
          store.get(entries.next().key());
        } catch (StoreException.Damaged _) {
          // Named.
        }
      }
      store.stats();
      store.put(bytes("key2"), new byte[100]);
      store.delete(bytes("key3"));
    }
  }

  private static void mutate(byte[] image, SplittableRandom random) {
    for (int left = 1 + random.nextInt(6); left > 0; left--) {
      int at = place(image, random);
      int width = 1 << random.nextInt(4);
      if (at + width > image.length) {
        continue;
      }
      switch (random.nextInt(4)) {
        case 0 -> image[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> set(image, at / width * width, width, random.nextLong());
        case 2 -> set(image, at / width * width, width, extreme(random));
        default -> {
          int from = place(image, random) & -64;
          int length = Math.min(64 << random.nextInt(4), image.length - Math.max(from, at & -64));
          System.arraycopy(image, from, image, at & -64, length);
        }
      }
    }
  }

  private static long extreme(SplittableRandom random) {
    return EXTREMES[random.nextInt(EXTREMES.length)] - random.nextInt(3);
  }

  /** A place that holds something, most often in a header. */
  private static int place(byte[] image, SplittableRandom random) {
    int unit = random.nextInt(10);
    if (unit < 2) {
      return copy(random) + random.nextInt(512);
    }
    int segment = (int) TestPools.bytes(random.nextInt(SEGMENTS));
    if (unit < 4) {
      return segment + copy(random) + random.nextInt(128);
    }
    if (unit < 5) {
      return segment + SEGMENT_BYTES - 1 - random.nextInt(400);
    }
    for (int attempt = 0; attempt < 8; attempt++) {
      int line = segment + PoolFormat.BODY_OFFSET + random.nextInt(64) * PoolFormat.LINE_BYTES;
      if (line < image.length && image[line + 4] != 0) {
        return line + random.nextInt(48);
      }
    }
    return segment + PoolFormat.BODY_OFFSET + random.nextInt(48);
  }

  /** Where one of the two copies of a header starts. */
  private static int copy(SplittableRandom random) {
    return random.nextInt(2) * (int) PoolFormat.COPY_STRIDE_BYTES;
  }

  private static void set(byte[] image, int at, int width, long value) {
    for (int i = 0; i < width; i++) {
      image[at + i] = (byte) (value >>> (8 * i));
    }
  }
}
