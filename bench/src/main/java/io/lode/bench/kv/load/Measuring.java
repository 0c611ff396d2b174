package io.lode.bench.kv.load;

import io.lode.bench.kv.store.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures workloads on an open store. */
final class Measuring implements AutoCloseable {
  private static final Path OWN_IO = Path.of("/proc/self/io");
  private static final int COMPILED_CALLS = 100_000;
  private static final long MAX_TIMED_CALLS = 2_000_000;

  private final Plan plan;
  private final Crew crew;
  private final List<Client> clients = new ArrayList<>();
  private final Yardsticks yardsticks;

  Measuring(Plan plan, Subject subject, Crew crew, Path folder) throws InterruptedException {
    this.plan = plan;
    this.crew = crew;
    for (int number = 0; number < crew.size(); number++) {
      int each = number;
      clients.add(
          crew.on(
              each,
              () -> new Client(subject.session(), plan.data(), plan.entries(), each, crew.size())));
    }
    this.yardsticks =
        new Yardsticks(folder, plan.data(), plan.entries(), crew, plan.fenceDelayNanos());
  }

  /** Measures one workload; what the store cannot do is told, what it fails at is thrown. */
  Measurement measure(Workload workload) throws InterruptedException, IOException {
    String unavailable = clients.getFirst().unavailable(workload);
    if (!unavailable.isEmpty()) {
      return Measurement.unavailable(workload, unavailable);
    }
    double persist = yardsticks.persistNanos(workload.entriesPerCall());
    double load = yardsticks.loadNanos();
    long limit = limit(workload);
    if (limit < plan.slices() + 2) {
      return Measurement.unavailable(workload, "nothing is left to do it to");
    }
    return workload == Workload.SCAN ? scans(persist, load) : calls(workload, limit, persist, load);
  }

  private Measurement calls(Workload workload, long limit, double persist, double load)
      throws InterruptedException, IOException {
    double perCall = warmUp(workload, limit / 4);
    // Of what may be done a quarter was for warming up; slices and the timed calls share the rest.
    long share = limit * 3 / 4 / (plan.slices() + 1);
    long calls = Math.clamp((long) (plan.sliceMillis() * 1e6 / perCall), 1, Math.max(1, share));
    long entries = calls * crew.size() * workload.entriesPerCall();
    List<Double> nanos = new ArrayList<>();
    long cpu = 0;
    long allocated = 0;
    long written = writtenBytes();
    for (int slice = 0; slice < plan.slices(); slice++) {
      Crew.Slice took = crew.run(number -> step(number, workload), calls);
      nanos.add((double) took.nanos() / entries);
      cpu += took.cpuNanos();
      allocated += took.allocatedBytes();
    }
    written = writtenBytes() - written;
    double all = (double) entries * plan.slices();
    double mean = nanos.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    long interval = (long) (2 * mean * workload.entriesPerCall() * crew.size());
    long timed = Math.min(calls, MAX_TIMED_CALLS);
    Latency latency =
        Latency.of(crew.timed(number -> step(number, workload), timed, Math.max(1, interval)));
    return new Measurement(
        workload,
        "",
        nanos,
        cpu / all,
        allocated / all,
        written / all,
        latency,
        persist,
        yardsticks.persistLatency(workload.entriesPerCall(), persist),
        load);
  }

  private Crew.Step step(int number, Workload workload) {
    Client client = clients.get(number);
    return () -> client.call(workload);
  }

  /**
   * Runs until the clients have used the time for it, and long enough to be compiled: on a busy
   * machine that takes longer than on a quiet one. Returns nanoseconds a call of one client.
   */
  private double warmUp(Workload workload, long limit) throws InterruptedException {
    long warmUpNanos = plan.warmUpMillis() * 1_000_000L;
    long begin = System.nanoTime();
    long cpu = 0;
    long calls = 1;
    long done = 0;
    while (true) {
      Crew.Slice took = crew.run(number -> step(number, workload), calls);
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

  /** A scan is one call that reads every entry. */
  private Measurement scans(double persist, double load) throws InterruptedException, IOException {
    long found = crew.run(number -> step(number, Workload.SCAN), 1).sink();
    if (found < plan.entries()) {
      throw new IllegalStateException("a scan found " + found + " entries of " + plan.entries());
    }
    List<Double> nanos = new ArrayList<>();
    long cpu = 0;
    long allocated = 0;
    for (int slice = 0; slice < plan.slices(); slice++) {
      Crew.Slice took = crew.run(number -> step(number, Workload.SCAN), 1);
      nanos.add((double) took.nanos() / found);
      cpu += took.cpuNanos();
      allocated += took.allocatedBytes();
    }
    double all = (double) found * plan.slices();
    return new Measurement(
        Workload.SCAN, "", nanos, cpu / all, allocated / all, 0, null, persist, null, load);
  }

  /** How often each client may call, so that the store has room. */
  private long limit(Workload workload) {
    if (workload == Workload.DELETE) {
      return clients.getFirst().removable();
    }
    return workload.isWriting()
        ? plan.maxWrites() / crew.size() / workload.entriesPerCall()
        : Long.MAX_VALUE / 8;
  }

  private static long writtenBytes() throws IOException {
    for (String line : Files.readAllLines(OWN_IO)) {
      if (line.startsWith("wchar:")) {
        return Long.parseLong(line.substring("wchar:".length()).strip());
      }
    }
    return 0;
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
