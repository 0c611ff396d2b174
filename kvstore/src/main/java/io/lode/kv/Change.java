package io.lode.kv;

import io.lode.journal.JournalFormat;
import io.lode.journal.RecordKind;

/**
 * A change of one key. Every kind of write is made of these.
 *
 * @param kind put or delete
 * @param key the key, not copied
 * @param value its value, empty where there is none; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Change(RecordKind kind, byte[] key, byte[] value) {
  static final byte[] NO_VALUE = {};

  static Change put(byte[] key, byte[] value) {
    return new Change(RecordKind.PUT, key, value);
  }

  static Change delete(byte[] key) {
    return new Change(RecordKind.DELETE, key, NO_VALUE);
  }

  /** Returns an equal change with copies of the arrays. */
  Change copied() {
    return new Change(kind, key.clone(), value.clone());
  }

  /** Returns the length of its record in bytes, without padding. */
  long bytes() {
    return JournalFormat.recordBytes(key.length, value.length);
  }
}
