package io.lode.kv;

import io.lode.journal.KeyHash;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes that happen together or not at all, also in a crash: {@link KvStore#write} makes all of
 * them durable with one fence. If a key is changed several times, the last change counts.
 *
 * <p>Keys and values are not copied until they are written: do not change the arrays before. A
 * batch can be written again, and to several stores. Not safe for concurrent use.
 */
public final class WriteBatch {
  /** In place of a version: the key has a value. */
  static final long ANY_VERSION = -1;

  private final List<Change> changes = new ArrayList<>();
  private final List<Requirement> requirements = new ArrayList<>();
  private long bytes;

  /** The version that a key must have. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Requirement(byte[] key, long version) {}

  /** Makes an empty batch. */
  public WriteBatch() {}

  /**
   * Sets the value of a key.
   *
   * @param key as {@link KvStore#put}
   * @param value as {@link KvStore#put}
   * @return this batch
   */
  public WriteBatch put(byte[] key, byte[] value) {
    add(Change.put(key, value));
    return this;
  }

  /**
   * Removes a key, if it has a value then.
   *
   * @param key the key
   * @return this batch
   */
  public WriteBatch delete(byte[] key) {
    add(Change.delete(key));
    return this;
  }

  void add(Change change) {
    bytes += change.bytes();
    changes.add(change);
  }

  /**
   * Makes the batch depend on the version of a key: it is written only while the key has it.
   *
   * @param key the key
   * @param version the version that {@link KvStore#version} must return; 0 for a key without a
   *     value
   * @return this batch
   * @throws IllegalArgumentException if the version is below 0
   */
  public WriteBatch require(byte[] key, long version) {
    if (version < 0) {
      throw new IllegalArgumentException("a version is 0 or above, this is " + version);
    }
    requirements.add(new Requirement(key, version));
    return this;
  }

  /**
   * Returns the number of changes.
   *
   * @return the count
   */
  public int size() {
    return changes.size();
  }

  /** Removes all changes and requirements. */
  public void clear() {
    changes.clear();
    bytes = 0;
    requirements.clear();
  }

  /** Makes the batch depend on a key having a value. */
  WriteBatch requirePresent(byte[] key) {
    requirements.add(new Requirement(key, ANY_VERSION));
    return this;
  }

  /** Returns roughly how many bytes the changes take in the journal. */
  long bytes() {
    return bytes;
  }

  /** Returns the mask of the stripes of all keys. */
  long stripes(long seed) {
    long mask = 0;
    for (Change change : changes) {
      mask |= Stripes.maskOf(KeyHash.of(seed, change.key(), 0, change.key().length));
    }
    for (Requirement requirement : requirements) {
      mask |= Stripes.maskOf(KeyHash.of(seed, requirement.key(), 0, requirement.key().length));
    }
    return mask;
  }

  List<Change> changes() {
    return changes;
  }

  List<Requirement> requirements() {
    return requirements;
  }
}
