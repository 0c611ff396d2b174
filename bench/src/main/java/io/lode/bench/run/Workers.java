package io.lode.bench.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Numbered threads that run one task at a time each. Used by one thread. */
public final class Workers implements AutoCloseable {
  private final List<ExecutorService> threads;

  /** Takes executors of one thread each, which closing shuts down. */
  public Workers(List<ExecutorService> threads) {
    this.threads = List.copyOf(threads);
  }

  /** Returns the number of threads. */
  public int size() {
    return threads.size();
  }

  /** Runs a task on one of the threads and waits for its result. */
  public <T> T on(int number, Callable<T> task) throws InterruptedException {
    return result(threads.get(number).submit(task));
  }

  /** Runs the tasks at the same time, on as many of the first threads. */
  public <T> List<T> all(List<Callable<T>> tasks) throws InterruptedException {
    List<Future<T>> running = new ArrayList<>();
    for (int number = 0; number < tasks.size(); number++) {
      running.add(threads.get(number).submit(tasks.get(number)));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> future : running) {
      results.add(result(future));
    }
    return results;
  }

  private static <T> T result(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException own) {
        throw own;
      }
      throw new IllegalStateException(String.valueOf(failure.getCause()), failure.getCause());
    }
  }

  @Override
  public void close() {
    threads.forEach(ExecutorService::shutdown);
  }
}
