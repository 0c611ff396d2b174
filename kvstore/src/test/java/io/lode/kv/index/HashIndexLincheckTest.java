package io.lode.kv.index;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * The index under threads, checked to be linearizable. By stress: Lincheck's model checker does not
 * see accesses to memory segments, in which all of the index lies. Schedules are enumerated by the
 * crash checker, which does see them.
 */
class HashIndexLincheckTest {
  private static StressOptions options() {
    return new StressOptions()
        .iterations(8)
        .invocationsPerIteration(1_000)
        .threads(3)
        .actorsPerThread(4);
  }

  @Test
  void findsAndChangesAreLinearizable() {
    options().check(Locked.class);
  }

  /** What is on its way to the buckets lies in fields, so the model checker sees it. */
  @Test
  void stagingIsLinearizableInEverySchedule() {
    new ModelCheckingOptions()
        .iterations(6)
        .invocationsPerIteration(300)
        .threads(2)
        .actorsPerThread(3)
        .check(Staged.class);
  }

  /** Were it not noticed, the test above would prove nothing. */
  @Test
  void lookingBeforeLockingIsNoticed() {
    assertThatThrownBy(
            () -> options().iterations(100).minimizeFailedScenario(false).check(LooksFirst.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  /** Keys of one bucket, so that they meet; splits come as the index fills. */
  @Param(name = "key", gen = IntGen.class, conf = "1:8")
  public static class Locked {
    private final HashIndex index =
        new HashIndex(
            IndexMemory.onHeap(),
            256,
            (offset, key) -> offset >>> 8 == ByteBuffer.wrap(key).getInt());

    private final Lock lock = new ReentrantLock();
    private long version;

    /** All in bucket 0 until it is split. */
    private static long hash(int number) {
      return (long) number << 8;
    }

    private static byte[] key(int number) {
      return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    private long find(int number) {
      return index.find(hash(number), key(number));
    }

    /** Where the record of a key is: its number, and which of its versions. */
    private long nextOffset(int number) {
      return (long) number << 8 | (++version & 31) << 3;
    }

    @Operation
    public boolean put(@Param(name = "key") int number) {
      lock.lock();
      try {
        boolean isNew = find(number) == 0;
        index.put(hash(number), key(number), nextOffset(number));
        return isNew;
      } finally {
        lock.unlock();
      }
    }

    @Operation
    public boolean stage(@Param(name = "key") int number) {
      lock.lock();
      try {
        boolean isNew = find(number) == 0;
        index.stage(hash(number), key(number), nextOffset(number));
        return isNew;
      } finally {
        lock.unlock();
      }
    }

    @Operation
    public boolean remove(@Param(name = "key") int number) {
      lock.lock();
      try {
        return index.remove(hash(number), key(number));
      } finally {
        lock.unlock();
      }
    }

    @Operation
    public boolean contains(@Param(name = "key") int number) {
      return find(number) != 0;
    }
  }

  /** Entries that are staged, and no others. */
  @Param(name = "key", gen = IntGen.class, conf = "1:3")
  public static class Staged {
    private final Locked index = new Locked();

    @Operation
    public boolean stage(@Param(name = "key") int number) {
      return index.stage(number);
    }

    @Operation
    public boolean contains(@Param(name = "key") int number) {
      return index.contains(number);
    }
  }

  /** Decides by what was there before it had the lock. */
  @Param(name = "key", gen = IntGen.class, conf = "1:2")
  public static class LooksFirst extends Locked {
    @Operation
    @Override
    public boolean put(@Param(name = "key") int number) {
      boolean isNew = super.find(number) == 0;
      super.put(number);
      return isNew;
    }
  }
}
