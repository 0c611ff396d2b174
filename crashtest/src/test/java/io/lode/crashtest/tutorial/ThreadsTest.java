package io.lode.crashtest.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.crashtest.CrashTest;
import io.lode.crashtest.Mutant;
import io.lode.crashtest.Operation;
import io.lode.crashtest.Report;
import io.lode.pmem.PmemMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Operations of several threads at the same time, crashed. */
class ThreadsTest {
  /** A stack that one thread uses at a time. */
  static final class LockedStack extends PersistentStack {
    private final ReentrantLock lock = new ReentrantLock();

    LockedStack(PmemMap map) {
      super(map);
    }

    @Override
    void push(long value) {
      lock.lock();
      try {
        super.push(value);
      } finally {
        lock.unlock();
      }
    }

    @Override
    void pop() {
      lock.lock();
      try {
        super.pop();
      } finally {
        lock.unlock();
      }
    }

    @Override
    List<Long> values() {
      lock.lock();
      try {
        return super.values();
      } finally {
        lock.unlock();
      }
    }
  }

  /** It, as the checker drives it. */
  static final class LockedSubject extends StackSubject {
    @Override
    public PersistentStack create(PmemMap map) {
      return new LockedStack(map);
    }

    @Override
    public Object read(PersistentStack stack) {
      return stack.values();
    }

    @Override
    public Object readOf(List<Long> state) {
      return state;
    }
  }

  /** Operations that touch nothing: their threads end before any switch is possible. */
  static final class IdleSubject extends StackSubject {
    @Override
    public List<Operation<PersistentStack, List<Long>>> operations() {
      return List.of(Operation.of("nothing", _ -> {}, state -> state));
    }
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void threadsWithoutAnyAccessComeToAnEnd() {
    Report report = CrashTest.of(IdleSubject.class).sequences(0).interleave(5, 5).run();

    assertThat(report.violations()).isEmpty();
    assertThat(report.schedules()).isPositive();
  }

  @Test
  void oneThreadAtATimeIsRightUnderEverySchedule() {
    Report report = CrashTest.of(LockedSubject.class).sequences(0).interleave(200, 50).run();

    assertThat(report.violations()).isEmpty();
    assertThat(report.schedules()).isGreaterThan(500);
    assertThat(report.images()).isGreaterThan(report.schedules());
  }

  @Test
  void stackWithoutItsLockIsSeenToFail() {
    Report report =
        CrashTest.of(LockedSubject.class)
            .altered(Mutant.unlocked(LockedStack.class.getName()))
            .sequences(0)
            .interleave(0, 50)
            .run();

    assertThat(report.violations()).isNotEmpty();
    System.out.println(report.violations().getFirst());
  }

  @Test
  void readOfWhatIsNotDurableYetIsSeenToFail() {
    Report report = CrashTest.of(EagerSubject.class).sequences(0).interleave(200, 50).run();

    assertThat(report.violations()).isNotEmpty();
  }

  /** Makes a pushed value visible to readers before it is durable. */
  static final class EagerSubject extends StackSubject {
    @Override
    public PersistentStack create(PmemMap map) {
      return new LockedStack(map);
    }

    @Override
    public Object read(PersistentStack stack) {
      return stack.count();
    }

    @Override
    public Object readOf(List<Long> state) {
      return (long) state.size();
    }
  }
}
