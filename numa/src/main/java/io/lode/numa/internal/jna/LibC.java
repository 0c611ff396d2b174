package io.lode.numa.internal.jna;

import org.jspecify.annotations.Nullable;

/**
 * The C library's calls on threads and mappings, for 64-bit Linux, where Java's {@code long} is
 * C's.
 *
 * <p>Man pages sched_setaffinity(2), getcpu(2), mmap(2), mremap(2), madvise(2), mlock(2),
 * syscall(2).
 */
public interface LibC {
  /** Returns the calling thread's id. */
  int gettid();

  /** Returns the CPU the caller runs on, or -1. */
  int sched_getcpu();

  /** Fills {@code mask} with the CPUs of thread {@code pid}, 0 for the caller; 0 or -1. */
  int sched_getaffinity(int pid, long maskBytes, long[] mask);

  /** Restricts thread {@code pid} to {@code mask}; 0 or -1. */
  int sched_setaffinity(int pid, long maskBytes, long[] mask);

  /** Returns the page size. */
  int getpagesize();

  /** Maps memory; returns its address, or -1. */
  long mmap(long addr, long length, int prot, int flags, int fd, long offset);

  /** Removes the mappings in a range; 0 or -1. */
  int munmap(long addr, long length);

  /** Resizes a mapping, moving it if {@code flags} allow; returns its address, or -1. */
  long mremap(long oldAddress, long oldSize, long newSize, int flags);

  /** Advises about, or populates, a range; 0 or -1. */
  int madvise(long addr, long length, int advice);

  /** Locks a range in memory; 0 or -1. */
  int mlock(long addr, long length);

  /** {@code get_mempolicy} by number. */
  long syscall(long number, int[] mode, long[] nodemask, long maxnode, long addr, long flags);

  /** {@code set_mempolicy} by number. */
  long syscall(long number, long mode, long @Nullable [] nodemask, long maxnode);

  /** {@code mbind} by number. */
  long syscall(
      long number,
      long addr,
      long len,
      long mode,
      long @Nullable [] nodemask,
      long maxnode,
      long flags);

  /** {@code migrate_pages} by number. */
  long syscall(long number, long pid, long maxnode, long[] oldNodes, long[] newNodes);

  /** {@code move_pages} by number. */
  long syscall(
      long number,
      long pid,
      long count,
      long @Nullable [] pages,
      int @Nullable [] nodes,
      int @Nullable [] status,
      long flags);

  /** {@code set_mempolicy_home_node} by number. */
  long syscall(long number, long start, long len, long homeNode, long flags);
}
