package io.lode.numa.internal;

import io.lode.numa.internal.jna.NativeLibraries;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's memory-policy calls with masks of the right size; failures are {@link
 * ErrnoException}s.
 */
public final class PolicyCalls {
  /** {@code mbind}: fail when pages lie elsewhere. */
  public static final int MF_STRICT = 1;

  /** {@code mbind}, {@code move_pages}: move pages that only this process uses. */
  public static final int MF_MOVE = 2;

  /** {@code mbind}, {@code move_pages}: move shared pages too. */
  public static final int MF_MOVE_ALL = 4;

  private static final int F_NODE = 1;
  private static final int F_ADDR = 2;
  private static final int F_MEMS_ALLOWED = 4;

  // The kernel writes all of its node mask, at most 1024 bits today, and refuses a shorter one.
  private static final int READ_WORDS = 64;

  private PolicyCalls() {}

  /**
   * A policy in the kernel's terms.
   *
   * @param mode the mode with its flags, {@code MPOL_*}
   * @param nodes the nodes it names
   */
  public record Policy(int mode, IdSet nodes) {}

  /** Returns the calling thread's policy. */
  public static Policy ofThread() throws ErrnoException {
    return get(0, 0);
  }

  /** Returns the policy of the page at {@code address}. */
  public static Policy at(long address) throws ErrnoException {
    return get(address, F_ADDR);
  }

  /** Returns the node of the page at {@code address}, which is faulted in for reading. */
  public static int nodeAt(long address) throws ErrnoException {
    return get(address, F_NODE | F_ADDR).mode();
  }

  /**
   * Returns the node of the next page that the interleaving calling thread allocates in the kernel.
   */
  public static int nextInterleaveNode() throws ErrnoException {
    return get(0, F_NODE).mode();
  }

  /** Returns the nodes that the calling thread may name in a policy. */
  public static IdSet memsAllowed() throws ErrnoException {
    return get(0, F_MEMS_ALLOWED).nodes();
  }

  private static Policy get(long address, int flags) throws ErrnoException {
    int[] mode = new int[1];
    long[] mask = new long[READ_WORDS];
    // maxnode counts one more bit than is used, so this many bits fill the words exactly.
    long result =
        NumaLibrary.instance()
            .require()
            .get_mempolicy(mode, mask, mask.length * 64L, address, flags);
    check(result, "get_mempolicy");
    return new Policy(mode[0], IdSet.ofWords(mask));
  }

  /** Sets the calling thread's policy. */
  public static void setThread(Policy policy) throws ErrnoException {
    long[] mask = mask(policy.nodes());
    check(
        NumaLibrary.instance().require().set_mempolicy(policy.mode(), mask, maxnode(mask)),
        "set_mempolicy");
  }

  /** Sets the policy of the pages from {@code address} on. */
  public static void bind(long address, long lengthBytes, Policy policy, int flags)
      throws ErrnoException {
    long[] mask = mask(policy.nodes());
    long result =
        NumaLibrary.instance()
            .require()
            .mbind(address, lengthBytes, policy.mode(), mask, maxnode(mask), flags);
    check(result, "mbind");
  }

  /** Sets the node to allocate from first in ranges that already have a policy. */
  public static void setHomeNode(long address, long lengthBytes, int node) throws ErrnoException {
    long result =
        CLibrary.require()
            .syscall(SyscallNuma.SET_MEMPOLICY_HOME_NODE, address, lengthBytes, (long) node, 0L);
    check(result, "set_mempolicy_home_node");
  }

  /** Moves the pages of a process, 0 for this one; returns how many could not be moved. */
  public static long migrate(int pid, IdSet from, IdSet to) throws ErrnoException {
    int words = Math.max(from.toWords(1).length, to.toWords(1).length);
    long result =
        NumaLibrary.instance()
            .require()
            .migrate_pages(pid, words * 64L + 1, from.toWords(words), to.toWords(words));
    return check(result, "migrate_pages");
  }

  /**
   * Moves pages to nodes, or with {@code nodes} null finds their nodes; returns how many could not
   * be moved.
   */
  public static long movePages(
      int pid, long[] pages, int @Nullable [] nodes, int[] status, int flags)
      throws ErrnoException {
    long result =
        NumaLibrary.instance().require().move_pages(pid, pages.length, pages, nodes, status, flags);
    return check(result, "move_pages");
  }

  private static long check(long result, String call) throws ErrnoException {
    if (result < 0) {
      throw new ErrnoException(call, NativeLibraries.errno());
    }
    return result;
  }

  private static long @Nullable [] mask(IdSet nodes) {
    return nodes.isEmpty() ? null : nodes.toWords(1);
  }

  // The kernel reads one bit fewer than maxnode says.
  private static long maxnode(long @Nullable [] mask) {
    return mask == null ? 0 : mask.length * 64L + 1;
  }
}
