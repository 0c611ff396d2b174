package io.lode.numa;

import io.lode.numa.internal.Errno;
import io.lode.numa.internal.ErrnoException;

/**
 * A placement call that the kernel refused, or a machine description that makes no sense.
 *
 * <p>The message names the operation, its arguments, the kernel's answer and what to do about it.
 */
public final class NumaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /**
   * Creates an exception.
   *
   * @param message the operation, its arguments, the kernel's answer and what to do
   * @param errno the Linux error number, 0 where none applies
   */
  public NumaException(String message, int errno) {
    super(message);
    this.errno = errno;
  }

  NumaException(String message, Throwable cause) {
    super(message, cause);
    this.errno = 0;
  }

  static NumaException of(String operation, ErrnoException cause) {
    return of(operation, cause, hint(cause.errno()));
  }

  static NumaException of(String operation, ErrnoException cause, String whatToDo) {
    return new NumaException(describe(operation, cause, whatToDo), cause.errno());
  }

  /** Says what failed and what to do, for an exception or a capability's reason. */
  static String describe(String operation, ErrnoException cause) {
    return describe(operation, cause, hint(cause.errno()));
  }

  private static String describe(String operation, ErrnoException cause, String whatToDo) {
    String separator = whatToDo.isEmpty() ? "" : "; ";
    return operation + ": " + cause.getMessage() + separator + whatToDo;
  }

  private static String hint(int errno) {
    return switch (errno) {
      case Errno.EPERM ->
          "a container's seccomp profile, a missing CAP_SYS_NICE or another user's process may be"
              + " the cause; Numa.probe() tells which calls are permitted";
      case Errno.ENOSYS -> "this kernel is built without the call";
      case Errno.ESRCH -> "no such thread or process";
      case Errno.ENOMEM -> "not enough memory on the nodes asked for, or a limit is reached";
      default -> "";
    };
  }

  /**
   * Returns the Linux error number.
   *
   * @return the number, 0 where none applies
   */
  public int errno() {
    return errno;
  }
}
