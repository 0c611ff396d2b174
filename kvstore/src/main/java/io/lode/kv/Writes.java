package io.lode.kv;

import io.lode.kv.index.HashIndex;
import io.lode.log.GroupEncoder;
import io.lode.log.Log;
import io.lode.log.RecordKind;

/**
 * Brings log and index together: what was appended, and is durable, is then shown by the index.
 *
 * <p>One thread at a time; others may read the index meanwhile.
 */
final class Writes {
  private static final byte[] NO_VALUE = {};

  private final Log log;
  private final HashIndex index;
  private final GroupEncoder encoder;
  private long usedBytes;

  Writes(Log log, HashIndex index, long seed, long usedBytes) {
    this.log = log;
    this.index = index;
    this.encoder = new GroupEncoder(seed);
    this.usedBytes = usedBytes;
  }

  void put(byte[] key, byte[] value) {
    encoder.clear();
    encoder.add(RecordKind.PUT, key, value);
    append(key);
  }

  /** Removes a key that has a value. */
  void delete(byte[] key) {
    encoder.clear();
    encoder.add(RecordKind.DELETE, key, NO_VALUE);
    append(key);
  }

  void write(WriteBatch batch) {
    if (batch.size() == 0) {
      return;
    }
    encoder.clear();
    for (WriteBatch.Change change : batch.changes()) {
      encoder.add(change.kind(), change.key(), change.value());
    }
    long group = appendGroup();
    int number = 0;
    for (WriteBatch.Change change : batch.changes()) {
      show(number++, change.key(), group);
    }
  }

  long usedBytes() {
    return usedBytes;
  }

  private void append(byte[] key) {
    show(0, key, appendGroup());
  }

  private long appendGroup() {
    long offset = log.append(encoder).deviceOffset();
    usedBytes += encoder.groupLength();
    return offset;
  }

  /** Lets the index show a record of the group that is durable now. */
  private void show(int number, byte[] key, long group) {
    long hash = encoder.keyHash(number);
    long offset = group + encoder.recordStart(number);
    long old = index.find(hash, key);
    if (encoder.kind(number) == RecordKind.DELETE) {
      if (old != 0) {
        index.remove(hash, old);
      }
    } else if (old == 0) {
      index.add(hash, offset);
    } else {
      index.move(hash, old, offset);
    }
  }
}
