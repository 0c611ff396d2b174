package io.lode.bench.kv.load;

import com.sun.management.ThreadMXBean;
import io.lode.bench.run.Workers;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Threads that do the same at the same time, and how long that took. */
final class Crew implements AutoCloseable {
  /** An hour: no call takes longer. */
  private static final long MAX_NANOS = 3_600_000_000_000L;

  private static final int DIGITS = 3;

  private final Workers threads;
  private final CyclicBarrier start;
  private final ThreadMXBean own = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** One call; returns something that depends on its work, so that none of it is left out. */
  @FunctionalInterface
  interface Step {
    long call() throws Exception;
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
    start = new CyclicBarrier(size);
    threads = new Workers(IntStream.range(0, size).mapToObj(Crew::executor).toList());
  }

  private static ExecutorService executor(int number) {
    return Executors.newSingleThreadExecutor(
        task -> Thread.ofPlatform().name("client-" + number).unstarted(task));
  }

  int size() {
    return threads.size();
  }

  /** Runs something on one of the threads. */
  <T> T on(int number, Callable<T> task) throws InterruptedException {
    return threads.on(number, task);
  }

  /** Has every thread make so many calls, all beginning together. */
  Slice run(IntFunction<Step> steps, long calls) throws InterruptedException {
    return run(steps, calls, null);
  }

  /** As {@link #run}, and times each call as one of a client that calls at a fixed rate. */
  Latency timed(IntFunction<Step> steps, long calls, long intervalNanos)
      throws InterruptedException {
    var all = new Histogram(MAX_NANOS, DIGITS);
    List<Histogram> each = new ArrayList<>();
    for (int number = 0; number < size(); number++) {
      each.add(new Histogram(MAX_NANOS, DIGITS));
    }
    run(steps, calls, each);
    long interval = Math.max(1, intervalNanos);
    each.forEach(one -> all.add(one.copyCorrectedForCoordinatedOmission(interval)));
    return Latency.of(all);
  }

  private Slice run(IntFunction<Step> steps, long calls, @Nullable List<Histogram> histograms)
      throws InterruptedException {
    List<Callable<Part>> tasks = new ArrayList<>();
    for (int number = 0; number < size(); number++) {
      Step step = steps.apply(number);
      Histogram histogram = histograms == null ? null : histograms.get(number);
      tasks.add(() -> part(step, calls, histogram));
    }
    List<Part> parts = threads.all(tasks);
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

  private static long loop(Step step, long calls) throws Exception {
    long sink = 0;
    for (long call = 0; call < calls; call++) {
      sink += step.call();
    }
    return sink;
  }

  private static long timedLoop(Step step, long calls, Histogram histogram) throws Exception {
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

  @Override
  public void close() {
    threads.close();
  }
}
