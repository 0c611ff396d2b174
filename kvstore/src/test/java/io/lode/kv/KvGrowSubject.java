package io.lode.kv;

import io.lode.crashtest.Operation;
import io.lode.pmem.PmemMap;
import io.lode.pool.TestPools;
import java.util.List;
import java.util.Map;

/** The store on a pool that takes the rest of its map into use, in two steps. */
final class KvGrowSubject extends KvSubject {
  private static final int FIRST_SEGMENTS = 2;
  private static final String LONG = "x".repeat(5000);

  @Override
  int segments() {
    return 5;
  }

  @Override
  public KvStore create(PmemMap map) {
    TestPools.formatPart(map, FIRST_SEGMENTS);
    return open(map);
  }

  @Override
  public List<Operation<KvStore, Map<String, String>>> operations() {
    return List.of(
        put("a", LONG),
        put("b", LONG + LONG.substring(0, 2000)),
        delete("a"),
        grow(3),
        grow(5),
        Operation.reopen());
  }

  private static Operation<KvStore, Map<String, String>> grow(int segments) {
    return Operation.of(
        "grow to " + segments + " segments",
        store -> {
          if (store.stats().space().segments() < segments) {
            store.grow(TestPools.bytes(segments));
          }
        },
        map -> map);
  }
}
