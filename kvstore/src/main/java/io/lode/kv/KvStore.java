package io.lode.kv;

/** A persistent key-value store. */
public final class KvStore {
  private KvStore() {}
}
