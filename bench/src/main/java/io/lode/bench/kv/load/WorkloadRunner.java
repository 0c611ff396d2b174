package io.lode.bench.kv.load;

import io.lode.bench.kv.store.Subject;
import io.lode.bench.run.SystemFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Measures workloads on an open store. */
final class WorkloadRunner implements AutoCloseable {
  private static final int COMPILED_CALLS = 100_000;
  private static final long MAX_TIMED_CALLS = 2_000_000;

  private final Plan plan;
  private final KvEffort effort;
  private final Crew crew;
  private final List<Client> clients = new ArrayList<>();
  private final Yardsticks yardsticks;

  /** What a number of slices took together. */
  private record Sum(List<Double> nanos, double cpuNanos, double allocatedBytes, double written) {}

  WorkloadRunner(Plan plan, Subject subject, Crew crew) throws InterruptedException {
    this.plan = plan;
    this.effort = plan.effort();
    this.crew = crew;
    Dataset data = plan.profile().data();
    int entries = plan.profile().entries();
    for (int number = 0; number < crew.size(); number++) {
      int each = number;
      clients.add(
          crew.on(each, () -> new Client(subject.session(), data, entries, each, crew.size())));
    }
    this.yardsticks =
        new Yardsticks(Path.of(plan.folder()), data, entries, crew, plan.fenceDelayNanos());
  }

  /** Measures one workload. What the store cannot do is in the result, a failure is thrown. */
  Measurement measure(Workload workload) throws InterruptedException {
    String unavailable = clients.getFirst().unavailable(workload);
    if (!unavailable.isEmpty()) {
      return Measurement.unavailable(workload, unavailable);
    }
    double persist = yardsticks.persistNanos(workload.entriesPerCall());
    double load = yardsticks.loadNanos();
    long limit = limit(workload);
    if (limit < effort.slices() + 2) {
      return Measurement.unavailable(workload, "nothing is left to do it to");
    }
    return workload == Workload.SCAN ? scans(persist, load) : calls(workload, limit, persist, load);
  }

  private Measurement calls(Workload workload, long limit, double persist, double load)
      throws InterruptedException {
    double perCall = warmUp(workload, limit / 4);
    // Of what may be done a quarter was for warming up; slices and the timed calls share the rest.
    long share = limit * 3 / 4 / (effort.slices() + 1);
    long calls = Math.clamp((long) (effort.sliceMillis() * 1e6 / perCall), 1, Math.max(1, share));
    Sum sum = slices(workload, calls, calls * crew.size() * workload.entriesPerCall());
    double mean = sum.nanos().stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    long interval = (long) (2 * mean * workload.entriesPerCall() * crew.size());
    Latency latency = crew.timed(steps(workload), Math.min(calls, MAX_TIMED_CALLS), interval);
    return new Measurement(
        workload,
        "",
        sum.nanos(),
        sum.cpuNanos(),
        sum.allocatedBytes(),
        sum.written(),
        latency,
        persist,
        yardsticks.persistLatency(workload.entriesPerCall(), persist),
        load);
  }

  /** A scan is one call that reads every entry. */
  private Measurement scans(double persist, double load) throws InterruptedException {
    long found = crew.run(steps(Workload.SCAN), 1).sink();
    int entries = plan.profile().entries();
    if (found < entries) {
      throw new IllegalStateException("a scan found " + found + " entries of " + entries);
    }
    Sum sum = slices(Workload.SCAN, 1, found);
    return new Measurement(
        Workload.SCAN,
        "",
        sum.nanos(),
        sum.cpuNanos(),
        sum.allocatedBytes(),
        0,
        null,
        persist,
        null,
        load);
  }

  private Sum slices(Workload workload, long calls, long entries) throws InterruptedException {
    List<Double> nanos = new ArrayList<>();
    long cpu = 0;
    long allocated = 0;
    long written = SystemFiles.writtenBytes();
    for (int slice = 0; slice < effort.slices(); slice++) {
      Crew.Slice took = crew.run(steps(workload), calls);
      nanos.add((double) took.nanos() / entries);
      cpu += took.cpuNanos();
      allocated += took.allocatedBytes();
    }
    double all = (double) entries * effort.slices();
    return new Sum(nanos, cpu / all, allocated / all, (SystemFiles.writtenBytes() - written) / all);
  }

  private IntFunction<Crew.Step> steps(Workload workload) {
    return number -> {
      Client client = clients.get(number);
      return () -> client.call(workload);
    };
  }

  /**
   * Runs until the clients have used the time for it, and long enough to be compiled: on a busy
   * machine that takes longer than on a quiet one. Returns nanoseconds per call of one client.
   */
  private double warmUp(Workload workload, long limit) throws InterruptedException {
    long warmUpNanos = effort.warmUpMillis() * 1_000_000L;
    long begin = System.nanoTime();
    long cpu = 0;
    long calls = 1;
    long done = 0;
    while (true) {
      Crew.Slice took = crew.run(steps(workload), calls);
      done += calls;
      cpu += took.cpuNanos() / crew.size();
      long wall = System.nanoTime() - begin;
      boolean isWarm = cpu >= warmUpNanos && (done >= COMPILED_CALLS || wall >= 4 * warmUpNanos);
      if (isWarm || wall >= 8 * warmUpNanos || done + 2 * calls > limit) {
        return Math.max(1, (double) took.nanos() / calls);
      }
      // Chunks of a tenth of the time: the last one tells how fast it is when it is warm.
      if (took.nanos() < warmUpNanos / 10) {
        calls *= 2;
      }
    }
  }

  /** Returns how often each client may call, so that the store has room. */
  private long limit(Workload workload) {
    if (workload == Workload.DELETE) {
      return clients.getFirst().removable();
    }
    return workload.isWriting()
        ? plan.maxWrites() / crew.size() / workload.entriesPerCall()
        : Long.MAX_VALUE / 8;
  }

  @Override
  public void close() {
    yardsticks.close();
    for (int number = 0; number < clients.size(); number++) {
      Client client = clients.get(number);
      try {
        crew.on(
            number,
            () -> {
              client.close();
              return client;
            });
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
