package io.lode.kv.index;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
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

  /** Were it not noticed, the test above would prove nothing. */
  @Test
  void changesOfOneStripeWithoutItsLockAreNoticed() {
    assertThatThrownBy(
            () -> options().iterations(100).minimizeFailedScenario(false).check(Unlocked.class))
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

    Lock lock() {
      return lock;
    }

    private static byte[] key(int number) {
      return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    /** All in bucket 0 until it is split. */
    private static long hash(int number) {
      return (long) number << 8;
    }

    /** Where the record of a key is: its number, and which of its versions. */
    private static long offset(int number, long version) {
      return (long) number << 8 | (version & 31) << 3;
    }

    @Operation
    public boolean put(@Param(name = "key") int number) {
      lock().lock();
      try {
        long old = index.find(hash(number), key(number));
        long next = offset(number, ++version);
        if (old == 0) {
          index.add(hash(number), next);
        } else {
          index.move(hash(number), old, next);
        }
        return old == 0;
      } finally {
        lock().unlock();
      }
    }

    @Operation
    public boolean remove(@Param(name = "key") int number) {
      lock().lock();
      try {
        long old = index.find(hash(number), key(number));
        if (old != 0) {
          index.remove(hash(number), old);
        }
        return old != 0;
      } finally {
        lock().unlock();
      }
    }

    @Operation
    public boolean contains(@Param(name = "key") int number) {
      return index.find(hash(number), key(number)) != 0;
    }
  }

  /** Every call has a lock of its own, which keeps nobody out. */
  @Param(name = "key", gen = IntGen.class, conf = "1:2")
  public static class Unlocked extends Locked {
    private final ThreadLocal<Lock> own = ThreadLocal.withInitial(ReentrantLock::new);

    @Override
    Lock lock() {
      return own.get();
    }
  }
}
