package io.lode.bench.locality;

import io.lode.bench.locality.Kernels.Kernel;
import io.lode.kv.KvConfig;
import io.lode.kv.KvStore;
import io.lode.kv.WriteBatch;
import io.lode.pmem.Granularity;
import io.lode.pmem.MapConfig;
import io.lode.pmem.PmemMap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** A key-value store in some memory of a source, with the granularity that the source has. */
final class StoreArea implements AutoCloseable {
  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 200;

  /** The size of an entry in the log: a header, key and value, in whole lines. */
  private static final long ENTRY_BYTES = 320;

  /** A batch is half a segment at most, and a store has at least so many segments. */
  private static final long LEAST_SEGMENTS = 16;

  private static final long MOST_SEGMENT_BYTES = 16 << 20;
  private static final long LEAST_SEGMENT_BYTES = 64 << 10;
  private static final long ROOM = 4;

  private final PmemMap map;
  private final KvStore store;
  private final long segmentBytes;
  private final long entries;

  /** Makes an empty one; what was there is overwritten. */
  StoreArea(MemorySegment memory, Granularity granularity) {
    map = MapConfig.mapExisting(memory, granularity);
    segmentBytes =
        Math.clamp(
            Long.highestOneBit(memory.byteSize() / LEAST_SEGMENTS),
            LEAST_SEGMENT_BYTES,
            MOST_SEGMENT_BYTES);
    KvConfig config = KvConfig.builder().overwrite(true).segmentBytes(segmentBytes).build();
    store = KvStore.create(map, config);
    // Segments that are not full yet and headers take some of it.
    entries = memory.byteSize() * (ROOM - 1) / ROOM / ENTRY_BYTES;
  }

  /** Fills half of it. */
  StoreArea fill() {
    var batch = new WriteBatch();
    long most = segmentBytes / 2 / ENTRY_BYTES;
    byte[] value = new byte[VALUE_BYTES];
    for (long entry = 0; entry < filled(); entry++) {
      batch.put(key(entry), value.clone());
      if (batch.size() == most || entry + 1 == filled()) {
        store.write(batch);
        batch.clear();
      }
    }
    return this;
  }

  private long filled() {
    return Math.max(1, entries / 2);
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(KEY_BYTES)
        .putLong(number * 0x9E3779B97F4A7C15L)
        .putLong(number)
        .array();
  }

  /** Puts new keys as long as there is room. */
  Kernel puts(int thread, int threads) {
    return new Puts(store, thread, entries / threads);
  }

  /** Gets the keys that it was filled with. */
  Kernel gets(int thread) {
    return new Gets(store, filled(), thread);
  }

  @Override
  public void close() {
    store.close();
    map.close();
  }

  private static final class Puts implements Kernel {
    private final KvStore store;
    private final byte[] value = new byte[VALUE_BYTES];
    private final long first;
    private final long room;
    private long made;

    Puts(KvStore store, int thread, long room) {
      this.store = store;
      this.first = (long) thread << 40;
      this.room = room;
    }

    @Override
    public long run(long accesses) {
      long allowed = Math.min(accesses, room - made);
      for (long access = 0; access < allowed; access++) {
        store.put(key(first + made++), value);
      }
      return allowed;
    }
  }

  private static final class Gets implements Kernel {
    private final KvStore store;
    private final long keys;
    private final SplittableRandom random;
    private final MemorySegment target = MemorySegment.ofArray(new byte[VALUE_BYTES]);
    private long sum;

    Gets(KvStore store, long keys, int thread) {
      this.store = store;
      this.keys = keys;
      this.random = new SplittableRandom(thread);
    }

    @Override
    public long run(long accesses) {
      for (long access = 0; access < accesses; access++) {
        int length = store.get(key(random.nextLong(keys)), target);
        if (length != VALUE_BYTES) {
          throw new IllegalStateException("a value of " + length + " bytes");
        }
        sum += length;
      }
      return accesses;
    }

    @Override
    public long sink() {
      return sum;
    }
  }
}
