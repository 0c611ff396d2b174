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
 * From which nodes the kernel takes memory: for a thread, or for a range of addresses.
 *
 * <p>A policy is a value; it has an effect once applied, and then on pages not yet touched. A
 * thread's policy reaches all it allocates, the Java heap's fresh pages included, so {@link
 * #apply()} gives a scope that puts back what was there; threads started within it inherit it. For
 * memory of one's own {@link NumaArena} is the better way. A virtual thread has no policy of its
 * own and is refused.
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
    /** No policy: the thread's, or for a thread the system's, which is local. */
    DEFAULT(0),
    /** One node first, others when it is full. */
    PREFERRED(1),
    /** These nodes and no others. */
    BIND(2),
    /** Page by page over the nodes in turn. */
    INTERLEAVE(3),
    /** The node of the CPU that touches first. */
    LOCAL(4),
    /** These nodes first, others when they are full; Linux 5.15. */
    PREFERRED_MANY(5),
    /** Over the nodes in proportion to their weights; Linux 6.9. */
    WEIGHTED_INTERLEAVE(6),
    /** A mode this library does not know; it can be read and restored, not applied. */
    UNKNOWN(-1);

    private final int code;

    Mode(int code) {
      this.code = code;
    }

    /**
     * Returns the number the kernel knows the mode by.
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

  /** How a policy follows changes of the allowed nodes, or of access. */
  public enum Flag {
    /** Nodes are ids and stay so when the cpuset changes. */
    STATIC_NODES(1 << 15),
    /** Nodes are counted within the allowed ones, from 0. */
    RELATIVE_NODES(1 << 14),
    /** Pages may follow the CPUs that use them among the bound nodes; Linux 5.12. */
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

  /** What to do with pages of a range that lie elsewhere already. */
  public enum RangeOption {
    /** Fail when there are any. */
    STRICT(PolicyCalls.MF_STRICT),
    /** Move those that this process alone uses. */
    MOVE(PolicyCalls.MF_MOVE),
    /** Move shared ones too; needs CAP_SYS_NICE. */
    MOVE_ALL(PolicyCalls.MF_MOVE_ALL);

    private final int bit;

    RangeOption(int bit) {
      this.bit = bit;
    }
  }

  /** A thread's time under a policy, ended by {@link #close()} on the same thread. */
  public static final class Scope implements AutoCloseable {
    private final RestoreStack.Entry<PolicyCalls.Policy> entry;

    private Scope(RestoreStack.Entry<PolicyCalls.Policy> entry) {
      this.entry = entry;
    }

    /**
     * Puts the policy back that the thread had before, mode flags included; further calls do
     * nothing. Scopes may be closed in any order: the last leaves what was before the first.
     *
     * @throws IllegalStateException on another thread than the one that opened the scope
     * @throws NumaException when the kernel refuses
     */
    @Override
    public void close() {
      entry.close().ifPresent(saved -> setRaw(saved, "restore the thread's memory policy"));
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
   * Returns the absence of a policy.
   *
   * @return mode DEFAULT
   */
  public static MemoryPolicy standard() {
    return without(Mode.DEFAULT);
  }

  /**
   * Returns the policy to allocate where the touching thread runs.
   *
   * @return mode LOCAL
   */
  public static MemoryPolicy local() {
    return without(Mode.LOCAL);
  }

  /**
   * Returns the policy to allocate from one node as long as it has memory.
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
   * Returns the policy to allocate from some nodes as long as they have memory.
   *
   * @param nodes at least one node
   * @return mode PREFERRED_MANY
   * @throws IllegalArgumentException when {@code nodes} is empty
   */
  public static MemoryPolicy preferredMany(NodeSet nodes) {
    return of(Mode.PREFERRED_MANY, nodes);
  }

  /**
   * Returns the policy to allocate from these nodes and no others: when they are full the kernel
   * ends a process.
   *
   * @param nodes at least one node
   * @return mode BIND
   * @throws IllegalArgumentException when {@code nodes} is empty
   */
  public static MemoryPolicy bind(NodeSet nodes) {
    return of(Mode.BIND, nodes);
  }

  /**
   * Returns the policy to take pages from the nodes in turn.
   *
   * @param nodes at least one node
   * @return mode INTERLEAVE
   * @throws IllegalArgumentException when {@code nodes} is empty
   */
  public static MemoryPolicy interleave(NodeSet nodes) {
    return of(Mode.INTERLEAVE, nodes);
  }

  /**
   * Returns the policy to take pages from the nodes in proportion to the weights in {@code
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
   * Returns this policy with a flag more.
   *
   * @param flag the flag
   * @return a new policy
   * @throws IllegalArgumentException when the kernel has no such combination: both of STATIC_NODES
   *     and RELATIVE_NODES, or a flag on a mode without nodes
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
   * Returns what the policy does with its nodes.
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
   * Returns the nodes the policy names.
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
   * @return the policy of that range, or else of the calling thread
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
   * Reads the node from which the kernel takes the next page on behalf of the calling thread while
   * that interleaves.
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
  public Scope apply() {
    PolicyCalls.Policy before = raw("apply memory policy " + this);
    set();
    return new Scope(APPLIED.push(before));
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
   * @param range native memory starting on a page; its last page is taken whole
   * @param options what to do with pages that lie elsewhere; without any they stay
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
      bits |= option.bit;
    }
    bindRaw(address, range.byteSize(), bits, operation);
  }

  void bindRaw(long address, long lengthBytes, int flagBits, String operation) {
    try {
      PolicyCalls.bind(address, lengthBytes, toRaw(), flagBits);
    } catch (ErrnoException e) {
      throw NumaException.of(operation, e, PolicyHints.of(e));
    }
  }

  /**
   * Sets the node that a range's BIND or PREFERRED_MANY policy takes memory from first; Linux 5.17.
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

  /** Refuses nodes that the kernel would drop in silence as long as another one remains. */
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

  private static void setRaw(PolicyCalls.Policy policy, String operation) {
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
