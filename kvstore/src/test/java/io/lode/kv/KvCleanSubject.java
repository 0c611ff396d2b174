package io.lode.kv;

import io.lode.crashtest.Operation;
import io.lode.pmem.PmemMap;
import java.util.List;
import java.util.Map;

/**
 * The store on a pool that is nearly full, of few segments and large values: space is used again
 * from the first operation on, by cleaning that is asked for and by writers that find no room.
 */
final class KvCleanSubject extends KvSubject {
  private static final String B = "x".repeat(1500);
  private static final String D = "w".repeat(5300);
  private static final String C = "y".repeat(5500);

  @Override
  int segments() {
    return 5;
  }

  /** The first segment is full and live, of the second nothing is, the third is open. */
  @Override
  public void prepare(PmemMap map) {
    try (KvStore store = super.create(map)) {
      store.put(bytes("a"), bytes("1"));
      store.put(bytes("b"), bytes(B));
      store.put(bytes("d"), bytes(D));
      store.put(bytes("c"), bytes("z".repeat(5400)));
      store.put(bytes("c"), bytes(C));
    }
  }

  @Override
  public KvStore create(PmemMap map) {
    return open(map);
  }

  @Override
  public Map<String, String> initial() {
    return Map.of("a", "1", "b", B, "c", C, "d", D);
  }

  @Override
  public List<Operation<KvStore, Map<String, String>>> operations() {
    return List.of(
        put("a", "2"),
        put("b", "2"),
        put("c", "u".repeat(5000)),
        delete("a"),
        delete("c"),
        Operation.of("compact", KvStore::compact, found -> found),
        Operation.reopen());
  }

  /** The bodies of segments that were freed are written again. */
  @Override
  public boolean isOverwritable(long offset) {
    return true;
  }
}
