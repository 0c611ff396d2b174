package io.lode.journal;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * How much of a put goes into staging its record and checksumming it, before anything is copied to
 * the medium, and does a group of 64 make that cheaper for each?
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GroupEncodingBenchmark {
  private static final int BATCH = 64;
  private static final int KEY_BYTES = 16;
  private static final long USE = JournalFormat.use(1, 1, 2);
  private static final int EPOCH = 3;

  /** Length of the value. */
  @Param({"8", "200", "4096"})
  int valueBytes;

  private final GroupEncoder encoder = new GroupEncoder();
  private final byte[] key = new byte[KEY_BYTES];
  private byte[] value = {};
  private long sequence;

  /** Makes the value. */
  @Setup
  public void fill() {
    value = new byte[valueBytes];
  }

  /**
   * A group of one.
   *
   * @return its length
   */
  @Benchmark
  public int single() {
    encoder.clear(false, false);
    encoder.add(RecordKind.PUT, key, value, KeyHash.of(1, key, 0, KEY_BYTES), ++sequence);
    encoder.complete(USE, EPOCH, 4096, sequence);
    return encoder.groupLength();
  }

  /**
   * A group of 64; the figure is for one of them.
   *
   * @return its length
   */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int inBatchOf64() {
    encoder.clear(true, false);
    long group = sequence + 1;
    for (int record = 0; record < BATCH; record++) {
      encoder.add(RecordKind.PUT, key, value, KeyHash.of(1, key, 0, KEY_BYTES), ++sequence);
    }
    encoder.complete(USE, EPOCH, 4096, group);
    return encoder.groupLength();
  }
}
