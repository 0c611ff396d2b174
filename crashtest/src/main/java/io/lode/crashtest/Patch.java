package io.lode.crashtest;

import io.lode.crashtest.trace.Site;

/**
 * Bytes that reach the medium together: at most one aligned word of 8 bytes.
 *
 * @param at first byte, from the start of the unit
 * @param bytes the bytes
 * @param site where they were stored
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Patch(int at, byte[] bytes, Site site) {
  void applyTo(byte[] unit) {
    System.arraycopy(bytes, 0, unit, at, bytes.length);
  }

  int word() {
    return at / Long.BYTES;
  }
}
