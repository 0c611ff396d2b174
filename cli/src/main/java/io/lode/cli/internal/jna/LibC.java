package io.lode.cli.internal.jna;

import com.sun.jna.Library;
import com.sun.jna.StringArray;
import org.jspecify.annotations.Nullable;

/**
 * The C library's calls that replace this process by another: exec(3), fcntl(2), sigprocmask(2).
 */
interface LibC extends Library {
  /** Replaces the process by {@code file}, searched on PATH; returns only on failure, with -1. */
  int execvp(String file, StringArray argv);

  /** Sets the flags of a descriptor; 0 or -1. */
  int fcntl(int fd, int command, int flags);

  /** Sets the calling thread's blocked signals; 0 or an error number. */
  int pthread_sigmask(int how, long[] set, long @Nullable [] old);
}
