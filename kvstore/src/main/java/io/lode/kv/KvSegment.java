package io.lode.kv;

/**
 * A segment of a store's pool, as {@link KvStore#segments} saw it.
 *
 * @param index its number, from 0, in the order of the medium
 * @param state what it is used for now
 * @param capacityBytes bytes that it has for records
 * @param usedBytes bytes of its records, live or not, padding included; 0 if it is free
 * @param liveBytes bytes of its records that can still be read
 * @param age how many changes were made since it was taken into use; 0 if it is free
 */
public record KvSegment(
    int index, State state, long capacityBytes, long usedBytes, long liveBytes, long age) {
  /** What a segment is used for. */
  public enum State {
    /** It holds nothing. */
    FREE,

    /** Records are written to it. */
    OPEN,

    /** It is full, and will be cleaned when that is worth it. */
    FULL,

    /** It was cleaned; a lease or an iterator may still look at what it held. */
    HELD,

    /** Something in it is damaged or its summary is lost; it is kept as it is. */
    DAMAGED
  }
}
