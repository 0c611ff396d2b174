package io.lode.store;

/**
 * A part of a pool that no longer holds what was written there.
 *
 * @param offset its first byte, from the start of the device
 * @param lengthBytes how much is known to be affected
 * @param description what was there, as far as it is known
 */
public record Damage(long offset, long lengthBytes, String description) {}
