package io.lode.numa.internal.jna;

import org.jspecify.annotations.Nullable;

/**
 * The memory-policy calls that libnuma exports, as in its {@code numaif.h}; 0 or more, or -1 with
 * an error number.
 *
 * <p>Only these functions of libnuma are bound: the others hide failures, print, or end the process
 * on bad arguments, and everything they compute comes from sysfs and from these calls.
 */
public interface LibNuma {
  /** Reads a policy, a page's node or the allowed nodes. */
  long get_mempolicy(int[] mode, long[] nodemask, long maxnode, long addr, int flags);

  /** Sets the calling thread's policy. */
  long set_mempolicy(int mode, long @Nullable [] nodemask, long maxnode);

  /** Sets the policy of a range of addresses. */
  long mbind(long addr, long len, int mode, long @Nullable [] nodemask, long maxnode, int flags);

  /** Moves a process's pages between sets of nodes. */
  long migrate_pages(int pid, long maxnode, long[] oldNodes, long[] newNodes);

  /** Moves or finds single pages. */
  long move_pages(
      int pid,
      long count,
      long @Nullable [] pages,
      int @Nullable [] nodes,
      int @Nullable [] status,
      int flags);
}
