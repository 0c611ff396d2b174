package io.lode.bench.persist;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.Granularity;
import io.lode.pmem.MapConfig;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Source;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does it cost to make bytes durable? One thread goes through a file of the medium from begin
 * to end and over again, as a log does; {@code persist.c} does the same in C.
 *
 * <p>Run by {@code lode bench persist}, which gives the file.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class PersistBenchmark {
  static final String FILE = "lode.bench.file";

  private static final int LINE_BYTES = 64;

  /** Bytes made durable per call. */
  @Param({"64", "256", "4096"})
  int length;

  private PmemMap map;
  private Arena arena;
  private MemorySegment own;
  private MemorySegment forced;
  private MemorySegment source;
  private long size;
  private long step;
  private long next;

  /**
   * Maps the file, through Lode and through the JDK.
   *
   * @throws IOException if it cannot be
   */
  @Setup(Level.Trial)
  public void open() throws IOException {
    Path file = Path.of(System.getProperty(FILE));
    try (Source content = Source.of(file)) {
      map = MapConfig.of(Granularity.PAGE).map(content);
    }
    own = map.segment();
    arena = Arena.ofShared();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      forced = channel.map(MapMode.READ_WRITE, 0, map.size(), arena);
    }
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 7);
    source = MemorySegment.ofArray(bytes);
    size = map.size();
    step = (length + LINE_BYTES - 1L) & -LINE_BYTES;
    next = 0;
  }

  /** Unmaps. */
  @TearDown(Level.Trial)
  public void close() {
    map.close();
    arena.close();
  }

  private long next() {
    long here = next;
    next = here + step + length > size ? 0 : here + step;
    return here;
  }

  /** A word in each line. With an int to count by and no fields it compiles to what C's loop is. */
  private static void store(MemorySegment target, long here, int length) {
    for (int line = 0; line < length; line += LINE_BYTES) {
      target.set(ValueLayout.JAVA_LONG, here + line, here);
    }
  }

  /** Stores a word in each line, flushes them and drains. */
  @Benchmark
  public void lodePersist() {
    long here = next();
    store(own, here, length);
    map.persist(here, length);
  }

  /** Copies from the heap; durable on return. */
  @Benchmark
  public void lodeCopy() {
    map.copy(next(), source, 0, length, CopyFlags.NONE);
  }

  /** Stores a word in each line; then what the JDK has for a mapped file. */
  @Benchmark
  public void forcePersist() {
    long here = next();
    store(forced, here, length);
    forced.asSlice(here, length).force();
  }

  /** Copies from the heap; then what the JDK has for a mapped file. */
  @Benchmark
  public void forceCopy() {
    long here = next();
    MemorySegment.copy(source, 0, forced, here, length);
    forced.asSlice(here, length).force();
  }
}
