package io.lode.kv.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The last two entries that a stripe was given, on their way to their buckets. Readers look here
 * first, at the newest first, as entries move from the newest to the older to the buckets.
 *
 * <p>One thread at a time changes it; others read the slots meanwhile.
 */
@SuppressWarnings({"FieldMayBeFinal", "UnusedVariable"}) // used by their handles, without fences
final class Staging {
  private static final VarHandle NEWEST = handle("newest");
  private static final VarHandle OLDER = handle("older");

  private long newest;
  private long older;
  private long newestHash;
  private long olderHash;
  private byte[] newestKey = {};
  private byte[] olderKey = {};

  private static VarHandle handle(String field) {
    try {
      return MethodHandles.lookup().findVarHandle(Staging.class, field, long.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  /** Returns the slot of the newest entry, {@link Bucket#FREE} if there is none. */
  long newest() {
    return (long) NEWEST.getAcquire(this);
  }

  /** Returns the slot of the entry before the newest, {@link Bucket#FREE} if there is none. */
  long older() {
    return (long) OLDER.getAcquire(this);
  }

  long olderHash() {
    return olderHash;
  }

  /** Returns the key of the older entry, until another one is added. */
  byte[] olderKey() {
    return olderKey;
  }

  /**
   * Stages an entry. The newest becomes the older one; the previous older one must already be in
   * its bucket.
   */
  void add(long hash, byte[] key, long slot) {
    age();
    if (newestKey.length != key.length) {
      newestKey = new byte[key.length];
    }
    System.arraycopy(key, 0, newestKey, 0, key.length);
    newestHash = hash;
    NEWEST.setRelease(this, slot);
  }

  /**
   * Makes the newest entry the older one, and stages none; the previous older one must already be
   * in its bucket.
   */
  void age() {
    byte[] free = olderKey;
    olderKey = newestKey;
    olderHash = newestHash;
    OLDER.setRelease(this, newest);
    newestKey = free;
    NEWEST.setRelease(this, Bucket.FREE);
  }
}
