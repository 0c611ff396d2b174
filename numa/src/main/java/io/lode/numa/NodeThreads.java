package io.lode.numa;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes platform threads that run on chosen CPUs from their first instruction, for life.
 *
 * <p>A thread gets its mask while it is started, so a refusal reaches whoever starts it and no task
 * runs elsewhere. The mask and, when given, the memory policy are the started thread's alone: the
 * starter's are as before. Threads that a task starts itself inherit them. Threads are daemons.
 * Safe for use by many threads.
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
   * Makes a thread, not yet started. Its {@code start} throws {@link NumaException} when the kernel
   * refuses the CPUs or the policy; it has then not run.
   *
   * @param task what it runs
   * @return the thread
   */
  @Override
  public Thread newThread(Runnable task) {
    return new PlacedThread(task, namePrefix + started.getAndIncrement());
  }

  /**
   * Makes an executor of such threads; they are started as tasks come, by whoever submits them.
   *
   * @param threadCount how many threads at most, at least 1
   * @return the executor, to be shut down by the caller
   * @throws IllegalArgumentException when {@code threadCount} is not positive
   */
  public ExecutorService newExecutor(int threadCount) {
    return Executors.newFixedThreadPool(threadCount, this);
  }

  /** A thread that inherits its mask and policy from a starter that has them for that moment. */
  private final class PlacedThread extends Thread {
    private PlacedThread(Runnable task, String name) {
      super(task, name);
      setDaemon(true);
    }

    @Override
    public void start() {
      if (Thread.currentThread().isVirtual()) {
        startFromPlatformThread();
      } else {
        startPlaced();
      }
    }

    private void startPlaced() {
      try (Affinity.Scope _ = Affinity.pin(cpus)) {
        if (policy.isPresent()) {
          try (MemoryPolicy.Scope _ = policy.get().apply()) {
            super.start();
          }
        } else {
          super.start();
        }
      }
    }

    private void startFromPlatformThread() {
      var starter = new Starter(this);
      Thread helper = Thread.ofPlatform().daemon().name(getName() + "-start").start(starter);
      boolean interrupted = false;
      while (helper.isAlive()) {
        try {
          helper.join();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      RuntimeException failure = starter.failure;
      if (failure != null) {
        throw failure;
      }
    }
  }

  /** Starts one thread on behalf of a virtual thread, which has no mask to lend. */
  private static final class Starter implements Runnable {
    private final PlacedThread thread;
    private volatile @Nullable RuntimeException failure;

    private Starter(PlacedThread thread) {
      this.thread = thread;
    }

    @Override
    public void run() {
      try {
        thread.startPlaced();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
  }
}
