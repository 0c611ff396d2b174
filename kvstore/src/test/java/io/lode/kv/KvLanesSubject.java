package io.lode.kv;

import io.lode.crashtest.Operation;
import java.util.List;
import java.util.Map;

/** The store with two writers, each with a segment of its own that is soon full. */
final class KvLanesSubject extends KvSubject {
  @Override
  int segments() {
    return 6;
  }

  @Override
  KvConfig config() {
    return super.config().toBuilder().maxWriters(2).build();
  }

  @Override
  public List<Operation<KvStore, Map<String, String>>> operations() {
    return List.of(
        put("a", "1"),
        put("a", "x".repeat(5000)),
        put("b", "y".repeat(3000)),
        delete("a"),
        Operation.reopen());
  }
}
