package io.lode.kv;

import io.lode.journal.RecordReader;

/**
 * A key and its value; both arrays are the receiver's own.
 *
 * @param key the key
 * @param value its value
 * @param version which change of the store set it, counted from 1: a later one is higher
 */
@SuppressWarnings("ArrayRecordComponent") // to be taken apart, never compared
public record KvEntry(byte[] key, byte[] value, long version) {
  /** Copies a record. */
  static KvEntry of(RecordReader record) {
    return new KvEntry(record.key(), record.value(), record.sequence());
  }
}
