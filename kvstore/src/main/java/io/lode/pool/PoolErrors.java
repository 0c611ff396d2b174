package io.lode.pool;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.store.StoreException;
import java.util.function.Supplier;

/** Translates errors of the operating system and the medium into {@link StoreException}s. */
final class PoolErrors {
  private static final int EPERM = 1;
  private static final int ENOENT = 2;
  private static final int EACCES = 13;
  private static final int EROFS = 30;
  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;

  private PoolErrors() {}

  /** Runs an operation of the pmem module and translates its failure. */
  static <T> T translate(String pool, Supplier<T> operation) {
    try {
      return operation.get();
    } catch (PmemException failure) {
      throw translated(pool, failure);
    }
  }

  /**
   * Writes headers, and translates the errors of the medium: a failed persist, or a page that
   * cannot be written, which the JVM reports as an error and compiled code delivers late.
   */
  static void write(String pool, Runnable action) {
    try {
      action.run();
      GuardedRead.deliverPendingFault();
    } catch (PmemException failure) {
      throw translated(pool, failure);
    } catch (InternalError fault) {
      GuardedRead.discardPendingFaults();
      throw new StoreException.Io(
          pool, "a page cannot be written; restore the pool from a copy", fault);
    }
  }

  /**
   * Tells whether the file system has no room.
   *
   * @return true for {@code ENOSPC} and {@code EDQUOT}
   */
  static boolean isNoRoom(PmemException failure) {
    int errno = failure.errno().orElse(0);
    return errno == ENOSPC || errno == EDQUOT;
  }

  /** Closes after a failure that is the more important one. */
  static void closeAfter(Throwable failure, AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception suppressed) {
      failure.addSuppressed(suppressed);
    }
  }

  static StoreException translated(String pool, PmemException failure) {
    String said = String.valueOf(failure.getMessage());
    if (failure.error() == PmemError.INVALID_FILE_TYPE) {
      return new StoreException.Foreign(pool, "cannot hold a pool; nothing was changed. " + said);
    }
    if (failure.error() == PmemError.NO_ACCESS) {
      return readOnly(pool, failure);
    }
    return switch (failure.errno().orElse(0)) {
      case ENOENT ->
          new StoreException.Missing(pool, "is not there; create the pool first", failure);
      case EPERM, EACCES, EROFS -> readOnly(pool, failure);
      case ENOSPC, EDQUOT -> new StoreException.Full(pool, "the file system has no room. " + said);
      default -> new StoreException.Io(pool, said, failure);
    };
  }

  private static StoreException readOnly(String pool, PmemException failure) {
    return new StoreException.ReadOnly(
        pool,
        "may not be written; a pool needs a file, a file system and rights that allow it. "
            + failure.getMessage(),
        failure);
  }
}
