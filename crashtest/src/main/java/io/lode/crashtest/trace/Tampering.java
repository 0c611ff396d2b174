package io.lode.crashtest.trace;

/**
 * A fault that is planted at one place of the code under test, to see whether it is noticed.
 *
 * @param kind what is done wrong
 * @param place where, as {@link Site#place} names it
 */
public record Tampering(Kind kind, String place) {
  /** Nothing is done wrong. */
  public static final Tampering NONE = new Tampering(Kind.NOTHING, "");

  /** What can be done wrong. */
  public enum Kind {
    /** Nothing. */
    NOTHING,
    /** A flush is left out. */
    DROP_FLUSH,
    /** A fence is left out. */
    DROP_FENCE,
    /** A fence comes only when the operation has returned. */
    EARLY_RETURN,
    /** A store comes only after the next fence. */
    DELAY_STORE,
    /** A store of 8 bytes is made as two of 4. */
    SPLIT_STORE,
    /** A store with an order becomes a plain one. */
    PLAIN_STORE,
    /** A store is left out. */
    DROP_STORE
  }

  boolean is(Kind wanted, Site site) {
    return kind == wanted && place.equals(site.place());
  }
}
