package io.lode.numa.internal.jna;

import com.sun.jna.Library;

/**
 * The C library's calls on threads and mappings; 64-bit Linux, so that {@code long} is C's.
 *
 * <p>Man pages sched_setaffinity(2), getcpu(2), mmap(2), mremap(2), madvise(2), mlock(2),
 * syscall(2).
 */
public interface LibC extends Library {
  /** Returns the calling thread's id. */
  int gettid();

  /** Returns the CPU the caller runs on, or -1. */
  int sched_getcpu();

  /** Fills {@code mask} with the CPUs of thread {@code pid}, 0 for the caller; 0 or -1. */
  int sched_getaffinity(int pid, long maskBytes, long[] mask);

  /** Lets thread {@code pid} run on {@code mask} alone; 0 or -1. */
  int sched_setaffinity(int pid, long maskBytes, long[] mask);

  /** Returns the bytes of a page. */
  int getpagesize();
}
