package io.lode.kv;

import io.lode.store.Damage;
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
 */
public record CheckReport(
    UUID id,
    boolean clean,
    long entries,
    long records,
    List<Damage> damages,
    List<Long> tornTails) {

  /**
   * Tells whether everything verified.
   *
   * @return true if there is no damage
   */
  public boolean isSound() {
    return damages.isEmpty();
  }
}
