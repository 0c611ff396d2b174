package io.lode.bench.kv.load;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Some threads that do the same at the same time, and how long that took. */
final class Crew implements AutoCloseable {
  /** An hour: no call takes longer. */
  private static final long MAX_NANOS = 3_600_000_000_000L;

  private static final int DIGITS = 3;

  private final int size;
  private final List<ExecutorService> threads = new ArrayList<>();
  private final CyclicBarrier start;
  private final ThreadMXBean own = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** One call; returns something that depends on its work, so that none of it is left out. */
  @FunctionalInterface
  interface Step {
    long call();
  }

  /**
   * What a slice took.
   *
   * @param nanos from the first thread's start to the last one's end
   * @param cpuNanos of all threads together
   * @param allocatedBytes of all threads together
   * @param sink what the calls returned, all together
   */
  record Slice(long nanos, long cpuNanos, long allocatedBytes, long sink) {}

  private record Part(long begin, long end, long cpuNanos, long allocatedBytes, long sink) {}

  Crew(int size) {
    this.size = size;
    this.start = new CyclicBarrier(size);
    for (int number = 0; number < size; number++) {
      String name = "client-" + number;
      threads.add(
          Executors.newSingleThreadExecutor(
              task -> Thread.ofPlatform().name(name).unstarted(task)));
    }
  }

  int size() {
    return size;
  }

  /** Runs something on one of the threads. */
  <T> T on(int number, Callable<T> task) throws InterruptedException {
    return result(threads.get(number).submit(task));
  }

  /** Lets every thread make so many calls, all beginning together. */
  Slice run(IntFunction<Step> steps, long calls) throws InterruptedException {
    return run(steps, calls, null);
  }

  /** As {@link #run}, and times each call as one of a client that calls at a fixed rate. */
  Histogram timed(IntFunction<Step> steps, long calls, long intervalNanos)
      throws InterruptedException {
    var all = new Histogram(MAX_NANOS, DIGITS);
    List<Histogram> each = new ArrayList<>();
    for (int number = 0; number < size; number++) {
      each.add(new Histogram(MAX_NANOS, DIGITS));
    }
    run(steps, calls, each);
    each.forEach(one -> all.add(one.copyCorrectedForCoordinatedOmission(intervalNanos)));
    return all;
  }

  private Slice run(IntFunction<Step> steps, long calls, @Nullable List<Histogram> histograms)
      throws InterruptedException {
    List<Future<Part>> running = new ArrayList<>();
    for (int number = 0; number < size; number++) {
      Step step = steps.apply(number);
      Histogram histogram = histograms == null ? null : histograms.get(number);
      running.add(threads.get(number).submit(() -> part(step, calls, histogram)));
    }
    List<Part> parts = new ArrayList<>();
    for (Future<Part> future : running) {
      parts.add(result(future));
    }
    return new Slice(
        parts.stream().mapToLong(Part::end).max().orElseThrow()
            - parts.stream().mapToLong(Part::begin).min().orElseThrow(),
        parts.stream().mapToLong(Part::cpuNanos).sum(),
        parts.stream().mapToLong(Part::allocatedBytes).sum(),
        parts.stream().mapToLong(Part::sink).sum());
  }

  private Part part(Step step, long calls, @Nullable Histogram histogram) throws Exception {
    start.await();
    long allocated = own.getCurrentThreadAllocatedBytes();
    long cpu = own.getCurrentThreadCpuTime();
    long begin = System.nanoTime();
    long sink = histogram == null ? loop(step, calls) : timedLoop(step, calls, histogram);
    long end = System.nanoTime();
    return new Part(
        begin,
        end,
        own.getCurrentThreadCpuTime() - cpu,
        own.getCurrentThreadAllocatedBytes() - allocated,
        sink);
  }

  private static long loop(Step step, long calls) {
    long sink = 0;
    for (long call = 0; call < calls; call++) {
      sink += step.call();
    }
    return sink;
  }

  private static long timedLoop(Step step, long calls, Histogram histogram) {
    long sink = 0;
    long before = System.nanoTime();
    for (long call = 0; call < calls; call++) {
      sink += step.call();
      long now = System.nanoTime();
      histogram.recordValue(Math.min(now - before, MAX_NANOS));
      before = System.nanoTime();
    }
    return sink;
  }

  private static <T> T result(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException failure) {
      throw new IllegalStateException(String.valueOf(failure.getCause()), failure.getCause());
    }
  }

  @Override
  public void close() {
    threads.forEach(ExecutorService::shutdown);
  }
}
