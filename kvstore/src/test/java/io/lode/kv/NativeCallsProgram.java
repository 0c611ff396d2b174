package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;

import io.lode.numa.Affinity;
import io.lode.numa.NodeSet;
import io.lode.numa.Placement;
import io.lode.pool.Device;
import io.lode.pool.PlainMemory;
import io.lode.pool.TestPools;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/** Puts, gets and batches on a device with a node, as often as its argument says. */
final class NativeCallsProgram {
  private static final int POOL_BYTES = 96 << 20;
  private static final int KEYS = 1000;

  private NativeCallsProgram() {}

  public static void main(String[] arguments) {
    int operations = Integer.parseInt(arguments[0]);
    var device = new Placement(NodeSet.of(0), Affinity.ofProcess(), "a test says so");
    for (boolean pin : new boolean[] {true, false}) {
      var memory = new PlainMemory(POOL_BYTES);
      Device.format(memory, 4 << 20, true);
      try (StoreEngine engine =
          StoreEngine.openAt(
              StorePlace.near(device, pin), TestPools.read(memory), KvConfig.defaults())) {
        run(engine, operations);
      }
    }
    System.out.println("done");
  }

  private static void run(StoreEngine engine, int operations) {
    byte[] value = new byte[20];
    MemorySegment target = MemorySegment.ofArray(new byte[20]);
    var batch = new WriteBatch();
    for (int number = 0; number < operations; number++) {
      byte[] key = bytes("key" + number % KEYS);
      engine.dispatcher().put(key, value);
      Objects.requireNonNull(engine.reads().find(key)).copyValueTo(target, 0);
      engine.multiGet().values(List.of(key));
      batch.clear();
      engine.dispatcher().write(batch.put(key, value));
    }
  }
}
