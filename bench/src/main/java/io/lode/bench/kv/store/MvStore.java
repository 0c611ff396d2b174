package io.lode.bench.kv.store;

import io.lode.bench.run.SystemFiles;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;

/** H2's MVStore: a commit and a sync of the file with each write. */
final class MvStore {
  private static final int CACHE_MIB = 512;
  private static final int MOST_COMPACT_MILLIS = 100;

  private MvStore() {}

  static Subject open(Path folder, Sizing sizing) {
    var builder =
        new MVStore.Builder().fileName(folder.resolve("bench.mv").toString()).cacheSize(CACHE_MIB);
    // Its thread that commits is also the one that compacts.
    MVStore store = (sizing.limitBytes() > 0 ? builder : builder.autoCommitDisabled()).open();
    // Old chunks are kept for 45 s by default, which a run of seconds would never see the end of.
    store.setRetentionTime(0);
    MVMap<byte[], byte[]> entries =
        store.openMap(
            "bench",
            new MVMap.Builder<byte[], byte[]>()
                .keyType(ByteArrayDataType.INSTANCE)
                .valueType(ByteArrayDataType.INSTANCE));
    var limit = new Limit(store, sizing.limitBytes());
    Runnable commit =
        () -> {
          store.commit();
          store.sync();
          limit.committed();
        };
    return new OpenStore(
        () -> new MapSession(entries, commit, from -> new Values(entries.cursor(from))),
        "commit and sync per write",
        store,
        // It has no counter that others may read, and keeps no limit: its file is measured.
        Optional.of(new Reclaiming(SystemFiles::writtenBytes, _ -> false)));
  }

  /** Has the file compacted as it comes near a limit, which its own thread is too slow for. */
  private static final class Limit {
    private final MVStore store;
    private final long limitBytes;
    private long compactAt;

    Limit(MVStore store, long limitBytes) {
      this.store = store;
      this.limitBytes = limitBytes;
      this.compactAt = limitBytes / 4 * 3;
    }

    void committed() {
      if (limitBytes > 0 && store.getFileStore().size() > compactAt) {
        store.compactFile(MOST_COMPACT_MILLIS);
        compactAt = Math.max(limitBytes / 4 * 3, store.getFileStore().size() + limitBytes / 16);
      }
    }
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
