package io.lode.kv.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How far a stripe of an index has grown. One thread at a time changes it; others read {@link
 * #state} and {@link #size} meanwhile.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time changes it
final class Stripe {
  /** One more compaction in the state. */
  private static final long COMPACTED = 1L << 32;

  private static final VarHandle SIZE = sizeHandle();

  /**
   * The number of buckets in the low half. The high half counts how often entries were pulled out
   * of overflow buckets. A reader that found nothing looks again if either has changed.
   */
  private volatile long state;

  @SuppressWarnings({"FieldMayBeFinal", "UnusedVariable"}) // used by its handle, without fences
  private long size;

  Stripe(int bucketCount) {
    state = bucketCount;
  }

  private static VarHandle sizeHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(Stripe.class, "size", long.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  long state() {
    return state;
  }

  static int bucketCount(long state) {
    return (int) state;
  }

  int bucketCount() {
    return bucketCount(state());
  }

  /** Sets the number of buckets of a stripe without entries, and how many it is going to have. */
  void reserve(int bucketCount, long entries) {
    state = bucketCount;
    grow(entries);
  }

  /** A bucket was added; readers may be sent to it. */
  void splitDone() {
    state++;
  }

  /** Entries were copied to where readers find them sooner. */
  void compacted() {
    state += COMPACTED;
  }

  long size() {
    return (long) SIZE.getOpaque(this);
  }

  void grow(long entries) {
    assert size() + entries >= 0 : entries + " of " + size();
    SIZE.setOpaque(this, size() + entries);
  }
}
