package io.lode.probe;

import io.lode.kv.KvConfig;
import io.lode.kv.KvStore;
import io.lode.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes a pool in a JVM of its own, and says what came of it; in no package of Lode's modules. */
public final class StoreProbe {
  private StoreProbe() {}

  /** Takes: the pool's path. */
  public static void main(String[] args) {
    Path pool = Path.of(args[0]);
    try (KvStore store = KvStore.create(pool, KvConfig.builder().capacityBytes(1 << 20).build())) {
      store.put(new byte[] {1}, new byte[] {2});
      System.out.println("stored");
    } catch (StoreException e) {
      System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
      System.out.println(Files.exists(pool) ? "left" : "nothing left");
    }
  }
}
