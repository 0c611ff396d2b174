package io.lode.bench.kv.store;

import io.lode.bench.run.ScratchMemory;
import io.lode.kv.KvConfig;
import io.lode.kv.KvEntry;
import io.lode.kv.KvStats;
import io.lode.kv.KvStore;
import io.lode.kv.KvWriter;
import io.lode.kv.WriteBatch;
import io.lode.pmem.Granularity;
import io.lode.pmem.PmemMap;
import io.lode.store.Medium;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Lode's own store, with its defaults. */
final class LodeStore implements Subject {
  private final KvStore store;
  private final @Nullable ScratchMemory memory;

  private LodeStore(KvStore store, @Nullable ScratchMemory memory) {
    this.store = store;
    this.memory = memory;
  }

  static LodeStore open(Path folder, Sizing sizing) {
    Path pool = folder.resolve("bench.pool");
    if (Files.exists(pool)) {
      return new LodeStore(KvStore.open(pool, KvConfig.defaults()), null);
    }
    KvConfig config =
        KvConfig.builder()
            .capacityBytes(sizing.poolBytes())
            .segmentBytes(sizing.segmentBytes())
            .build();
    if (sizing.fenceDelayNanos() == 0) {
      return new LodeStore(KvStore.create(pool, config), null);
    }
    ScratchMemory memory = ScratchMemory.in(folder, sizing.poolBytes());
    var slowed = new WatchedMap(memory.map(), sizing.fenceDelayNanos());
    return new LodeStore(KvStore.create(slowed, config), memory);
  }

  /** Opens a new store in a map of the caller's. */
  static Subject over(PmemMap map) {
    return new LodeStore(KvStore.create(map, KvConfig.defaults()), null);
  }

  @Override
  public Session session() {
    return new LodeSession(store);
  }

  @Override
  public String durability() {
    Medium medium = store.medium();
    String primitive =
        medium.granularity() == Granularity.PAGE
            ? "RWF_DSYNC"
            : medium.flushPrimitive() + " and a fence";
    return primitive + " per write, checksummed" + (medium.emulated() ? " (emulated medium)" : "");
  }

  @Override
  public OptionalLong usedBytes() {
    return OptionalLong.of(store.stats().space().usedBytes());
  }

  @Override
  public OptionalLong offHeapBytes() {
    return OptionalLong.of(store.stats().index().bytes());
  }

  @Override
  public Optional<Reclaiming> reclaiming() {
    return Optional.of(
        new Reclaiming(this::writtenBytes, failure -> failure instanceof StoreException.Full));
  }

  /** Counts the body of a full segment whole: records, what is left behind them, and summary. */
  private long writtenBytes() {
    List<KvStats.Segment> full =
        store.segments().stream()
            .filter(segment -> segment.state() == KvStats.Segment.State.FULL)
            .toList();
    long body = full.stream().mapToLong(KvStats.Segment::capacityBytes).sum();
    long used = full.stream().mapToLong(KvStats.Segment::usedBytes).sum();
    long records = store.stats().space().writtenBytes();
    return used == 0 ? records : (long) ((double) records * body / used);
  }

  @Override
  public void close() {
    store.close();
    if (memory != null) {
      memory.close();
    }
  }

  private static final class LodeSession implements Session, Session.Batches, Session.MultiGets {
    private final KvStore store;
    private final KvWriter writer;
    private final WriteBatch batch = new WriteBatch();
    private final Sink sink = new Sink();
    private int[] lengths = {};
    private MemorySegment values = MemorySegment.NULL;
    private byte @Nullable [] lastDestination;
    private MemorySegment destinationMemory = MemorySegment.NULL;

    LodeSession(KvStore store) {
      this.store = store;
      this.writer = store.writer();
    }

    @Override
    public void put(byte[] key, byte[] value) {
      writer.put(key, value);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the same array is meant, not an equal one
    public int get(byte[] key, byte[] destination) {
      // As a user would who reads into the same memory again and again.
      if (destination != lastDestination) {
        lastDestination = destination;
        destinationMemory = MemorySegment.ofArray(destination);
      }
      return store.get(key, destinationMemory);
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values) {
      batch.clear();
      for (int index = 0; index < keys.length; index++) {
        batch.put(keys[index], values[index]);
      }
      writer.write(batch);
    }

    @Override
    public int getAll(byte[][] keys, byte[][] destinations) {
      if (lengths.length < keys.length) {
        lengths = new int[keys.length];
        values = MemorySegment.ofArray(new byte[keys.length * destinations[0].length]);
      }
      store.multiGet(Arrays.asList(keys), values, lengths);
      int there = 0;
      long at = 0;
      for (int index = 0; index < keys.length; index++) {
        if (lengths[index] >= 0) {
          MemorySegment.copy(
              values, ValueLayout.JAVA_BYTE, at, destinations[index], 0, lengths[index]);
          at += lengths[index];
          there++;
        }
      }
      return there;
    }

    @Override
    public void delete(byte[] key) {
      writer.delete(key);
    }

    @Override
    public long scan() {
      long count = 0;
      for (Iterator<KvEntry> entries = store.entries(); entries.hasNext(); count++) {
        sink.add(entries.next().value()[0]);
      }
      return count;
    }

    @Override
    public void close() {
      writer.close();
    }
  }
}
