package io.lode.numa;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes platform threads that run on chosen CPUs for life.
 *
 * <p>A thread takes its CPUs, and its memory policy when one is given, before its task begins; no
 * task runs elsewhere, and whoever starts the thread keeps what it had. Threads that a task starts
 * itself inherit both; that holds also for the worker or carrier that a pool starts because the
 * task submitted to it or woke a virtual thread, so hand results over where that matters. Threads
 * are daemons. Safe for use by many threads.
 */
public final class NodeThreads implements ThreadFactory {
  private final CpuSet cpus;
  private final String namePrefix;
  private final Optional<MemoryPolicy> policy;
  private final AtomicLong started = new AtomicLong();

  private NodeThreads(CpuSet cpus, String namePrefix, Optional<MemoryPolicy> policy) {
    this.cpus = cpus;
    this.namePrefix = namePrefix;
    this.policy = policy;
  }

  /**
   * Makes threads for some CPUs.
   *
   * @param cpus at least one CPU
   * @param namePrefix what the threads' names begin with; a number from 0 follows
   * @return the factory
   * @throws IllegalArgumentException when {@code cpus} is empty
   */
  public static NodeThreads onCpus(CpuSet cpus, String namePrefix) {
    if (cpus.isEmpty()) {
      throw new IllegalArgumentException("threads \"" + namePrefix + "\" need at least one CPU");
    }
    return new NodeThreads(cpus, namePrefix, Optional.empty());
  }

  /**
   * Makes threads for the CPUs of one node that the process may run on.
   *
   * @param node an online node with CPUs
   * @return the factory; names begin with {@code node-} and the id
   * @throws IllegalArgumentException when the node is not online or has no CPUs for this process
   */
  public static NodeThreads onNode(int node) {
    Topology topology = Topology.snapshot();
    CpuSet cpus = topology.cpusOf(NodeSet.of(node)).intersect(Affinity.ofProcess());
    if (cpus.isEmpty()) {
      throw new IllegalArgumentException(
          "node "
              + node
              + " has no CPUs that this process may run on; nodes with CPUs: "
              + topology.nodesWithCpus());
    }
    return onCpus(cpus, "node-" + node + "-");
  }

  /**
   * Returns a factory whose threads also have a memory policy.
   *
   * @param memoryPolicy the policy; without one threads inherit their starter's
   * @return a new factory
   */
  public NodeThreads withMemoryPolicy(MemoryPolicy memoryPolicy) {
    return new NodeThreads(cpus, namePrefix, Optional.of(memoryPolicy));
  }

  /**
   * Returns the CPUs of the threads.
   *
   * @return the CPUs
   */
  public CpuSet cpus() {
    return cpus;
  }

  /**
   * Makes a thread, not yet started, once the kernel has granted its CPUs and policy to another.
   *
   * <p>Should they be taken away before it starts, the task is not run and the thread ends with the
   * {@link NumaException}, as its uncaught exception.
   *
   * @param task what it runs
   * @return the thread
   * @throws NumaException when the kernel refuses the CPUs or the policy
   * @throws IllegalArgumentException when a node of the policy is not allowed
   */
  @Override
  public Thread newThread(Runnable task) {
    requireGranted();
    return new PlacedThread(this::place, task, namePrefix + started.getAndIncrement());
  }

  /**
   * Makes an executor of such threads; they are started as tasks come.
   *
   * <p>Submitting throws {@link NumaException} when the kernel refuses the CPUs or the policy to a
   * new thread.
   *
   * @param threadCount how many threads at most, at least 1
   * @return the executor, to be shut down by the caller
   * @throws IllegalArgumentException when {@code threadCount} is not positive
   */
  public ExecutorService newExecutor(int threadCount) {
    return new PlacedExecutor(threadCount, this);
  }

  /** Pins the calling thread for life. */
  private void place() {
    Affinity.pinForLife(cpus);
    policy.ifPresent(MemoryPolicy::set);
  }

  /** Tries on a thread that ends at once, so that neither the caller nor a task is in between. */
  private void requireGranted() {
    PlatformThread.call(
        "lode-numa-trial",
        () -> {
          place();
          return true;
        });
  }
}
