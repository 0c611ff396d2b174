package io.lode.pmem.internal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lode.pmem.PmemException;
import io.lode.pmem.internal.jna.LibC;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntFunction;

/**
 * A file descriptor, owned or borrowed, whose number is used only while it is open. Thread safe:
 * closing waits for the calls in progress, so no call ever uses a number that the kernel has given
 * to another file.
 */
public final class Descriptor implements AutoCloseable {
  private static final int NONE = -1;

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final String place;
  private final boolean owned;
  private final boolean writable;

  // Written under the write lock, read under either: Error Prone accepts any access to what a lock
  // of this kind guards, so the annotation is for readers.

  @GuardedBy("lock")
  private int fd;

  @GuardedBy("lock")
  private int lockFd = NONE;

  @GuardedBy("lock")
  private boolean open = true;

  Descriptor(int fd, String place, boolean owned, boolean writable) {
    this.fd = fd;
    this.place = place;
    this.owned = owned;
    this.writable = writable;
  }

  /** Tells whether it is open for writing. */
  public boolean isWritable() {
    return writable;
  }

  /** Tells whether closing this closes the descriptor. */
  boolean isOwned() {
    return owned;
  }

  /**
   * Runs a call with the number.
   *
   * @param call the call
   * @throws IllegalStateException if closed
   */
  public <T> T use(IntFunction<T> call) {
    lock.readLock().lock();
    try {
      requireOpen();
      return call.apply(fd);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Runs a call with the number, unless this was closed.
   *
   * @param call the call
   * @param otherwise the result if it was
   */
  <T> T useIfOpen(IntFunction<T> call, T otherwise) {
    lock.readLock().lock();
    try {
      return open ? call.apply(fd) : otherwise;
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Returns the current status of the file.
   *
   * @param operation for the message
   */
  public FileStatus status(String operation) {
    return use(number -> FileStatus.of(number, operation, place));
  }

  /**
   * Takes a {@code flock(2)} lock until {@link #close}. One that is held stays as it is.
   *
   * @param kind {@link LibC#LOCK_EX} or {@link LibC#LOCK_SH}
   * @return false if another open file description holds one that excludes it
   * @throws PmemException a negative errno if the file system has no locks
   */
  public boolean tryLock(int kind) {
    lock.writeLock().lock();
    try {
      requireOpen();
      return lockFd != NONE || lockNow(kind);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private boolean lockNow(int kind) {
    LibC libc = SystemCalls.libc("lock");
    // A borrowed description is shared with its owner: a lock on it would outlive this source.
    int candidate = owned ? fd : reopen(libc, fd, writable, "lock", place);
    int errno = 0;
    do {
      errno = libc.flock(candidate, kind | LibC.LOCK_NB) == 0 ? 0 : SystemCalls.errno();
    } while (errno == Errno.EINTR.number());
    if (errno == 0) {
      lockFd = candidate;
      return true;
    }
    if (!owned) {
      libc.close(candidate);
    }
    if (errno == Errno.EAGAIN.number()) {
      return false;
    }
    throw Failures.errno("lock", place, errno);
  }

  /** Opens the file behind a descriptor once more, never another file that now has its name. */
  static int reopen(LibC libc, int fd, boolean writable, String operation, String place) {
    byte[] path = ("/proc/self/fd/" + fd + "\0").getBytes(StandardCharsets.US_ASCII);
    int mode = writable ? LibC.O_RDWR : LibC.O_RDONLY;
    int opened;
    do {
      opened = libc.open(path, mode | LibC.O_CLOEXEC, 0);
    } while (opened < 0 && SystemCalls.errno() == Errno.EINTR.number());
    if (opened >= 0) {
      return opened;
    }
    int errno = SystemCalls.errno();
    if (errno == Errno.ENOENT.number()) {
      throw Failures.errno(operation, place, errno, "mount /proc: it is needed to open safely");
    }
    throw Failures.errno(operation, place, errno);
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("source " + place + " is closed");
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!open) {
        return;
      }
      open = false;
      LibC libc = SystemCalls.libc("close");
      if (lockFd != NONE && lockFd != fd) {
        libc.close(lockFd);
      }
      if (owned) {
        libc.close(fd);
      }
      fd = NONE;
    } finally {
      lock.writeLock().unlock();
    }
  }
}
