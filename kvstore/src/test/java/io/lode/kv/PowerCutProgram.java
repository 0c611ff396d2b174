package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;

import io.lode.pmem.Granularity;
import io.lode.store.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Verifies what boots before this one acknowledged, then goes on putting, into one pool after the
 * other, and tells of each round, until the power is cut. Arguments: how many puts each has
 * acknowledged so far, {@code go-on} or {@code stop}, and the pools, each as its granularity, a
 * colon and its path.
 */
final class PowerCutProgram {
  private static final KvConfig CONFIG =
      KvConfig.builder().capacityBytes(64 << 20).overwrite(true).build();

  private PowerCutProgram() {}

  public static void main(String[] arguments) {
    long acknowledged = Long.parseLong(arguments[0]);
    boolean goesOn = arguments[1].equals("go-on");
    List<KvStore> stores = new ArrayList<>();
    for (int i = 2; i < arguments.length; i++) {
      stores.add(open(arguments[i].split(":", 2), acknowledged == 0));
    }
    long wrong = stores.stream().mapToLong(store -> wrongIn(store, acknowledged)).sum();
    System.out.println("verified " + acknowledged + " in each, " + wrong + " wrong");
    if (wrong > 0 || !goesOn) {
      stores.forEach(KvStore::close);
      System.exit(wrong > 0 ? 1 : 0);
    }
    for (long i = acknowledged; ; i++) {
      for (KvStore store : stores) {
        store.put(key(i), value(i));
      }
      System.out.println("acknowledged " + (i + 1));
    }
  }

  private static KvStore open(String[] pool, boolean isNew) {
    Granularity granularity = Granularity.valueOf(pool[0]);
    KvConfig config = CONFIG.toBuilder().requiredGranularity(granularity).build();
    Path path = Path.of(pool[1]);
    KvStore store = isNew ? KvStore.create(path, config) : KvStore.open(path, config);
    if (store.medium().granularity() != granularity) {
      throw new IllegalStateException(store.medium() + " is not what it is here for");
    }
    return store;
  }

  /** Counts what is lost, what differs, and what is there whole although it was never written. */
  private static long wrongIn(KvStore store, long acknowledged) {
    long wrong = 0;
    for (long i = 0; i < Math.max(acknowledged, store.size()); i++) {
      try {
        Optional<byte[]> found = store.get(key(i));
        boolean right = found.isPresent() && java.util.Arrays.equals(found.get(), value(i));
        wrong += right || (found.isEmpty() && i >= acknowledged) ? 0 : 1;
      } catch (StoreException.Damaged _) {
        wrong++;
      }
    }
    System.out.println(
        store.medium().kind()
            + ": "
            + store.size()
            + " entries, clean "
            + store.recovery().clean()
            + ", torn "
            + store.recovery().tornTails().size());
    return wrong;
  }

  private static byte[] key(long i) {
    return bytes("key " + i);
  }

  private static byte[] value(long i) {
    return bytes("value " + i + " " + "x".repeat((int) (i * 37 % 900)));
  }
}
