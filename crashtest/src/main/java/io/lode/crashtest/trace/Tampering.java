package io.lode.crashtest.trace;

/**
 * A fault planted at one place of the code under test, to see whether it is detected.
 *
 * @param kind the kind of fault
 * @param place its place, as named by {@link Site#place}
 */
public record Tampering(Kind kind, String place) {
  /** No fault. */
  public static final Tampering NONE = new Tampering(Kind.NOTHING, "");

  /** The kinds of faults. */
  public enum Kind {
    /** Nothing. */
    NOTHING,
    /** A flush is omitted. */
    DROP_FLUSH,
    /** A fence is omitted. */
    DROP_FENCE,
    /** A fence is delayed until the operation has returned. */
    EARLY_RETURN,
    /** A store is delayed until after the next fence. */
    DELAY_STORE,
    /** A store of 8 bytes is split into two of 4. */
    SPLIT_STORE,
    /** An ordered store becomes a plain one. */
    PLAIN_STORE,
    /** A store is omitted. */
    DROP_STORE
  }

  boolean is(Kind wanted, Site site) {
    return kind == wanted && place.equals(site.place());
  }
}
