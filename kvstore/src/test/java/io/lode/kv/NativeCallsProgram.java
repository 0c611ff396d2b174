package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;

import io.lode.numa.Affinity;
import io.lode.numa.NodeSet;
import io.lode.numa.Placement;
import io.lode.pool.Device;
import io.lode.pool.PlainMemory;
import io.lode.pool.TestPools;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * Rounds of a put, a get, a get of many and a batch, as many as its first argument says: in memory
 * that is said to have a node, or in a pool at the path that the second one names, once near the
 * device and once not.
 */
final class NativeCallsProgram {
  private static final int POOL_BYTES = 96 << 20;
  private static final int KEYS = 1000;

  private NativeCallsProgram() {}

  public static void main(String[] arguments) {
    int rounds = Integer.parseInt(arguments[0]);
    for (boolean pin : new boolean[] {true, false}) {
      if (arguments.length > 1) {
        runAt(Path.of(arguments[1]), rounds, pin);
      } else {
        runInMemory(rounds, pin);
      }
    }
    System.out.println("done");
  }

  private static void runAt(Path path, int rounds, boolean pin) {
    KvConfig config =
        KvConfig.builder().capacityBytes(POOL_BYTES).overwrite(true).pinning(pin).build();
    try (KvStore store = KvStore.create(path, config)) {
      if (store.medium().numaNode().isEmpty()) {
        throw new IllegalStateException(path + " has no node");
      }
      run(store, rounds);
    }
  }

  private static void runInMemory(int rounds, boolean pin) {
    var device = new Placement(NodeSet.of(0), Affinity.ofProcess(), "a test says so");
    var memory = new PlainMemory(POOL_BYTES);
    Device.format(memory, 4 << 20, true);
    StorePlace place = StorePlace.near(device, pin);
    try (KvStore store =
        new KvStore(StoreEngine.openAt(place, TestPools.read(memory), KvConfig.defaults()))) {
      run(store, rounds);
    }
  }

  private static void run(KvStore store, int rounds) {
    byte[] value = new byte[20];
    MemorySegment target = MemorySegment.ofArray(new byte[20]);
    var batch = new WriteBatch();
    for (int number = 0; number < rounds; number++) {
      byte[] key = bytes("key" + number % KEYS);
      store.put(key, value);
      store.get(key, target);
      store.multiGet(List.of(key));
      batch.clear();
      store.write(batch.put(key, value));
    }
  }
}
