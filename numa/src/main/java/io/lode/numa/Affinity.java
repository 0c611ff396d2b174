package io.lode.numa;

import io.lode.numa.internal.Errno;
import io.lode.numa.internal.ErrnoException;
import io.lode.numa.internal.IdSet;
import io.lode.numa.internal.RestoreStack;
import io.lode.numa.internal.ThreadCalls;

/**
 * The CPUs on which threads may run.
 *
 * <p>The mask belongs to an operating-system thread. A virtual thread has none of its own and would
 * set its carrier's, so every call that reads or sets the caller's mask refuses one with an {@link
 * IllegalStateException}. Threads started by a pinned thread inherit its mask, and executors start
 * their threads lazily: start them before pinning, or use {@link NodeThreads}.
 */
public final class Affinity {
  private static final RestoreStack<IdSet> PINNED = new RestoreStack<>();

  private Affinity() {}

  /**
   * The period in which a thread is pinned to some CPUs; {@link #close()} on the same thread ends
   * it.
   *
   * <p>Scopes nest and may be closed in any order; closing the last one restores the mask from
   * before the first.
   */
  public static final class Scope implements AutoCloseable {
    private final CpuSet cpus;
    private final RestoreStack.Entry<IdSet> entry;

    private Scope(CpuSet cpus, RestoreStack.Entry<IdSet> entry) {
      this.cpus = cpus;
      this.entry = entry;
    }

    /**
     * Returns the CPUs that the thread was pinned to.
     *
     * @return the CPUs, never empty
     */
    public CpuSet cpus() {
      return cpus;
    }

    /**
     * Restores the thread's previous mask; further calls do nothing.
     *
     * @throws IllegalStateException on another thread than the one that opened the scope
     * @throws NumaException when the kernel refuses, for example because those CPUs have gone
     *     offline
     */
    @Override
    public void close() {
      entry.close().ifPresent(saved -> set(0, CpuSet.of(saved), "unpin thread to"));
    }
  }

  /**
   * Returns the CPUs that the calling thread may run on.
   *
   * @return the online CPUs of its mask, never empty
   * @throws IllegalStateException in a virtual thread
   * @throws NumaException when the kernel refuses
   */
  public static CpuSet current() {
    PlatformThread.require("read the CPU affinity");
    return read(0);
  }

  /**
   * Returns the CPUs that a thread may run on.
   *
   * @param tid the kernel's thread id, of this or another process, at least 1
   * @return the online CPUs of its mask
   * @throws IllegalArgumentException when {@code tid} is not positive
   * @throws NumaException when there is no such thread
   */
  public static CpuSet of(int tid) {
    return read(requireTid(tid));
  }

  /**
   * Returns the CPUs that the process's first thread may run on: those that the process got from
   * its parent, whatever its other threads have been pinned to since.
   *
   * @return the online CPUs of its mask
   * @throws NumaException when the kernel refuses
   */
  public static CpuSet ofProcess() {
    return read(Math.toIntExact(ProcessHandle.current().pid()));
  }

  /**
   * Restricts a thread to these CPUs, until changed again.
   *
   * @param tid the kernel's thread id, at least 1
   * @param cpus at least one CPU, each online and allowed to the thread
   * @throws IllegalArgumentException when {@code tid} is not positive or {@code cpus} is empty
   * @throws NumaException when there is no such thread, it belongs to another user, or a CPU is not
   *     allowed; the mask is then unchanged
   */
  public static void set(int tid, CpuSet cpus) {
    requireTid(tid);
    CpuSet before = read(tid);
    setExactly(tid, cpus, before);
  }

  /**
   * Restricts the calling thread to these CPUs until the scope is closed.
   *
   * @param cpus at least one CPU, each online and allowed to the thread
   * @return the scope, to be closed by the same thread
   * @throws IllegalArgumentException when {@code cpus} is empty
   * @throws IllegalStateException in a virtual thread
   * @throws NumaException when a CPU is not online or not allowed; the mask is then unchanged
   */
  public static Scope pin(CpuSet cpus) {
    PlatformThread.require("pin to CPUs " + cpus);
    CpuSet before = read(0);
    setExactly(0, cpus, before);
    return new Scope(cpus, PINNED.push(before.ids()));
  }

  static void pinForLife(CpuSet cpus) {
    setExactly(0, cpus, read(0));
  }

  /**
   * Restricts the calling thread to the CPUs of some nodes until the scope is closed.
   *
   * @param nodes online nodes, each with CPUs
   * @return the scope; its CPUs are those of the nodes that the cpuset allows
   * @throws IllegalArgumentException when {@code nodes} is empty, or a node is not online or has no
   *     CPUs
   * @throws IllegalStateException in a virtual thread
   * @throws NumaException when the cpuset allows none of the CPUs; the mask is then unchanged
   */
  public static Scope pinToNodes(NodeSet nodes) {
    String operation = "pin to the CPUs of nodes " + nodes;
    PlatformThread.require(operation);
    Topology topology = Topology.snapshot();
    if (nodes.isEmpty() || !topology.nodesWithCpus().containsAll(nodes)) {
      throw new IllegalArgumentException(
          operation + ": choose among the nodes with CPUs: " + topology.nodesWithCpus());
    }
    CpuSet before = read(0);
    set(0, topology.cpusOf(nodes), operation + ":");
    return new Scope(read(0), PINNED.push(before.ids()));
  }

  /**
   * Returns the nodes on whose CPUs the calling thread may run.
   *
   * @return the nodes, empty on a kernel without NUMA
   * @throws IllegalStateException in a virtual thread
   * @throws NumaException when the kernel refuses
   */
  public static NodeSet currentNodes() {
    return Topology.snapshot().nodesOf(current());
  }

  /**
   * Returns the CPU that the calling thread runs on; it may have moved to another by the time this
   * returns.
   *
   * @return the CPU's id
   * @throws NumaException when the kernel cannot tell
   */
  public static int currentCpu() {
    try {
      return ThreadCalls.currentCpu();
    } catch (ErrnoException e) {
      throw NumaException.of("find the current CPU", e);
    }
  }

  /**
   * Returns the kernel's id of the calling thread; in a virtual thread, that of its carrier.
   *
   * @return the id
   * @throws NumaException when native calls are not available
   */
  public static int currentTid() {
    try {
      return ThreadCalls.currentTid();
    } catch (ErrnoException e) {
      throw NumaException.of("find the current thread id", e);
    }
  }

  private static int requireTid(int tid) {
    if (tid <= 0) {
      throw new IllegalArgumentException("thread id " + tid + " must be at least 1");
    }
    return tid;
  }

  private static CpuSet read(int tid) {
    try {
      return CpuSet.of(ThreadCalls.affinity(tid));
    } catch (ErrnoException e) {
      throw NumaException.of("read the CPU affinity of " + name(tid), e);
    }
  }

  private static void setExactly(int tid, CpuSet cpus, CpuSet before) {
    if (cpus.isEmpty()) {
      throw new IllegalArgumentException("pinning needs at least one CPU; current: " + before);
    }
    set(tid, cpus, "pin " + name(tid) + " to");
    CpuSet effective = read(tid);
    // The kernel drops CPUs that are offline or outside the cpuset and reports success.
    if (!effective.equals(cpus)) {
      set(tid, before, "unpin " + name(tid) + " to");
      throw new NumaException(
          "pin "
              + name(tid)
              + " to CPUs "
              + cpus
              + ": of these only "
              + effective
              + " are online and allowed by the cpuset",
          Errno.EINVAL);
    }
  }

  private static void set(int tid, CpuSet cpus, String operation) {
    try {
      ThreadCalls.setAffinity(tid, cpus.ids());
    } catch (ErrnoException e) {
      String operationWithCpus = operation + " CPUs " + cpus;
      if (e.errno() != Errno.EINVAL) {
        throw NumaException.of(operationWithCpus, e);
      }
      CpuSet online = Topology.snapshot().onlineCpus();
      throw NumaException.of(
          operationWithCpus, e, "choose from the CPUs of the cpuset that are online: " + online);
    }
  }

  private static String name(int tid) {
    return tid == 0 ? "thread \"" + Thread.currentThread().getName() + "\"" : "thread " + tid;
  }
}
