package io.lode.bench.kv.store;

import java.nio.file.Path;
import java.util.Iterator;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;

/** H2's MVStore: a commit and a sync of the file with each write. */
final class MvStore {
  private static final int CACHE_MIB = 512;

  private MvStore() {}

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
    Runnable commit =
        () -> {
          store.commit();
          store.sync();
        };
    return new OpenStore(
        () -> new MapSession(entries, commit, from -> new Values(entries.cursor(from))),
        "commit and sync per write",
        store);
  }

  /** Reads values by the cursor, which makes no entry for each. */
  private record Values(Cursor<byte[], byte[]> cursor) implements Iterator<byte[]> {
    @Override
    public boolean hasNext() {
      return cursor.hasNext();
    }

    @Override
    public byte[] next() {
      cursor.next();
      return cursor.getValue();
    }
  }
}
