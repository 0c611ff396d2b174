package io.lode.kv;

/**
 * A key and its value; both arrays are the receiver's own.
 *
 * @param key the key
 * @param value its value
 */
@SuppressWarnings("ArrayRecordComponent") // a pair to be taken apart, never compared
public record KvEntry(byte[] key, byte[] value) {}
