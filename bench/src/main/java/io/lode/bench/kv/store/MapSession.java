package io.lode.bench.kv.store;

import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map of a store that is committed after each write.
 *
 * @param entries the map
 * @param commit makes what was written durable
 * @param values iterates over the values from a key on, or over all of them
 */
record MapSession(
    Map<byte[], byte[]> entries,
    Runnable commit,
    Function<byte @Nullable [], Iterator<byte[]>> values,
    Sink sink)
    implements Session, Session.Batches, Session.OrderedScans {
  MapSession(
      Map<byte[], byte[]> entries,
      Runnable commit,
      Function<byte @Nullable [], Iterator<byte[]>> values) {
    this(entries, commit, values, new Sink());
  }

  @Override
  public void put(byte[] key, byte[] value) {
    entries.put(key.clone(), value.clone());
    commit.run();
  }

  @Override
  public void putAll(byte[][] keys, byte[][] all) {
    for (int index = 0; index < keys.length; index++) {
      entries.put(keys[index].clone(), all[index].clone());
    }
    commit.run();
  }

  @Override
  public int get(byte[] key, byte[] destination) {
    return Session.copied(entries.get(key), destination);
  }

  @Override
  public void delete(byte[] key) {
    entries.remove(key.clone());
    commit.run();
  }

  @Override
  public long scan() {
    return count(values.apply(null), Long.MAX_VALUE);
  }

  @Override
  public int scanFrom(byte[] from, int count) {
    return (int) count(values.apply(from.clone()), count);
  }

  private long count(Iterator<byte[]> found, long limit) {
    long count = 0;
    for (; count < limit && found.hasNext(); count++) {
      sink.add(found.next()[0]);
    }
    return count;
  }
}
