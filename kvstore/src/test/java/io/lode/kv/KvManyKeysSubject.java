package io.lode.kv;

import io.lode.crashtest.Operation;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The store with so many keys that few are put twice: each lost record is missed. */
final class KvManyKeysSubject extends KvSubject {
  @Override
  public List<Operation<KvStore, Map<String, String>>> operations() {
    return IntStream.range(0, 40).mapToObj(i -> put("key " + i, "1")).toList();
  }
}
