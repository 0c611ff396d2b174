package io.lode.numa.internal;

/**
 * Linux error numbers that these calls return, as in {@code asm-generic/errno-base.h} and {@code
 * asm-generic/errno.h}.
 */
public final class Errno {
  /** Not permitted. */
  public static final int EPERM = 1;

  /** No such file, page or policy. */
  public static final int ENOENT = 2;

  /** No such thread or process. */
  public static final int ESRCH = 3;

  /** Interrupted by a signal. */
  public static final int EINTR = 4;

  /** Pages could not be moved. */
  public static final int EIO = 5;

  /** Try again. */
  public static final int EAGAIN = 11;

  /** Not enough memory. */
  public static final int ENOMEM = 12;

  /** Page shared or set of nodes not allowed. */
  public static final int EACCES = 13;

  /** Bad address. */
  public static final int EFAULT = 14;

  /** Page busy. */
  public static final int EBUSY = 16;

  /** No such node. */
  public static final int ENODEV = 19;

  /** Invalid argument. */
  public static final int EINVAL = 22;

  /** Call not built into the kernel. */
  public static final int ENOSYS = 38;

  /** Not supported for this kind of memory. */
  public static final int EOPNOTSUPP = 95;

  private Errno() {}

  /** Returns the symbolic name of a number, for messages. */
  public static String name(int errno) {
    return switch (errno) {
      case EPERM -> "EPERM";
      case ENOENT -> "ENOENT";
      case ESRCH -> "ESRCH";
      case EIO -> "EIO";
      case EAGAIN -> "EAGAIN";
      case ENOMEM -> "ENOMEM";
      case EACCES -> "EACCES";
      case EFAULT -> "EFAULT";
      case EBUSY -> "EBUSY";
      case ENODEV -> "ENODEV";
      case EINVAL -> "EINVAL";
      case ENOSYS -> "ENOSYS";
      case EOPNOTSUPP -> "EOPNOTSUPP";
      default -> "error";
    };
  }
}
