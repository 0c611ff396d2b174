package io.lode.bench.locality;

import io.lode.numa.Affinity;
import io.lode.numa.CpuSet;
import io.lode.numa.NodeThreads;
import io.lode.numa.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * A thread on each CPU of a node. Before and after every measurement the kernel is asked where the
 * thread runs; an answer other than its CPU ends the run.
 */
final class PlacedCrew implements AutoCloseable {
  private final int node;
  private final List<Integer> cpus;
  private final List<ExecutorService> threads = new ArrayList<>();
  private long verified;

  PlacedCrew(int node, CpuSet cpus) {
    this.node = node;
    this.cpus = cpus.stream().boxed().toList();
    Topology topology = Topology.snapshot();
    for (int cpu : this.cpus) {
      if (topology.nodeOfCpu(cpu).orElse(node) != node) {
        throw new IllegalStateException("CPU " + cpu + " is not on node " + node);
      }
      threads.add(NodeThreads.onCpus(CpuSet.of(cpu), "node-" + node + "-cpu-").newExecutor(1));
    }
  }

  int node() {
    return node;
  }

  int size() {
    return threads.size();
  }

  List<Integer> cpus() {
    return cpus;
  }

  /** How often the kernel was asked where a thread is, and said what it should. */
  long verified() {
    return verified;
  }

  /** Runs something on one of the threads. */
  <T> T on(int number, Callable<T> task) throws InterruptedException {
    Future<T> future =
        threads
            .get(number)
            .submit(() -> {
              requirePlaced(number);
              T result = task.call();
              requirePlaced(number);
              return result;
            });
    T result = result(future);
    verified += 2;
    return result;
  }

  /** Runs a kernel on each of the first threads, all in the same time. */
  List<Rate> run(List<Kernel> kernels, long warmUpNanos, long nanos) throws InterruptedException {
    List<Future<Rate>> running = new ArrayList<>();
    long start = System.nanoTime();
    for (int number = 0; number < kernels.size(); number++) {
      Kernel kernel = kernels.get(number);
      int own = number;
      running.add(
          threads
              .get(number)
              .submit(() -> {
                requirePlaced(own);
                Rate rate = Rate.of(kernel, start + warmUpNanos, nanos);
                requirePlaced(own);
                return rate;
              }));
    }
    List<Rate> rates = new ArrayList<>();
    for (Future<Rate> future : running) {
      rates.add(result(future));
      verified += 2;
    }
    return rates;
  }

  private void requirePlaced(int number) {
    int cpu = cpus.get(number);
    int found = Affinity.currentCpu();
    if (found != cpu || !Affinity.current().equals(CpuSet.of(cpu))) {
      throw new IllegalStateException(
          "thread " + Thread.currentThread().getName() + " runs on CPU " + found + ", not " + cpu);
    }
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
