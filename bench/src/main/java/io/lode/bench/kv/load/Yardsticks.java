package io.lode.bench.kv.load;

import io.lode.bench.kv.store.WatchedMap;
import io.lode.bench.run.RandomCycle;
import io.lode.bench.run.ScratchMemory;
import io.lode.bench.run.Summary;
import io.lode.pmem.CopyFlags;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * What the machine does at best, measured beside every row: a persist of the bytes of an entry, and
 * a random load that depends on the one before.
 */
final class Yardsticks implements AutoCloseable {
  private static final long LINE_BYTES = RandomCycle.LINE_BYTES;
  private static final long RING_BYTES = 32L << 20;
  private static final long MAX_FOOTPRINT_BYTES = 1L << 30;
  private static final int SLICES = 5;
  private static final long SLICE_NANOS = 8_000_000;
  private static final long FIRST_CALLS = 1000;
  private static final long COMPILED_CALLS = 200_000;
  private static final long WARM_NANOS = 200_000_000;
  private static final double TIMED_NANOS = 40_000_000;
  private static final long MAX_TIMED_CALLS = 400_000;

  private final Crew crew;
  private final ScratchMemory rings;
  private final ScratchMemory chain;
  private final WatchedMap map;
  private final Dataset data;

  Yardsticks(Path folder, Dataset data, long entries, Crew crew, long fenceDelayNanos)
      throws InterruptedException {
    this.crew = crew;
    this.data = data;
    long footprint = Math.min(MAX_FOOTPRINT_BYTES, entries * data.lineBytes());
    this.rings = ScratchMemory.in(folder, RING_BYTES * crew.size());
    this.chain = ScratchMemory.in(folder, Math.max(1 << 20, footprint / 4096 * 4096));
    this.map = new WatchedMap(rings.map(), fenceDelayNanos);
    RandomCycle.link(chain.map().segment(), 1);
    // Else those beside the first workload would not be compiled.
    warmUp(persists(1));
    warmUp(loads());
  }

  private void warmUp(IntFunction<Crew.Step> steps) throws InterruptedException {
    long nanos = 0;
    // A disk takes long for so many, and there the JVM's part does not matter.
    for (long done = 0; done < COMPILED_CALLS && nanos < WARM_NANOS; done += FIRST_CALLS) {
      nanos += crew.run(steps, FIRST_CALLS).nanos();
    }
  }

  /** Returns nanoseconds per entry of a non-temporal persist of some entries at once. */
  double persistNanos(int entriesPerCall) throws InterruptedException {
    return median(persists(entriesPerCall)) / entriesPerCall;
  }

  /**
   * Returns how long single persists take, as clients see them that call at half of the rate: what
   * the machine adds to any store's latencies.
   */
  Latency persistLatency(int entriesPerCall, double nanosPerEntry) throws InterruptedException {
    double nanos = nanosPerEntry * entriesPerCall * crew.size();
    long calls = Math.clamp((long) (TIMED_NANOS / nanos), 1, MAX_TIMED_CALLS);
    return crew.timed(persists(entriesPerCall), calls, (long) (2 * nanos));
  }

  private IntFunction<Crew.Step> persists(int entriesPerCall) {
    long length = Math.min(RING_BYTES / 2, data.lineBytes() * entriesPerCall);
    return steps(number -> new Persists(map, number * RING_BYTES, length));
  }

  /** Returns nanoseconds per load, all threads together. */
  double loadNanos() throws InterruptedException {
    return median(loads());
  }

  private IntFunction<Crew.Step> loads() {
    MemorySegment memory = chain.map().segment();
    long share = memory.byteSize() / crew.size() / LINE_BYTES * LINE_BYTES;
    return steps(number -> new Loads(memory, number * share));
  }

  private IntFunction<Crew.Step> steps(IntFunction<Crew.Step> made) {
    return IntStream.range(0, crew.size()).mapToObj(made).toList()::get;
  }

  private double median(IntFunction<Crew.Step> steps) throws InterruptedException {
    long calls = FIRST_CALLS;
    Crew.Slice first = crew.run(steps, calls);
    while (first.nanos() < SLICE_NANOS / 2) {
      calls *= 2;
      first = crew.run(steps, calls);
    }
    calls = Math.max(1, calls * SLICE_NANOS / first.nanos());
    List<Double> nanos = new ArrayList<>();
    for (int slice = 0; slice < SLICES; slice++) {
      nanos.add((double) crew.run(steps, calls).nanos() / calls / crew.size());
    }
    return Summary.median(nanos);
  }

  /** Persists along a ring, as a log does. */
  private static final class Persists implements Crew.Step {
    private final WatchedMap map;
    private final long begin;
    private final long length;
    private final MemorySegment source;
    private long offset;

    Persists(WatchedMap map, long begin, long length) {
      this.map = map;
      this.begin = begin;
      this.length = length;
      this.source = MemorySegment.ofArray(new byte[(int) length]);
    }

    @Override
    public long call() {
      map.copy(begin + offset, source, 0, length, CopyFlags.NON_TEMPORAL);
      offset = offset + 2 * length > RING_BYTES ? 0 : offset + length;
      return offset;
    }
  }

  /** Follows the cycle. */
  private static final class Loads implements Crew.Step {
    private final MemorySegment memory;
    private long offset;

    Loads(MemorySegment memory, long offset) {
      this.memory = memory;
      this.offset = offset;
    }

    @Override
    public long call() {
      offset = memory.get(ValueLayout.JAVA_LONG, offset);
      return offset;
    }
  }

  @Override
  public void close() {
    rings.close();
    chain.close();
  }
}
