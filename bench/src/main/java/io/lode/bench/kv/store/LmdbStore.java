package io.lode.bench.kv.store;

import static java.nio.ByteBuffer.allocateDirect;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.lmdbjava.CursorIterable;
import org.lmdbjava.CursorIterable.KeyVal;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.KeyRange;
import org.lmdbjava.Txn;

/**
 * LMDB through lmdbjava: a transaction for each write, synced; a read transaction that is renewed.
 */
final class LmdbStore {
  private static final long SPARE_BYTES = 256L << 20;

  /** Pages are half full in the worst case, and each commit leaves some behind for a while. */
  private static final int SPACE_FACTOR = 4;

  private LmdbStore() {}

  static Subject open(Path folder, Sizing sizing) {
    Env<ByteBuffer> env =
        Env.create()
            .setMapSize(SPACE_FACTOR * sizing.userBytes() + SPARE_BYTES)
            .setMaxDbs(1)
            .open(folder.toFile(), EnvFlags.MDB_WRITEMAP);
    Dbi<ByteBuffer> entries = env.openDbi("bench", DbiFlags.MDB_CREATE);
    return new OpenStore(() -> new LmdbSession(env, entries), "WRITEMAP, msync per write", env);
  }

  private static final class LmdbSession implements Session, Session.Batches, Session.OrderedScans {
    private static final int MAX_KEY_BYTES = 511;
    private static final int MAX_VALUE_BYTES = 1 << 20;

    private final Env<ByteBuffer> env;
    private final Dbi<ByteBuffer> entries;
    private final Txn<ByteBuffer> read;
    private final ByteBuffer keyBuffer = allocateDirect(MAX_KEY_BYTES);
    private final ByteBuffer valueBuffer = allocateDirect(MAX_VALUE_BYTES);
    private final Sink sink = new Sink();

    LmdbSession(Env<ByteBuffer> env, Dbi<ByteBuffer> entries) {
      this.env = env;
      this.entries = entries;
      this.read = env.txnRead();
      read.reset();
    }

    private static ByteBuffer filled(ByteBuffer buffer, byte[] bytes) {
      return buffer.clear().put(bytes).flip();
    }

    @Override
    public void put(byte[] key, byte[] value) {
      try (Txn<ByteBuffer> write = env.txnWrite()) {
        entries.put(write, filled(keyBuffer, key), filled(valueBuffer, value));
        write.commit();
      }
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values) {
      try (Txn<ByteBuffer> write = env.txnWrite()) {
        for (int index = 0; index < keys.length; index++) {
          entries.put(write, filled(keyBuffer, keys[index]), filled(valueBuffer, values[index]));
        }
        write.commit();
      }
    }

    @Override
    public int get(byte[] key, byte[] destination) {
      read.renew();
      try {
        ByteBuffer value = entries.get(read, filled(keyBuffer, key));
        if (value == null) {
          return -1;
        }
        int length = value.remaining();
        value.get(destination, 0, length);
        return length;
      } finally {
        read.reset();
      }
    }

    @Override
    public void delete(byte[] key) {
      try (Txn<ByteBuffer> write = env.txnWrite()) {
        entries.delete(write, filled(keyBuffer, key));
        write.commit();
      }
    }

    @Override
    public long scan() {
      return count(KeyRange.all(), Long.MAX_VALUE);
    }

    @Override
    public int scanFrom(byte[] from, int count) {
      return (int) count(KeyRange.atLeast(filled(keyBuffer, from)), count);
    }

    private long count(KeyRange<ByteBuffer> range, long limit) {
      read.renew();
      try (CursorIterable<ByteBuffer> cursor = entries.iterate(read, range)) {
        long count = 0;
        for (KeyVal<ByteBuffer> entry : cursor) {
          sink.add(entry.val().get(0));
          if (++count == limit) {
            break;
          }
        }
        return count;
      } finally {
        read.reset();
      }
    }

    @Override
    public void close() {
      read.close();
    }
  }
}
