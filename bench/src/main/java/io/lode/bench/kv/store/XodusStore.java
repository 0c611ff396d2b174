package io.lode.bench.kv.store;

import java.nio.file.Path;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.EnvironmentConfig;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;

/** Xodus: a transaction for each write, its log synced. */
final class XodusStore implements Session, Session.Batches, Session.OrderedScans {
  private final Environment environment;
  private final Store entries;
  private final Sink sink = new Sink();

  private XodusStore(Environment environment, Store entries) {
    this.environment = environment;
    this.entries = entries;
  }

  static Subject open(Path folder) {
    Environment environment =
        Environments.newInstance(folder.toFile(), new EnvironmentConfig().setLogDurableWrite(true));
    Store entries =
        environment.computeInTransaction(transaction ->
            environment.openStore("bench", StoreConfig.WITHOUT_DUPLICATES, transaction));
    return new OpenStore(
        () -> new XodusStore(environment, entries), "durable log, fsync per write", environment);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    environment.executeInTransaction(
        transaction -> entries.put(transaction, copied(key), copied(value)));
  }

  @Override
  public void putAll(byte[][] keys, byte[][] values) {
    environment.executeInTransaction(transaction -> {
      for (int index = 0; index < keys.length; index++) {
        entries.put(transaction, copied(keys[index]), copied(values[index]));
      }
    });
  }

  private static ByteIterable copied(byte[] bytes) {
    return new ArrayByteIterable(bytes.clone());
  }

  @Override
  public int get(byte[] key, byte[] destination) {
    Transaction transaction = environment.beginReadonlyTransaction();
    try {
      ByteIterable value = entries.get(transaction, new ArrayByteIterable(key));
      if (value == null) {
        return -1;
      }
      System.arraycopy(value.getBytesUnsafe(), 0, destination, 0, value.getLength());
      return value.getLength();
    } finally {
      transaction.abort();
    }
  }

  @Override
  public void delete(byte[] key) {
    environment.executeInTransaction(
        transaction -> entries.delete(transaction, new ArrayByteIterable(key)));
  }

  @Override
  public long scan() {
    return environment.computeInReadonlyTransaction(transaction -> {
      try (Cursor cursor = entries.openCursor(transaction)) {
        return cursor.getNext() ? count(cursor, Long.MAX_VALUE) : 0L;
      }
    });
  }

  @Override
  public int scanFrom(byte[] from, int count) {
    return environment.computeInReadonlyTransaction(transaction -> {
      try (Cursor cursor = entries.openCursor(transaction)) {
        boolean any = cursor.getSearchKeyRange(new ArrayByteIterable(from)) != null;
        return any ? (int) count(cursor, count) : 0;
      }
    });
  }

  private long count(Cursor cursor, long limit) {
    long count = 0;
    do {
      sink.add(cursor.getValue().getBytesUnsafe()[0]);
      count++;
    } while (count < limit && cursor.getNext());
    return count;
  }
}
