package io.lode.store;

/**
 * A way in which the device that a pool was opened on differs from what the pool's header says of
 * it.
 *
 * @param kind what differs
 * @param description both states, as a sentence for people
 */
public record DeviceChange(Kind kind, String description) {
  /** What can differ. */
  public enum Kind {
    /**
     * The pool is on another namespace than the one where it was last opened. It was copied there,
     * or the namespace was made anew over the same bytes, which shows the pool that had been
     * destroyed with the old one: it may be an old state, or not the pool that is wanted.
     */
    NAMESPACE,

    /** The memory modules are others. */
    MEMORY_DEVICE,

    /** The device lost power before all that was flushed had arrived. */
    UNSAFE_SHUTDOWN,

    /** The device is larger than the pool, which leaves the rest unused. Nothing else is meant. */
    LARGER;

    /**
     * Tells whether everything in the pool is verified on opening when this has changed.
     *
     * @return false where only the size differs
     */
    public boolean needsVerification() {
      return this != LARGER;
    }
  }
}
