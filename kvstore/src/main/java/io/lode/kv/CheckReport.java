package io.lode.kv;

import io.lode.store.Damage;
import io.lode.store.DeviceChange;
import java.util.List;
import java.util.UUID;

/**
 * What a full check of a pool found; nothing was written for it.
 *
 * @param id the pool's id
 * @param clean whether the pool was closed
 * @param entries how many keys have a value
 * @param records how many records were read and verified, overwritten ones included
 * @param damages everything that did not verify
 * @param tornTails offsets on the device of writes that were in flight and not acknowledged
 * @param deviceChanges how the device differs from what the pool knows of it, as its next opening
 *     will tell
 */
public record CheckReport(
    UUID id,
    boolean clean,
    long entries,
    long records,
    List<Damage> damages,
    List<Long> tornTails,
    List<DeviceChange> deviceChanges) {

  /**
   * Tells whether everything verified.
   *
   * @return true if there is no damage
   */
  public boolean isSound() {
    return damages.isEmpty();
  }
}
