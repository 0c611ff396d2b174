package io.lode.bench.kv.load;

import io.lode.bench.kv.store.Session;
import io.lode.bench.kv.store.Sizing;
import io.lode.bench.kv.store.Subject;
import io.lode.bench.run.Json;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process of one store. It is given its {@link Plan} as JSON and writes lines that begin with
 * {@link #MARK}: one {@link Opened}, then a {@link Measurement} for each workload; or, where it
 * only counts, a {@link Counted} for each. Whatever else a store prints is passed over. A store
 * that fails ends the process with its stack trace.
 */
public final class MeasuringProcess {
  /** What the lines begin with that are meant for the parent. */
  public static final String MARK = "@lode-bench ";

  private MeasuringProcess() {}

  /**
   * Runs the plan.
   *
   * @param arguments the plan as JSON
   * @throws Exception whatever the store throws
   */
  public static void main(String[] arguments) throws Exception {
    Plan plan = Json.read(arguments[0], Plan.class);
    int status = 0;
    try (var crew = new Crew(plan.threads())) {
      run(plan, crew);
    } catch (Throwable failure) {
      failure.printStackTrace();
      status = 1;
    }
    // Threads that a store leaves behind must not keep the process.
    Runtime.getRuntime().halt(status);
  }

  private static void run(Plan plan, Crew crew) throws Exception {
    if (plan.task() == Plan.Task.COUNT) {
      new Counting(plan).run(MeasuringProcess::tell);
      return;
    }
    Path folder = Path.of(plan.folder());
    if (plan.task() == Plan.Task.REOPEN) {
      loadClasses(plan);
    }
    long begin = System.nanoTime();
    Subject subject = plan.rival().open(folder, plan.sizing());
    if (plan.task() == Plan.Task.REOPEN) {
      requireFirstEntry(plan, subject);
      tell(opened(plan, subject, System.nanoTime() - begin, 0, 0));
      subject.close();
      return;
    }
    long openNanos = System.nanoTime() - begin;
    long heap = heapBytes();
    long fill = System.nanoTime();
    fill(plan, subject, crew);
    long fillNanos = System.nanoTime() - fill;
    long held = heapBytes() - heap + subject.offHeapBytes().orElse(0);
    tell(opened(plan, subject, openNanos, fillNanos, held));
    if (plan.task() == Plan.Task.FILL_AND_WAIT) {
      while (System.in.read() >= 0) {
        // until the parent is gone; it kills this process before
      }
    }
    try (var measuring = new Measuring(plan, subject, crew, folder)) {
      for (Workload workload : plan.workloads()) {
        tell(measuring.measure(workload));
      }
    }
    subject.close();
  }

  /**
   * Opens another store first: what a JVM needs to know the rival's classes is not its recovery.
   */
  private static void loadClasses(Plan plan) throws Exception {
    Path other = Files.createTempDirectory("bench-other");
    byte[] key = plan.data().newKey();
    try (Subject subject =
            plan.rival()
                .open(other, new Sizing(1000, plan.keyBytes(), plan.valueBytes(), 1000, 0));
        Session session = subject.session()) {
      session.put(key, plan.data().newValue());
      session.scan();
    }
  }

  private static void requireFirstEntry(Plan plan, Subject subject) {
    byte[] key = plan.data().newKey();
    plan.data().setKey(plan.entries() - 1L, key);
    try (Session session = subject.session()) {
      if (session instanceof Session.LogOnly) {
        if (session.scan() == 0) {
          throw new IllegalStateException("nothing that was acknowledged is there");
        }
        return;
      }
      if (session.get(key, plan.data().newValue()) != plan.valueBytes()) {
        throw new IllegalStateException("the last entry that was acknowledged is not there");
      }
    }
  }

  private static void fill(Plan plan, Subject subject, Crew crew) throws InterruptedException {
    crew.on(
        0,
        () -> {
          try (Session session = subject.session()) {
            new Filling(plan.data(), session).fill(plan.entries());
          }
          return plan;
        });
  }

  private static Opened opened(
      Plan plan, Subject subject, long openNanos, long fillNanos, long heldBytes) {
    return new Opened(
        subject.durability(),
        openNanos,
        fillNanos,
        Math.max(0, (double) heldBytes / plan.entries()),
        subject.usedBytes().orElse(-1),
        ProcessHandle.current().pid());
  }

  /** What the heap holds when what is not needed is gone. */
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
