package io.lode.pool;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What does it cost a get to verify its record, and how much of that is the copy to the heap? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class ChecksumBenchmark {
  /** Length of the record. */
  @Param({"64", "256", "4096", "65536"})
  int length;

  private final Checksum checksum = new Checksum();
  private Arena arena;
  private MemorySegment mapped;
  private byte[] heap;

  /** Makes the record, on the heap and outside it. */
  @Setup
  public void open() {
    arena = Arena.ofConfined();
    mapped = arena.allocate(length);
    heap = new byte[length];
  }

  /** Frees it. */
  @TearDown
  public void close() {
    arena.close();
  }

  /**
   * The checksum of bytes that are on the heap already.
   *
   * @return the checksum
   */
  @Benchmark
  public int checksum() {
    return checksum.of(heap, 0, length);
  }

  /**
   * The copy and the checksum.
   *
   * @return the checksum
   */
  @Benchmark
  public int copyAndChecksum() {
    MemorySegment.copy(mapped, 0, MemorySegment.ofArray(heap), 0, length);
    return checksum.of(heap, 0, length);
  }
}
