package io.lode.numa.internal;

import io.lode.numa.internal.jna.LibC;
import io.lode.numa.internal.jna.NativeLibraries;

/** The kernel's calls on a thread's CPUs; failures are {@link ErrnoException}s. */
public final class ThreadCalls {
  // The first size fits every distribution's kernel (NR_CPUS 8192); for others it grows.
  private static final int FIRST_WORDS = 8192 / 64;
  private static final int MAX_WORDS = (IdSet.MAX_ID + 1) / 64;

  private ThreadCalls() {}

  /** Returns the calling thread's id. */
  public static int currentTid() throws ErrnoException {
    return CLibrary.require().gettid();
  }

  /** Returns the CPU the calling thread is running on. */
  public static int currentCpu() throws ErrnoException {
    int cpu = CLibrary.require().sched_getcpu();
    if (cpu < 0) {
      throw new ErrnoException("sched_getcpu()", NativeLibraries.errno());
    }
    return cpu;
  }

  /** Returns the CPUs that thread {@code tid}, 0 for the caller, may run on. */
  public static IdSet affinity(int tid) throws ErrnoException {
    LibC c = CLibrary.require();
    for (int words = FIRST_WORDS; ; words *= 2) {
      long[] mask = new long[words];
      if (c.sched_getaffinity(tid, words * 8L, mask) >= 0) {
        return IdSet.ofWords(mask);
      }
      int errno = NativeLibraries.errno();
      if (errno != Errno.EINVAL || words >= MAX_WORDS) {
        throw new ErrnoException("sched_getaffinity(" + tid + ")", errno);
      }
    }
  }

  /** Restricts thread {@code tid}, 0 for the caller, to {@code cpus}. */
  public static void setAffinity(int tid, IdSet cpus) throws ErrnoException {
    long[] mask = cpus.toWords(1);
    if (CLibrary.require().sched_setaffinity(tid, mask.length * 8L, mask) != 0) {
      throw new ErrnoException(
          "sched_setaffinity(" + tid + ", {" + cpus + "})", NativeLibraries.errno());
    }
  }
}
