package io.lode.store;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A store that could not do what was asked, one kind for each thing a caller can do about it. The
 * message names the pool, the offset where there is one, and what to do; it never holds a key or a
 * value.
 */
public abstract sealed class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final long NO_OFFSET = -1;

  private final String pool;
  private final long offset;

  private StoreException(String pool, long offset, String message, @Nullable Throwable cause) {
    super(pool + (offset == NO_OFFSET ? "" : " at offset " + offset) + ": " + message, cause);
    this.pool = pool;
    this.offset = offset;
  }

  /**
   * Returns the pool this is about.
   *
   * @return its path, or a description where it has none
   */
  public final String pool() {
    return pool;
  }

  /**
   * Returns where in the pool.
   *
   * @return bytes from the start of the device, empty if no place is meant
   */
  public final OptionalLong offset() {
    return offset == NO_OFFSET ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  /** The pool has no room for the record; nothing was written. */
  public static final class Full extends StoreException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param pool the pool's path
     * @param message what did not fit, and what to do
     */
    public Full(String pool, String message) {
      super(pool, NO_OFFSET, message, null);
    }
  }

  /** Bytes that were written once no longer have their checksum, or cannot be read at all. */
  public static final class Damaged extends StoreException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param pool the pool's path
     * @param offset the first damaged byte from the start of the device, -1 if none can be named
     * @param message what is damaged, and what to do
     */
    public Damaged(String pool, long offset, String message) {
      super(pool, offset, message, null);
    }
  }

  /** The pool is open elsewhere. */
  public static final class Locked extends StoreException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param pool the pool's path
     * @param message who may hold it, and what to do
     */
    public Locked(String pool, String message) {
      super(pool, NO_OFFSET, message, null);
    }
  }

  /** What is there is not a pool; it was not touched. */
  public static final class Foreign extends StoreException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param pool the path
     * @param message what was found instead, and what to do
     */
    public Foreign(String pool, String message) {
      super(pool, NO_OFFSET, message, null);
    }
  }

  /** The pool was written by a version whose format this one does not know; it was not touched. */
  public static final class Newer extends StoreException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param pool the pool's path
     * @param message both versions, and what to do
     */
    public Newer(String pool, String message) {
      super(pool, NO_OFFSET, message, null);
    }
  }

  /** The pool's format is older than the first that was released; it was not touched. */
  public static final class Older extends StoreException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param pool the pool's path
     * @param message both versions, and what to do
     */
    public Older(String pool, String message) {
      super(pool, NO_OFFSET, message, null);
    }
  }

  /** A pool is there, and not the one that was required; it was not touched. */
  public static final class OtherPool extends StoreException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param pool the pool's path
     * @param message both pools' ids, and what to do
     */
    public OtherPool(String pool, String message) {
      super(pool, NO_OFFSET, message, null);
    }
  }

  /** Nothing is there. */
  public static final class Missing extends StoreException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param pool the path
     * @param message what is missing, and what to do
     * @param cause what the operating system said, if it was asked
     */
    public Missing(String pool, String message, @Nullable Throwable cause) {
      super(pool, NO_OFFSET, message, cause);
    }
  }

  /**
   * The pool cannot be written: its file, its file system or the caller's rights forbid it, or it
   * was opened to be only read.
   */
  public static final class ReadOnly extends StoreException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param pool the pool's path
     * @param message what forbids it, and what to do
     * @param cause what the operating system said, if it was asked
     */
    public ReadOnly(String pool, String message, @Nullable Throwable cause) {
      super(pool, NO_OFFSET, message, cause);
    }
  }

  /**
   * A persist failed earlier, so the store no longer knows what is durable: it takes no writes
   * until it is opened again. Reads go on.
   */
  public static final class Poisoned extends StoreException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param pool the pool's path
     * @param message what failed, and what to do
     * @param cause the first failure
     */
    public Poisoned(String pool, String message, @Nullable Throwable cause) {
      super(pool, NO_OFFSET, message, cause);
    }
  }

  /** The operating system or the medium refused an operation. */
  public static final class Io extends StoreException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param pool the pool's path
     * @param message the operation, and what to do
     * @param cause what the operating system said
     */
    public Io(String pool, String message, @Nullable Throwable cause) {
      super(pool, NO_OFFSET, message, cause);
    }
  }
}
