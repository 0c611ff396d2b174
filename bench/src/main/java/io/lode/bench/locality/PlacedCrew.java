package io.lode.bench.locality;

import io.lode.bench.locality.Kernels.Kernel;
import io.lode.bench.run.Workers;
import io.lode.numa.Affinity;
import io.lode.numa.CpuSet;
import io.lode.numa.NodeThreads;
import io.lode.numa.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;

/**
 * A thread on each CPU of a node. Before and after every measurement the kernel is asked where the
 * thread runs; an answer other than its CPU ends the run.
 */
final class PlacedCrew implements AutoCloseable {
  private final int node;
  private final List<Integer> cpus;
  private final Workers threads;
  private long verified;

  PlacedCrew(int node, CpuSet cpus) {
    this.node = node;
    this.cpus = cpus.stream().boxed().toList();
    Topology topology = Topology.snapshot();
    List<ExecutorService> executors = new ArrayList<>();
    for (int cpu : this.cpus) {
      if (topology.nodeOfCpu(cpu).orElse(node) != node) {
        throw new IllegalStateException("CPU " + cpu + " is not on node " + node);
      }
      executors.add(NodeThreads.onCpus(CpuSet.of(cpu), "node-" + node + "-cpu-").newExecutor(1));
    }
    threads = new Workers(executors);
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

  /** Returns how often the kernel was asked where a thread is, and said its CPU. */
  long verified() {
    return verified;
  }

  /** Runs something on one of the threads. */
  <T> T on(int number, Callable<T> task) throws InterruptedException {
    T result = threads.on(number, placed(number, task));
    verified += 2;
    return result;
  }

  /** Runs a kernel on each of the first threads, all in the same time. */
  List<Rate> run(List<Kernel> kernels, long warmUpNanos, long nanos) throws InterruptedException {
    List<Callable<Rate>> tasks = new ArrayList<>();
    long start = System.nanoTime();
    for (int number = 0; number < kernels.size(); number++) {
      Kernel kernel = kernels.get(number);
      tasks.add(placed(number, () -> Rate.of(kernel, start + warmUpNanos, nanos)));
    }
    List<Rate> rates = threads.all(tasks);
    verified += 2L * rates.size();
    return rates;
  }

  private <T> Callable<T> placed(int number, Callable<T> task) {
    return () -> {
      requirePlaced(number);
      T result = task.call();
      requirePlaced(number);
      return result;
    };
  }

  private void requirePlaced(int number) {
    int cpu = cpus.get(number);
    int found = Affinity.currentCpu();
    if (found != cpu || !Affinity.current().equals(CpuSet.of(cpu))) {
      throw new IllegalStateException(
          "thread %s runs on CPU %d, not %d"
              .formatted(Thread.currentThread().getName(), found, cpu));
    }
  }

  @Override
  public void close() {
    threads.close();
  }
}
