package io.lode.kv;

import io.lode.crashtest.FileSubject;
import io.lode.store.StoreException;
import java.nio.file.Path;

/** A pool's file, as it is made. */
final class PoolFileSubject implements FileSubject {
  private static final KvConfig CONFIG =
      KvConfig.builder().capacityBytes(3 << 20).segmentBytes(64 << 10).build();

  @Override
  public void make(Path path) {
    KvStore.create(path, CONFIG).close();
  }

  @Override
  public void open(Path path) {
    try (KvStore store = KvStore.open(path, CONFIG)) {
      if (store.size() != 0) {
        throw new IllegalStateException("holds " + store.size() + " entries");
      }
    }
  }

  @Override
  public boolean isRefusal(Throwable failure) {
    return failure instanceof StoreException;
  }
}
