package io.lode.bench.kv.load;

import io.lode.bench.kv.store.Session;
import io.lode.bench.kv.store.Sizing;
import io.lode.bench.kv.store.Subject;
import io.lode.bench.run.Json;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process of one store. Its argument is a {@link Plan} as JSON. It writes lines that begin with
 * {@link #MARK}: one {@link OpenReport}, then a {@link Measurement} for each workload or a {@link
 * CleaningResult} for each case; or, where it only counts, a {@link CostReport} for each. The
 * parent passes over whatever else a store prints. A failure ends the process with its stack trace.
 */
public final class StoreMain {
  /** The beginning of the lines that are meant for the parent. */
  public static final String MARK = "@lode-bench ";

  private final Plan plan;
  private final Dataset data;
  private final int entries;

  private StoreMain(Plan plan) {
    this.plan = plan;
    this.data = plan.profile().data();
    this.entries = plan.profile().entries();
  }

  /** Runs the plan. */
  public static void main(String[] arguments) {
    Plan plan = Json.read(arguments[0], Plan.class);
    int status = 0;
    try (var crew = new Crew(plan.profile().threads())) {
      new StoreMain(plan).run(crew);
    } catch (Throwable failure) {
      failure.printStackTrace();
      status = 1;
    }
    // Threads that a store leaves behind must not keep the process.
    Runtime.getRuntime().halt(status);
  }

  private void run(Crew crew) throws Exception {
    switch (plan.task()) {
      case COUNT -> new Counting(plan).run(plan.profile().workloads(), StoreMain::tell);
      case CLEAN, APPEND ->
          new Cleaning(plan, crew, StoreMain::tell).run(plan.task() == Plan.Task.CLEAN);
      case REOPEN -> reopen();
      case MEASURE, FILL_AND_WAIT -> fill(crew);
    }
  }

  private Subject open() throws Exception {
    return plan.rival().open(Path.of(plan.folder()), plan.sizing());
  }

  private void reopen() throws Exception {
    loadClasses();
    long begin = System.nanoTime();
    try (Subject subject = open()) {
      requireLastEntry(subject);
      tell(opened(subject, System.nanoTime() - begin, 0, 0));
    }
  }

  private void fill(Crew crew) throws Exception {
    long begin = System.nanoTime();
    Subject subject = open();
    long openNanos = System.nanoTime() - begin;
    long heap = heapBytes();
    long fill = System.nanoTime();
    crew.on(
        0,
        () -> {
          try (Session session = subject.session()) {
            new Filling(data, session).fill(entries);
          }
          return plan;
        });
    long fillNanos = System.nanoTime() - fill;
    long held = heapBytes() - heap + subject.offHeapBytes().orElse(0);
    tell(opened(subject, openNanos, fillNanos, held));
    if (plan.task() == Plan.Task.FILL_AND_WAIT) {
      while (System.in.read() >= 0) {
        // until the parent is gone; it kills this process before
      }
    }
    try (var runner = new WorkloadRunner(plan, subject, crew)) {
      for (Workload workload : plan.profile().workloads()) {
        tell(runner.measure(workload));
      }
    }
    subject.close();
  }

  /** Opens another store first: the time that a JVM takes to load its classes is no recovery. */
  private void loadClasses() throws Exception {
    Path other = Files.createTempDirectory("bench-other");
    var sizing = new Sizing(1000, data.keyBytes(), data.valueBytes(), 1000, 0);
    try (Subject subject = plan.rival().open(other, sizing);
        Session session = subject.session()) {
      session.put(data.newKey(), data.newValue());
      session.scan();
    }
  }

  private void requireLastEntry(Subject subject) throws Exception {
    byte[] key = data.newKey();
    data.setKey(entries - 1L, key);
    try (Session session = subject.session()) {
      boolean isThere =
          session instanceof Session.LogOnly
              ? session.scan() > 0
              : session.get(key, data.newValue()) == data.valueBytes();
      if (!isThere) {
        throw new IllegalStateException("the last entry that was acknowledged is not there");
      }
    }
  }

  private OpenReport opened(Subject subject, long openNanos, long fillNanos, long heldBytes) {
    return new OpenReport(
        subject.durability(),
        openNanos,
        fillNanos,
        Math.max(0, (double) heldBytes / entries),
        subject.usedBytes().orElse(-1),
        ProcessHandle.current().pid());
  }

  /** Returns the size of what lives on the heap. */
  private static long heapBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void tell(Object result) {
    System.out.println("\n" + MARK + Json.line(result));
    System.out.flush();
  }
}
