package io.lode.pool;

import java.util.List;

/**
 * What the last owner of a device left behind, as its header tells.
 *
 * @param isClean whether it closed the pool with nothing in flight: both copies of the header said
 *     so when they were read
 * @param sequence the highest sequence that there was then, 0 if it is not known
 * @param openEnds how far the records of its segments without a summary must reach, none if it did
 *     not close the pool
 * @param needsVerification whether the device has lost power without keeping its promise, or is
 *     another one, since everything on it was verified: what was acknowledged may be missing
 */
public record LastOwner(
    boolean isClean, long sequence, List<OpenEnd> openEnds, boolean needsVerification) {

  static LastOwner of(DeviceHeaders.Found found, DeviceState state) {
    DeviceHeader header = found.header();
    boolean isClean = found.copiesAgree() && header.isClean();
    return new LastOwner(
        isClean,
        isClean ? header.lastSequence() : 0,
        isClean ? header.openEnds() : List.of(),
        !state.isAsVerified(header));
  }
}
