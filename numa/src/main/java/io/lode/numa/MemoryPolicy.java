package io.lode.numa;

import io.lode.numa.internal.Errno;
import io.lode.numa.internal.ErrnoException;
import io.lode.numa.internal.PolicyCalls;
import io.lode.numa.internal.RestoreStack;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The nodes from which the kernel takes memory for a thread or a range of addresses.
 *
 * <p>A policy is a value. It takes effect when applied, and only for pages that have not been
 * touched yet. A thread's policy covers everything the thread allocates, including fresh pages of
 * the Java heap, so {@link #apply()} returns a scope that restores the previous policy; threads
 * started within the scope inherit the policy. To place memory of your own, prefer {@link
 * NumaArena}. A virtual thread has no policy of its own and is refused.
 *
 * <p>Modes and flags are those of set_mempolicy(2).
 */
public final class MemoryPolicy {
  private static final RestoreStack<PolicyCalls.Policy> APPLIED = new RestoreStack<>();

  private final Mode mode;
  private final Set<Flag> flags;
  private final NodeSet nodes;

  /** What a policy does with its nodes. */
  public enum Mode {
    /**
     * No policy of its own: a range follows the thread's, a thread the system's, which is local.
     */
    DEFAULT(0),
    /** One node first, others when it is full. */
    PREFERRED(1),
    /** These nodes and no others. */
    BIND(2),
    /** Round-robin over the nodes, page by page. */
    INTERLEAVE(3),
    /** The node of the CPU that touches the page first. */
    LOCAL(4),
    /** These nodes first, others when they are full; since Linux 5.15. */
    PREFERRED_MANY(5),
    /** Spread over the nodes in proportion to their weights; since Linux 6.9. */
    WEIGHTED_INTERLEAVE(6),
    /** A mode this library does not know; it can be read and restored, but not applied. */
    UNKNOWN(-1);

    private final int code;

    Mode(int code) {
      this.code = code;
    }

    /**
     * Returns the kernel's number for the mode.
     *
     * @return the {@code MPOL_*} number, -1 for {@link #UNKNOWN}
     */
    public int code() {
      return code;
    }

    private static Mode of(int code) {
      for (Mode mode : values()) {
        if (mode.code == code && mode != UNKNOWN) {
          return mode;
        }
      }
      return UNKNOWN;
    }
  }

  /** How a policy reacts to changes of the allowed nodes or of the access pattern. */
  public enum Flag {
    /** Nodes are physical ids and are not remapped when the cpuset changes. */
    STATIC_NODES(1 << 15),
    /** Nodes are relative to the allowed ones, counted from 0. */
    RELATIVE_NODES(1 << 14),
    /**
     * Pages may migrate among the bound nodes to follow the CPUs that use them; since Linux 5.12.
     */
    NUMA_BALANCING(1 << 13);

    private static final int ALL = 7 << 13;

    private final int bit;

    int bit() {
      return bit;
    }

    Flag(int bit) {
      this.bit = bit;
    }
  }

  private MemoryPolicy(Mode mode, Set<Flag> flags, NodeSet nodes) {
    this.mode = mode;
    this.flags = flags;
    this.nodes = nodes;
  }

  private static MemoryPolicy of(Mode mode, NodeSet nodes) {
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("mode " + mode + " needs at least one node");
    }
    return new MemoryPolicy(mode, EnumSet.noneOf(Flag.class), nodes);
  }

  private static MemoryPolicy without(Mode mode) {
    return new MemoryPolicy(mode, EnumSet.noneOf(Flag.class), NodeSet.empty());
  }

  /**
   * Returns mode DEFAULT, which removes a policy.
   *
   * @return mode DEFAULT
   */
  public static MemoryPolicy standard() {
    return without(Mode.DEFAULT);
  }

  /**
   * Returns the policy that allocates on the node of the touching thread.
   *
   * @return mode LOCAL
   */
  public static MemoryPolicy local() {
    return without(Mode.LOCAL);
  }

  /**
   * Returns the policy that allocates from one node as long as it has free memory.
   *
   * @param node the node's id, at least 0
   * @return mode PREFERRED
   * @throws IllegalArgumentException when {@code node} is negative; for -1 of C see {@link
   *     #local()}
   */
  public static MemoryPolicy preferred(int node) {
    return of(Mode.PREFERRED, NodeSet.of(node));
  }

  /**
   * Returns the policy that allocates from these nodes as long as they have free memory.
   *
   * @param nodes at least one node
   * @return mode PREFERRED_MANY
   * @throws IllegalArgumentException when {@code nodes} is empty
   */
  public static MemoryPolicy preferredMany(NodeSet nodes) {
    return of(Mode.PREFERRED_MANY, nodes);
  }

  /**
   * Returns the policy that allocates from these nodes only. When they are full, the kernel kills a
   * process.
   *
   * @param nodes at least one node
   * @return mode BIND
   * @throws IllegalArgumentException when {@code nodes} is empty
   */
  public static MemoryPolicy bind(NodeSet nodes) {
    return of(Mode.BIND, nodes);
  }

  /**
   * Returns the policy that takes pages from the nodes in turn.
   *
   * @param nodes at least one node
   * @return mode INTERLEAVE
   * @throws IllegalArgumentException when {@code nodes} is empty
   */
  public static MemoryPolicy interleave(NodeSet nodes) {
    return of(Mode.INTERLEAVE, nodes);
  }

  /**
   * Returns the policy that takes pages from the nodes in proportion to the weights in {@code
   * /sys/kernel/mm/mempolicy/weighted_interleave}.
   *
   * @param nodes at least one node
   * @return mode WEIGHTED_INTERLEAVE
   * @throws IllegalArgumentException when {@code nodes} is empty
   */
  public static MemoryPolicy weightedInterleave(NodeSet nodes) {
    return of(Mode.WEIGHTED_INTERLEAVE, nodes);
  }

  /**
   * Returns this policy with one more flag.
   *
   * @param flag the flag
   * @return a new policy
   * @throws IllegalArgumentException when the kernel does not accept the combination: both
   *     STATIC_NODES and RELATIVE_NODES, or a flag on a mode without nodes
   */
  public MemoryPolicy with(Flag flag) {
    EnumSet<Flag> more = EnumSet.of(flag);
    more.addAll(flags);
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("mode " + mode + " has no nodes and takes no " + flag);
    }
    if (more.contains(Flag.STATIC_NODES) && more.contains(Flag.RELATIVE_NODES)) {
      throw new IllegalArgumentException("STATIC_NODES and RELATIVE_NODES exclude each other");
    }
    return new MemoryPolicy(mode, more, nodes);
  }

  /**
   * Returns the policy's mode.
   *
   * @return the mode
   */
  public Mode mode() {
    return mode;
  }

  /**
   * Returns the policy's flags.
   *
   * @return the flags, often none
   */
  public Set<Flag> flags() {
    return Set.copyOf(flags);
  }

  /**
   * Returns the policy's nodes.
   *
   * @return the nodes, empty for DEFAULT and LOCAL
   */
  public NodeSet nodes() {
    return nodes;
  }

  /**
   * Reads the calling thread's policy.
   *
   * @return the policy; PREFERRED without nodes reads as LOCAL
   * @throws IllegalStateException in a virtual thread
   * @throws NumaException when the kernel refuses
   */
  public static MemoryPolicy current() {
    return of(raw("read the thread's memory policy"));
  }

  /**
   * Reads the policy that governs an address.
   *
   * @param segment native memory
   * @param offset bytes into it, at least 0 and less than its size
   * @return the policy of that range, or the calling thread's when the range has none
   * @throws IllegalArgumentException when the segment is on the heap
   * @throws IndexOutOfBoundsException when the offset is outside
   * @throws IllegalStateException when the segment is closed
   * @throws NumaException when the kernel refuses
   */
  public static MemoryPolicy at(MemorySegment segment, long offset) {
    String operation = "read the memory policy at offset " + offset;
    long address = NativeRange.address(segment, offset, operation);
    try {
      return of(PolicyCalls.at(address));
    } catch (ErrnoException e) {
      throw NumaException.of(operation, e);
    }
  }

  /**
   * Reads the nodes that the calling thread may name in a policy: those with memory in its cpuset.
   *
   * @return the nodes
   * @throws IllegalStateException in a virtual thread
   * @throws NumaException when the kernel refuses
   */
  public static NodeSet allowedNodes() {
    String operation = "read the allowed memory nodes";
    PlatformThread.require(operation);
    return AllowedNodes.of(operation);
  }

  /**
   * Reads the node that supplies the calling thread's next page while its policy interleaves.
   *
   * @return the node, absent when the thread's policy does not interleave
   * @throws IllegalStateException in a virtual thread
   * @throws NumaException when the kernel refuses
   */
  public static OptionalInt nextInterleaveNode() {
    String operation = "read the next interleave node";
    PlatformThread.require(operation);
    try {
      return OptionalInt.of(PolicyCalls.nextInterleaveNode());
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EINVAL) {
        return OptionalInt.empty();
      }
      throw NumaException.of(operation, e);
    }
  }

  /**
   * Makes this the calling thread's policy until the scope is closed.
   *
   * @return the scope, to be closed by the same thread
   * @throws IllegalArgumentException when a node is not allowed
   * @throws IllegalStateException in a virtual thread
   * @throws NumaException when the kernel refuses; the policy is then as before
   */
  public PolicyScope apply() {
    PolicyCalls.Policy before = raw("apply memory policy " + this);
    set();
    return new PolicyScope(APPLIED.push(before));
  }

  /**
   * Makes this the calling thread's policy for good; {@link #apply()} is the safer way.
   *
   * @throws IllegalArgumentException when a node is not allowed
   * @throws IllegalStateException in a virtual thread
   * @throws NumaException when the kernel refuses; the policy is then as before
   */
  public void set() {
    String operation = "apply memory policy " + this;
    PlatformThread.require(operation);
    requireApplicable(operation);
    setRaw(toRaw(), operation);
  }

  /**
   * Makes this the policy of a range of memory.
   *
   * <p>A policy places no DAX memory: a page of a device is where the device is. The kernel keeps
   * the policy all the same, and {@link #at} returns it. STRICT fails with EIO, with MOVE too, for
   * pages that are mapped by 2 MiB and are on another node, and succeeds for the same pages mapped
   * by 4 KiB, which the kernel passes over. {@link Pages#requireOn} tells where they are.
   *
   * @param range native memory starting on a page; its last page is included in full
   * @param options what to do with pages that lie elsewhere; by default they stay
   * @throws IllegalArgumentException when a node is not allowed or the range is on the heap or does
   *     not start on a page
   * @throws IllegalStateException when the range is closed
   * @throws NumaException when the kernel refuses, as with STRICT (EIO) when pages lie elsewhere
   */
  public void applyTo(MemorySegment range, RangeOption... options) {
    String operation = "apply memory policy " + this + " to " + range.byteSize() + " bytes";
    long address = NativeRange.pageAligned(range, operation);
    requireApplicable(operation);
    int bits = 0;
    for (RangeOption option : options) {
      bits |= option.bit();
    }
    bindRaw(address, range.byteSize(), bits, operation);
  }

  void bindRaw(long address, long lengthBytes, int flagBits, String operation) {
    try {
      PolicyCalls.bind(address, lengthBytes, toRaw(), flagBits);
    } catch (ErrnoException e) {
      String hint =
          e.errno() == Errno.EIO
              ? PolicyHints.ofPagesElsewhere(
                  e,
                  (flagBits & (RangeOption.MOVE.bit() | RangeOption.MOVE_ALL.bit())) != 0,
                  Pages.isOnDevice(address, lengthBytes))
              : PolicyHints.of(e);
      throw NumaException.of(operation, e, hint);
    }
  }

  /**
   * Sets the node from which a range's BIND or PREFERRED_MANY policy takes memory first; since
   * Linux 5.17.
   *
   * @param range native memory starting on a page, with such a policy
   * @param node an online node
   * @throws IllegalArgumentException when {@code node} is negative or the range is on the heap or
   *     does not start on a page
   * @throws IllegalStateException when the range is closed
   * @throws NumaException when the kernel refuses: ENOENT without a policy in the range, EOPNOTSUPP
   *     for another mode, EINVAL for a node that is not online
   */
  public static void setHomeNode(MemorySegment range, int node) {
    String operation = "set home node " + node + " of " + range.byteSize() + " bytes";
    NodeSet.of(node);
    long address = NativeRange.pageAligned(range, operation);
    try {
      PolicyCalls.setHomeNode(address, range.byteSize(), node);
    } catch (ErrnoException e) {
      throw NumaException.of(operation, e);
    }
  }

  /** Refuses nodes that the kernel would silently drop as long as another one remains. */
  void requireApplicable(String operation) {
    if (mode == Mode.UNKNOWN) {
      throw new IllegalArgumentException(operation + ": the mode is not known to this library");
    }
    if (nodes.isEmpty() || flags.contains(Flag.RELATIVE_NODES)) {
      return;
    }
    NodeSet allowed = AllowedNodes.of(operation);
    if (!allowed.containsAll(nodes)) {
      throw new IllegalArgumentException(
          operation
              + ": nodes "
              + nodes.minus(allowed)
              + " have no memory or are outside the cpuset; allowed: "
              + allowed);
    }
  }

  private static PolicyCalls.Policy raw(String operation) {
    PlatformThread.require(operation);
    try {
      return PolicyCalls.ofThread();
    } catch (ErrnoException e) {
      throw NumaException.of(operation, e);
    }
  }

  static void setRaw(PolicyCalls.Policy policy, String operation) {
    try {
      PolicyCalls.setThread(policy);
    } catch (ErrnoException e) {
      throw NumaException.of(operation, e, e.errno() == Errno.EINVAL ? PolicyHints.of(e) : "");
    }
  }

  private PolicyCalls.Policy toRaw() {
    int bits = mode.code;
    for (Flag flag : flags) {
      bits |= flag.bit;
    }
    return new PolicyCalls.Policy(bits, nodes.ids());
  }

  private static MemoryPolicy of(PolicyCalls.Policy policy) {
    EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);
    for (Flag flag : Flag.values()) {
      if ((policy.mode() & flag.bit) != 0) {
        flags.add(flag);
      }
    }
    Mode mode = Mode.of(policy.mode() & ~Flag.ALL);
    return new MemoryPolicy(mode, flags, NodeSet.of(policy.nodes()));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MemoryPolicy that
        && mode == that.mode
        && flags.equals(that.flags)
        && nodes.equals(that.nodes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(mode, flags, nodes);
  }

  /**
   * Returns the policy as text: {@code BIND|STATIC_NODES{0-1}}.
   *
   * @return mode, flags and nodes
   */
  @Override
  public String toString() {
    String names = flags.stream().map(flag -> "|" + flag).collect(Collectors.joining());
    return mode + names + "{" + nodes + "}";
  }
}
