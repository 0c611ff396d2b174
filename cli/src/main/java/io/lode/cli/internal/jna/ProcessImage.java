package io.lode.cli.internal.jna;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.Native;
import com.sun.jna.StringArray;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The program that this process executes.
 *
 * <p>Replacing it keeps the process id, the streams, the terminal, the calling thread's CPUs and
 * its memory policy, and leaves no JVM behind, so signals and the exit status need not be
 * forwarded.
 */
public final class ProcessImage {
  // Linux, asm-generic/errno-base.h and asm-generic/errno.h.
  private static final int ENOENT = 2;
  private static final int E2BIG = 7;
  private static final int ENOEXEC = 8;
  private static final int EACCES = 13;
  private static final int ENOTDIR = 20;
  // Linux, asm-generic/fcntl.h and asm-generic/signal-defs.h.
  private static final int F_SETFD = 2;
  private static final int FD_CLOEXEC = 1;
  private static final int SIG_SETMASK = 2;
  // The C library's set has 1024 bits, of which the kernel uses the first 64.
  private static final int SIGNAL_SET_WORDS = 16;
  private static final String BLOCKED = "SigBlk:";

  private ProcessImage() {}

  /**
   * Becomes another program; returns only if that fails.
   *
   * @param command the program, searched on PATH, and its arguments
   * @param closed the open files that it must not inherit
   * @throws NoSuchFileException when there is no such program
   * @throws IOException when it cannot be executed, or native calls are not available
   */
  public static void replaceBy(List<String> command, List<Integer> closed) throws IOException {
    LibC c;
    try {
      c = Native.load("c", LibC.class);
    } catch (LinkageError unavailable) {
      throw new IOException(
          "run " + command.getFirst() + ": native calls are not available: " + unavailable,
          unavailable);
    }
    String program = command.getFirst();
    var arguments = new StringArray(command.toArray(String[]::new), UTF_8.name());
    for (int descriptor : closed) {
      c.fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    }
    long[] before = new long[SIGNAL_SET_WORDS];
    c.pthread_sigmask(SIG_SETMASK, signalsBlockedAtStart(), before);
    c.execvp(program, arguments);
    int errno = Native.getLastError();
    c.pthread_sigmask(SIG_SETMASK, before, null);
    throw failure(program, errno);
  }

  /**
   * Returns the signals that were blocked when the process started. The JVM blocks SIGQUIT in its
   * own threads, and a mask survives exec; the first thread, which only waits, still has the
   * original mask.
   */
  private static long[] signalsBlockedAtStart() throws IOException {
    long[] set = new long[SIGNAL_SET_WORDS];
    long pid = ProcessHandle.current().pid();
    for (String line : Files.readAllLines(Path.of("/proc/self/task/" + pid + "/status"))) {
      if (line.startsWith(BLOCKED)) {
        set[0] = Long.parseUnsignedLong(line.substring(BLOCKED.length()).strip(), 16);
      }
    }
    return set;
  }

  private static IOException failure(String program, int errno) {
    return switch (errno) {
      case ENOENT, ENOTDIR -> new NoSuchFileException(program);
      case EACCES -> new FileSystemException(program, null, "executing it is not permitted");
      case ENOEXEC ->
          new FileSystemException(program, null, "it is neither a program nor a script");
      case E2BIG ->
          new FileSystemException(program, null, "the arguments are too many or too long");
      default -> new FileSystemException(program, null, "it cannot be executed: errno " + errno);
    };
  }
}
