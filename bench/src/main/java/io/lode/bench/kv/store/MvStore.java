package io.lode.bench.kv.store;

import java.nio.file.Path;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;

/** H2's MVStore: a commit and a sync of the file with each write. */
final class MvStore implements Session, Session.Batches, Session.OrderedScans {
  private static final int CACHE_MIB = 512;

  private final MVStore store;
  private final MVMap<byte[], byte[]> entries;
  private final Sink sink = new Sink();

  private MvStore(MVStore store, MVMap<byte[], byte[]> entries) {
    this.store = store;
    this.entries = entries;
  }

  static Subject open(Path folder, Sizing sizing) {
    MVStore store =
        new MVStore.Builder()
            .fileName(folder.resolve("bench.mv").toString())
            .autoCommitDisabled()
            .cacheSize(CACHE_MIB)
            .open();
    // Old chunks are kept for 45 s by default, which a run of seconds would never see the end of.
    store.setRetentionTime(0);
    MVMap<byte[], byte[]> entries =
        store.openMap(
            "bench",
            new MVMap.Builder<byte[], byte[]>()
                .keyType(ByteArrayDataType.INSTANCE)
                .valueType(ByteArrayDataType.INSTANCE));
    return new OpenStore(
        () -> new MvStore(store, entries), "commit and sync per write", store::close);
  }

  private void commit() {
    store.commit();
    store.sync();
  }

  @Override
  public void put(byte[] key, byte[] value) {
    entries.put(key.clone(), value.clone());
    commit();
  }

  @Override
  public void putAll(byte[][] keys, byte[][] values) {
    for (int index = 0; index < keys.length; index++) {
      entries.put(keys[index].clone(), values[index].clone());
    }
    commit();
  }

  @Override
  public int get(byte[] key, byte[] destination) {
    byte[] value = entries.get(key);
    if (value == null) {
      return -1;
    }
    System.arraycopy(value, 0, destination, 0, value.length);
    return value.length;
  }

  @Override
  public void delete(byte[] key) {
    entries.remove(key.clone());
    commit();
  }

  @Override
  public long scan() {
    return count(null, Long.MAX_VALUE);
  }

  @Override
  public int scanFrom(byte[] from, int count) {
    return (int) count(from, count);
  }

  private long count(byte @org.jspecify.annotations.Nullable [] from, long limit) {
    Cursor<byte[], byte[]> cursor = entries.cursor(from);
    long count = 0;
    while (count < limit && cursor.hasNext()) {
      cursor.next();
      sink.add(cursor.getValue()[0]);
      count++;
    }
    return count;
  }
}
