package io.lode.kv;

import io.lode.crashtest.Operation;
import java.util.List;
import java.util.Map;

/** The store in a pool of 64 KiB, to be harmed: records of one line and of many, a full segment. */
final class KvMediumSubject extends KvSubject {
  @Override
  long segmentBytes() {
    return 28 << 10;
  }

  @Override
  public List<Operation<KvStore, Map<String, String>>> operations() {
    return List.of(
        put("a", "1"),
        put("a", "another"),
        put("c", "z".repeat(300)),
        put("b", "y".repeat(7000)),
        delete("a"),
        Operation.reopen());
  }
}
