package io.lode.numa;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Creates platform threads that are pinned to chosen CPUs for life.
 *
 * <p>A thread sets its CPU mask, and its memory policy if one is given, before its task begins: no
 * task runs elsewhere, and the starting thread's own placement does not change. Threads that a task
 * starts inherit both. So do pool workers and virtual-thread carriers that are started because the
 * task submitted work or woke a virtual thread; where that matters, hand results over to another
 * thread first. Threads are daemons. Safe for use by many threads.
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
   * Creates a factory of threads on these CPUs.
   *
   * @param cpus at least one CPU
   * @param namePrefix prefix of the threads' names; a number, counted from 0, follows
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
   * Creates a factory of threads on those CPUs of a node that the process may run on.
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
   * @param memoryPolicy the policy; without one, threads inherit that of the thread that starts
   *     them
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
   * Creates an unstarted thread, after checking on a trial thread that the kernel grants the CPUs
   * and the policy.
   *
   * <p>If they are withdrawn before the thread starts, its task does not run and the thread ends
   * with the {@link NumaException} as its uncaught exception.
   *
   * @param task the thread's task
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
   * Creates an executor of such threads, which are started as tasks arrive.
   *
   * <p>Submitting throws {@link NumaException} when the kernel refuses the CPUs or the policy to a
   * new thread.
   *
   * @param threadCount the maximum number of threads, at least 1
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

  /**
   * Tries the placement on a short-lived thread, so that neither the caller nor a task is affected.
   */
  private void requireGranted() {
    PlatformThread.call(
        "lode-numa-trial",
        () -> {
          place();
          return true;
        });
  }
}
