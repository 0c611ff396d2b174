package io.lode.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Works a list off on all processors. */
final class Parallel {
  private Parallel() {}

  /** What is done with one. */
  @FunctionalInterface
  interface Work<T> {
    void run(T item) throws IOException;
  }

  /** Works all items off, however long it takes; returns how many were. */
  static <T> long count(List<T> items, Work<T> work) throws IOException {
    return count(items, System.nanoTime() + TimeUnit.DAYS.toNanos(1), work);
  }

  /** Works items off until the time is over; returns how many were. */
  static <T> long count(List<T> items, long deadlineNanos, Work<T> work) throws IOException {
    AtomicInteger next = new AtomicInteger();
    AtomicLong done = new AtomicLong();
    List<Future<?>> workers = new ArrayList<>();
    int threads = Runtime.getRuntime().availableProcessors();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < threads; i++) {
        workers.add(
            executor.submit(() -> {
              int item = next.getAndIncrement();
              while (item < items.size() && System.nanoTime() - deadlineNanos < 0) {
                work.run(items.get(item));
                done.incrementAndGet();
                item = next.getAndIncrement();
              }
              return null;
            }));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    } catch (ExecutionException failure) {
      throw new IOException("a worker failed", failure.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
    return done.get();
  }
}
