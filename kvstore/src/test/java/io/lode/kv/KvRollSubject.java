package io.lode.kv;

import io.lode.crashtest.Operation;
import java.util.List;
import java.util.Map;

/** The store with values so large that a segment is sealed every few operations. */
final class KvRollSubject extends KvSubject {
  @Override
  int segments() {
    return 6;
  }

  /** In long programs the bodies of segments that were freed are written again. */
  @Override
  public boolean isOverwritable(long offset) {
    return true;
  }

  @Override
  public List<Operation<KvStore, Map<String, String>>> operations() {
    return List.of(
        put("a", "1"),
        put("a", "x".repeat(3000)),
        put("b", "y".repeat(7000)),
        delete("a"),
        Operation.reopen());
  }
}
