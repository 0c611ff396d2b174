package io.lode.numa;

import io.lode.numa.internal.ErrnoException;
import io.lode.numa.internal.IdSet;
import io.lode.numa.internal.Mappings;
import io.lode.numa.internal.NumaLibrary;
import io.lode.numa.internal.PolicyCalls;
import java.util.EnumMap;
import java.util.Map;

/**
 * The NUMA capabilities of this machine, kernel and container, each with a reason.
 *
 * <p>There is no single answer to "is NUMA available": a container may show the topology and forbid
 * the policies, or let them be read and not set. Every capability was tried, not derived from a
 * version; the trials leave no effect behind.
 *
 * @param topology whether sysfs shows nodes
 * @param policyRead whether memory policies can be read
 * @param policyWrite whether memory policies can be set, for threads and ranges
 * @param movePages whether pages can be located and moved
 * @param migratePages whether a process's pages can be moved between nodes
 * @param homeNode whether ranges can have a home node
 * @param libnuma whether libnuma is in use; nothing depends on it
 * @param modes whether a thread's policy can use a mode, by mode
 * @param membindBalancing whether BIND can be combined with NUMA_BALANCING
 */
public record Numa(
    Capability topology,
    Capability policyRead,
    Capability policyWrite,
    Capability movePages,
    Capability migratePages,
    Capability homeNode,
    Capability libnuma,
    Map<MemoryPolicy.Mode, Capability> modes,
    Capability membindBalancing) {

  /**
   * One thing that this machine can or cannot do.
   *
   * @param isAvailable whether it works
   * @param reason how that was established, or why it does not work
   */
  public record Capability(boolean isAvailable, String reason) {}

  /** A kernel call to try. */
  private interface Trial {
    void run() throws ErrnoException;
  }

  /**
   * A scope in which a thread is bound to the CPUs and memory of some nodes; the same thread closes
   * it.
   *
   * @param affinity the scope of the CPU mask
   * @param policy the scope of the memory policy
   */
  public record Binding(Affinity.Scope affinity, PolicyScope policy) implements AutoCloseable {
    /** Restores the thread's previous mask and policy. */
    @Override
    public void close() {
      try (affinity) {
        policy.close();
      }
    }
  }

  /**
   * Tries each capability.
   *
   * @return the capabilities
   */
  public static Numa probe() {
    // On its own thread, because trying a mode sets it.
    return PlatformThread.call("lode-numa-probe", Numa::tryAll);
  }

  private static Numa tryAll() {
    Capability read = attempt("get_mempolicy", PolicyCalls::ofThread);
    Capability write =
        attempt(
            "set_mempolicy with mbind",
            () -> {
              PolicyCalls.setThread(PolicyCalls.ofThread());
              PolicyCalls.bind(0, 0, new PolicyCalls.Policy(0, IdSet.EMPTY), 0);
            });
    Map<MemoryPolicy.Mode, Capability> modes = new EnumMap<>(MemoryPolicy.Mode.class);
    for (MemoryPolicy.Mode mode : MemoryPolicy.Mode.values()) {
      if (mode != MemoryPolicy.Mode.UNKNOWN) {
        modes.put(mode, tryMode(mode, 0));
      }
    }
    NumaLibrary library = NumaLibrary.instance();
    return new Numa(
        topologyCapability(),
        read,
        write,
        attempt("move_pages", () -> PolicyCalls.movePages(0, new long[0], null, new int[0], 0)),
        attempt(
            "migrate_pages", () -> PolicyCalls.migrate(0, IdSet.EMPTY, PolicyCalls.memsAllowed())),
        attempt("set_mempolicy_home_node", Numa::tryHomeNode),
        new Capability(library.isLibnuma(), library.reason()),
        Map.copyOf(modes),
        tryMode(MemoryPolicy.Mode.BIND, MemoryPolicy.Flag.NUMA_BALANCING.bit()));
  }

  private static Capability topologyCapability() {
    try {
      Topology topology = Topology.snapshot();
      return topology.nodes().isEmpty()
          ? new Capability(false, "sysfs shows no nodes: a kernel without NUMA, or no /sys")
          : new Capability(true, "sysfs shows nodes " + topology.onlineNodes());
    } catch (NumaException e) {
      return new Capability(false, String.valueOf(e.getMessage()));
    }
  }

  private static Capability tryMode(MemoryPolicy.Mode mode, int flagBits) {
    return attempt(
        "set_mempolicy(" + mode + ")",
        () -> {
          boolean nodeless = mode == MemoryPolicy.Mode.DEFAULT || mode == MemoryPolicy.Mode.LOCAL;
          IdSet nodes = nodeless ? IdSet.EMPTY : PolicyCalls.memsAllowed();
          PolicyCalls.setThread(new PolicyCalls.Policy(mode.code() | flagBits, nodes));
        });
  }

  private static void tryHomeNode() throws ErrnoException {
    int node = PolicyCalls.memsAllowed().first().orElse(0);
    PolicyCalls.setHomeNode(0, 0, node);
  }

  private static Capability attempt(String what, Trial trial) {
    try {
      trial.run();
      return new Capability(true, what + " was tried and works");
    } catch (ErrnoException e) {
      return new Capability(false, NumaException.describe(what, e));
    }
  }

  /**
   * Tells whether a thread's policy can use a mode on this machine.
   *
   * @param mode any mode
   * @return whether it can, and why not
   */
  public Capability mode(MemoryPolicy.Mode mode) {
    return modes.getOrDefault(mode, new Capability(false, mode + " cannot be applied"));
  }

  /**
   * Binds the calling thread to the CPUs and the memory of some nodes until the scope is closed.
   *
   * <p>Binds both or neither: C's {@code numa_bind} leaves the memory bound when the CPUs are
   * refused, this method does not. Fresh pages of the Java heap come from these nodes too, and when
   * the nodes are full, the kernel kills a process: prefer pinning, with {@link NumaArena} for
   * memory.
   *
   * @param nodes online nodes with CPUs and memory
   * @return the scope
   * @throws IllegalArgumentException when a node has no CPUs or no memory
   * @throws IllegalStateException in a virtual thread
   * @throws NumaException when the kernel refuses
   */
  public static Binding bind(NodeSet nodes) {
    Affinity.Scope affinity = Affinity.pinToNodes(nodes);
    boolean bound = false;
    try {
      Binding binding = new Binding(affinity, MemoryPolicy.bind(nodes).apply());
      bound = true;
      return binding;
    } finally {
      if (!bound) {
        affinity.close();
      }
    }
  }

  /**
   * Returns the size of a page of memory.
   *
   * @return bytes, a power of two
   */
  public static long pageSizeBytes() {
    return Mappings.pageSizeBytes();
  }

  /**
   * Returns the default size of a huge page.
   *
   * @return bytes, 0 when the kernel has no huge page pool
   */
  public static long hugePageSizeBytes() {
    return Mappings.hugePageSizeBytes();
  }
}
