package io.lode.pool;

import io.lode.store.DeviceChange;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the last owner of a device left behind, as its header tells.
 *
 * @param isClean whether it closed the pool with nothing in flight: both copies of the header said
 *     so when they were read
 * @param sequence the highest sequence that there was then, 0 if it is not known
 * @param openEnds how far the records of its segments without a summary must reach, none if it did
 *     not close the pool
 * @param changes how the device differs from what its header says of it
 */
public record LastOwner(
    boolean isClean, long sequence, List<OpenEnd> openEnds, List<DeviceChange> changes) {

  static LastOwner of(DeviceHeaders.Found found, DeviceState state, long sizeBytes) {
    DeviceHeader header = found.header();
    boolean isClean = found.copiesAgree() && header.isClean();
    return new LastOwner(
        isClean,
        isClean ? header.lastSequence() : 0,
        isClean ? header.openEnds() : List.of(),
        state.changesSince(header, sizeBytes));
  }

  /**
   * Tells whether the device has lost power without keeping its promise, or is another one, since
   * everything on it was verified.
   *
   * @return true if what was acknowledged may be missing
   */
  public boolean needsVerification() {
    return changes.stream().anyMatch(change -> change.kind().needsVerification());
  }

  /**
   * Says why everything is verified.
   *
   * @return what happened to the device, to follow its name; empty if nothing is verified
   */
  public String whyVerified() {
    return changes.stream()
        .map(change ->
            switch (change.kind()) {
              case NAMESPACE -> "is another namespace now";
              case MEMORY_DEVICE -> "has other memory modules now";
              case UNSAFE_SHUTDOWN -> "was not shut down safely";
              case LARGER -> "";
            })
        .filter(why -> !why.isEmpty())
        .collect(Collectors.joining(" and "));
  }
}
