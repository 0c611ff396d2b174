package io.lode.kv;

import io.lode.journal.TaskRunner;
import io.lode.numa.NodeThreads;
import io.lode.numa.NumaException;
import io.lode.numa.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A store's own threads: near the device where its place is known, or none besides the caller. They
 * are started when there is work.
 */
final class Workers implements Executor, TaskRunner, AutoCloseable {
  private final @Nullable ExecutorService threads;
  private final int count;

  private Workers(@Nullable ExecutorService threads, int count) {
    this.threads = threads;
    this.count = count;
  }

  /** The calling thread alone. */
  static Workers none() {
    return new Workers(null, 1);
  }

  /**
   * Threads on the CPUs near a device.
   *
   * @param most how many at most; there are no more than CPUs
   */
  static Workers near(Placement placement, int most, String name) {
    if (!placement.isEmpty()) {
      try {
        int count = Math.min(most, placement.cpus().size());
        return new Workers(NodeThreads.onCpus(placement.cpus(), name).newExecutor(count), count);
      } catch (NumaException _) {
        // Any CPU will do: it is only slower.
      }
    }
    int count = Math.min(most, Runtime.getRuntime().availableProcessors());
    var factory = Thread.ofPlatform().daemon().name(name, 0).factory();
    return new Workers(Executors.newFixedThreadPool(count, factory), count);
  }

  /** Runs a task on one of the threads, or now if there are none. */
  @Override
  public void execute(Runnable task) {
    if (threads == null) {
      task.run();
    } else {
      threads.execute(task);
    }
  }

  /** How many work at a time. */
  int count() {
    return count;
  }

  /**
   * Runs numbered tasks, each once, and waits for all.
   *
   * @throws RuntimeException the failure of a task
   */
  @Override
  public void run(int tasks, IntConsumer task) {
    if (threads == null || tasks <= 1) {
      for (int number = 0; number < tasks; number++) {
        task.accept(number);
      }
      return;
    }
    var next = new AtomicInteger();
    List<Future<?>> working = new ArrayList<>();
    for (int worker = 0; worker < Math.min(count, tasks); worker++) {
      working.add(
          threads.submit(() -> {
            for (int number = next.getAndIncrement();
                number < tasks;
                number = next.getAndIncrement()) {
              task.accept(number);
            }
          }));
    }
    working.forEach(Workers::await);
  }

  private static void await(Future<?> working) {
    boolean interrupted = false;
    while (true) {
      try {
        working.get();
        break;
      } catch (InterruptedException _) {
        // Half an index is of no use.
        interrupted = true;
      } catch (ExecutionException failed) {
        if (failed.getCause() instanceof Error error) {
          throw error;
        }
        throw failed.getCause() instanceof RuntimeException failure
            ? failure
            : new IllegalStateException(failed.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Accepts no more tasks; accepted ones still run. Does not wait: the caller may be one of them.
   */
  void end() {
    if (threads != null) {
      threads.shutdown();
    }
  }

  /**
   * Takes no more tasks and waits until those that were given have run: also if the thread is
   * interrupted, where the executor's own close would drop them.
   */
  @Override
  public void close() {
    if (threads == null) {
      return;
    }
    threads.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS)) {
          break;
        }
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
