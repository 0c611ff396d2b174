package io.lode.bench.kv.store;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import org.mapdb.BTreeMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/** MapDB's tree in its write-ahead mode: a commit with each write. */
final class MapDbStore implements Session, Session.Batches, Session.OrderedScans {
  private final DB db;
  private final BTreeMap<byte[], byte[]> entries;
  private final Sink sink = new Sink();

  private MapDbStore(DB db, BTreeMap<byte[], byte[]> entries) {
    this.db = db;
    this.entries = entries;
  }

  static Subject open(Path folder) {
    DB db =
        DBMaker.fileDB(folder.resolve("bench.mapdb").toFile())
            .fileMmapEnable()
            .transactionEnable()
            .make();
    BTreeMap<byte[], byte[]> entries =
        db.treeMap("bench", Serializer.BYTE_ARRAY, Serializer.BYTE_ARRAY).createOrOpen();
    return new OpenStore(() -> new MapDbStore(db, entries), "WAL, commit per write", db::close);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    entries.put(key.clone(), value.clone());
    db.commit();
  }

  @Override
  public void putAll(byte[][] keys, byte[][] values) {
    for (int index = 0; index < keys.length; index++) {
      entries.put(keys[index].clone(), values[index].clone());
    }
    db.commit();
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
    entries.remove(key);
    db.commit();
  }

  @Override
  public long scan() {
    return count(entries.entrySet().iterator(), Long.MAX_VALUE);
  }

  @Override
  public int scanFrom(byte[] from, int count) {
    return (int) count(entries.tailMap(from.clone()).entrySet().iterator(), count);
  }

  private long count(Iterator<Map.Entry<byte[], byte[]>> found, long limit) {
    long count = 0;
    for (; count < limit && found.hasNext(); count++) {
      sink.add(found.next().getValue()[0]);
    }
    return count;
  }
}
