package io.lode.bench.micro;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What would it cost a caller to hand its write to another thread and to wait for it, spinning or
 * parked? Beside a persist that decides whether a put from another node goes to a writer.
 *
 * <p>Needs two CPUs that are free: with one, spinning waits for the scheduler.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class HandOffBenchmark {
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private volatile boolean isParking;
  private volatile boolean isOver;
  private volatile Thread caller;
  private Thread writer;

  /** Starts the other thread. */
  @Setup
  public void start() {
    writer = Thread.ofPlatform().daemon().name("writer").start(this::answer);
  }

  private void answer() {
    while (!isOver) {
      long request = asked.getAcquire();
      if (request != answered.getPlain()) {
        answered.setRelease(request);
        if (isParking) {
          LockSupport.unpark(caller);
        }
      } else if (isParking) {
        LockSupport.park(this);
      } else {
        Thread.onSpinWait();
      }
    }
  }

  /** Ends it. */
  @TearDown
  public void stop() {
    isOver = true;
    LockSupport.unpark(writer);
  }

  /** Both spin. */
  @Benchmark
  public void spinning() {
    long request = asked.getPlain() + 1;
    asked.setRelease(request);
    while (answered.getAcquire() != request) {
      Thread.onSpinWait();
    }
  }

  /** Both park. */
  @Benchmark
  public void parking() {
    caller = Thread.currentThread();
    isParking = true;
    long request = asked.getPlain() + 1;
    asked.setRelease(request);
    LockSupport.unpark(writer);
    while (answered.getAcquire() != request) {
      LockSupport.park(this);
    }
  }
}
