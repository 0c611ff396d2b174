package io.lode.bench.kv.store;

import com.google.common.collect.Iterators;
import java.nio.file.Path;
import java.util.Map;
import org.mapdb.BTreeMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/** MapDB's tree in its write-ahead mode: a commit with each write. */
final class MapDbStore {
  private MapDbStore() {}

  static Subject open(Path folder) {
    DB db =
        DBMaker.fileDB(folder.resolve("bench.mapdb").toFile())
            .fileMmapEnable()
            .transactionEnable()
            .make();
    BTreeMap<byte[], byte[]> entries =
        db.treeMap("bench", Serializer.BYTE_ARRAY, Serializer.BYTE_ARRAY).createOrOpen();
    return new OpenStore(
        () ->
            new MapSession(
                entries,
                db::commit,
                from -> {
                  Map<byte[], byte[]> range = from == null ? entries : entries.tailMap(from);
                  return Iterators.transform(range.entrySet().iterator(), Map.Entry::getValue);
                }),
        "WAL, commit per write",
        db);
  }
}
