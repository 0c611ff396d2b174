package io.lode.store;

/**
 * A part of a pool whose content was lost or changed.
 *
 * @param offset its first byte, from the start of the device
 * @param lengthBytes how much is known to be affected
 * @param description the former content, as far as it is known
 */
public record Damage(long offset, long lengthBytes, String description) {}
