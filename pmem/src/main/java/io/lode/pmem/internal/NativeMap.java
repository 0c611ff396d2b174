package io.lode.pmem.internal;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.Granularity;
import io.lode.pmem.PmemError;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Protection;
import io.lode.pmem.internal.cpu.MapMemory;
import io.lode.pmem.internal.jna.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A map made by {@code mmap(2)}: by this library, or by a caller who owns its memory. */
final class NativeMap implements PmemMap {
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long CLOSE_STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  private final String place;
  private final @Nullable Arena arena;
  private final MapMemory memory;
  private final MemorySegment segment;
  private final Protection protection;
  private final GranularityRules.Decision decision;
  private final FlushStrategy strategy;
  private final DeepFlush deepFlush;
  private volatile boolean closed;

  NativeMap(
      String place,
      @Nullable Arena arena,
      MapMemory memory,
      Protection protection,
      GranularityRules.Decision decision,
      FlushStrategy strategy,
      DeepFlush deepFlush) {
    this.place = place;
    this.arena = arena;
    this.memory = memory;
    this.protection = protection;
    this.decision = decision;
    this.strategy = strategy;
    this.deepFlush = deepFlush;
    this.segment =
        switch (protection) {
          case READ_WRITE -> memory.segment();
          case READ -> memory.segment().asReadOnly();
          case NONE -> memory.segment().asSlice(0, 0).asReadOnly();
        };
  }

  @Override
  public MemorySegment segment() {
    requireOpen();
    return segment;
  }

  @Override
  public long size() {
    return memory.segment().byteSize();
  }

  @Override
  public Granularity granularity() {
    return decision.granularity();
  }

  @Override
  public boolean isEmulated() {
    return decision.emulated();
  }

  @Override
  public String flushPrimitive() {
    return strategy.flushName();
  }

  @Override
  public void prefault(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, size());
    requireOpen();
    // On a map that the kernel syncs, a populated page would only be written back needlessly.
    if (protection == Protection.READ_WRITE && granularity() != Granularity.PAGE) {
      long start = offset & -PageSize.bytes();
      long bytes = offset + length - start;
      // A failure is reported by the store that needs the page.
      if (isEmulated()) {
        // Reading maps pages of the page cache sixteen at a time, and shared ones for writing too.
        var _ = MapCall.advise(memory.segment(), start, bytes, LibC.MADV_POPULATE_READ);
      }
      var _ = MapCall.advise(memory.segment(), start, bytes, LibC.MADV_POPULATE_WRITE);
    }
  }

  @Override
  public void ensureAllocated(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, size());
    requireWritable();
    strategy.ensureAllocated(memory, offset, length);
  }

  @Override
  public void flush(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, size());
    requireOpen();
    if (granularity() == Granularity.PAGE) {
      // Such a flush is durable on return, even if PAGE was forced upon a device without msync.
      strategy.persist(memory, offset, length);
    } else {
      strategy.flush(memory, offset, length);
    }
  }

  @Override
  public void drain() {
    requireOpen();
    strategy.drain();
  }

  @Override
  public void persist(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, size());
    requireOpen();
    strategy.persist(memory, offset, length);
  }

  @Override
  public void deepFlush(long offset, long length) {
    if (offset < 0 || length < 0 || offset > size() - length) {
      throw Failures.of(
          "deep flush",
          new Faults(place).range(offset, length),
          PmemError.DEEP_FLUSH_RANGE,
          "the map has " + size() + " bytes");
    }
    requireOpen();
    deepFlush.range(memory, offset, length);
  }

  @Override
  public void copy(
      long offset, MemorySegment source, long sourceOffset, long length, CopyFlags flags) {
    Objects.checkFromIndexSize(offset, length, size());
    Objects.checkFromIndexSize(sourceOffset, length, source.byteSize());
    requireWritable();
    strategy.copy(memory, offset, source, sourceOffset, length, flags);
  }

  @Override
  public void fill(long offset, long length, byte value, CopyFlags flags) {
    Objects.checkFromIndexSize(offset, length, size());
    requireWritable();
    strategy.fill(memory, offset, length, value, flags);
  }

  private void requireWritable() {
    requireOpen();
    if (protection != Protection.READ_WRITE) {
      throw new IllegalStateException(
          "map of " + place + " has protection " + protection + "; map it with READ_WRITE");
    }
  }

  private void requireOpen() {
    if (closed || !memory.segment().scope().isAlive()) {
      throw memory.closed();
    }
  }

  @Override
  public void close() {
    closed = true;
    memory.close(); // before the arena; see MapMemory
    if (arena != null) {
      close(arena);
    }
  }

  private void close(Arena owned) {
    long deadline = System.nanoTime() + CLOSE_NANOS;
    while (owned.scope().isAlive()) {
      try {
        owned.close();
      } catch (IllegalStateException e) {
        // Another thread is in a native call on this map, or closed it first.
        if (owned.scope().isAlive() && System.nanoTime() - deadline > 0) {
          throw new IllegalStateException(
              "map of " + place + " is still in use after 10 s; close it again later", e);
        }
        LockSupport.parkNanos(CLOSE_STEP_NANOS);
      }
    }
  }

  @Override
  public String toString() {
    return "map of " + place + ", " + size() + " bytes, " + granularity();
  }
}
