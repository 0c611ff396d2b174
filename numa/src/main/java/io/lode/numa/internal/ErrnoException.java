package io.lode.numa.internal;

/** A kernel call that failed, with its name and its error number. */
public final class ErrnoException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /** Creates the failure of {@code call}. */
  public ErrnoException(String call, int errno) {
    super(call + " gave " + Errno.name(errno) + " (" + errno + ")");
    this.errno = errno;
  }

  /** Creates the failure of a call that could not be made at all. */
  public static ErrnoException unavailable(String why) {
    return new ErrnoException(why);
  }

  private ErrnoException(String why) {
    super(why);
    this.errno = 0;
  }

  /** Returns the error number, 0 when the call could not be made. */
  public int errno() {
    return errno;
  }
}
