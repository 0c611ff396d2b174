package io.lode.kv;

import io.lode.crashtest.Operation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The store with changes that happen together, and such as ask for what is there first. */
final class KvBatchSubject extends KvSubject {
  @Override
  public List<Operation<KvStore, Map<String, String>>> operations() {
    return List.of(
        put("a", "1"),
        putBoth(),
        replaceBoth(),
        putIfAbsent("b", "first"),
        delete("a"),
        Operation.reopen());
  }

  private static Operation<KvStore, Map<String, String>> putBoth() {
    return Operation.of(
        "batch of a and b",
        store ->
            store.write(
                new WriteBatch()
                    .put(bytes("a"), bytes("of a batch"))
                    .put(bytes("b"), bytes("x".repeat(70)))),
        map -> {
          Map<String, String> after = new TreeMap<>(map);
          after.put("a", "of a batch");
          after.put("b", "x".repeat(70));
          return after;
        });
  }

  /** The last of several changes of a key counts. */
  private static Operation<KvStore, Map<String, String>> replaceBoth() {
    return Operation.of(
        "batch that deletes and replaces",
        store ->
            store.write(
                new WriteBatch()
                    .delete(bytes("b"))
                    .put(bytes("a"), bytes("not to be seen"))
                    .put(bytes("a"), bytes("to be seen"))),
        map -> {
          Map<String, String> after = new TreeMap<>(map);
          after.remove("b");
          after.put("a", "to be seen");
          return after;
        });
  }

  private static Operation<KvStore, Map<String, String>> putIfAbsent(String key, String value) {
    return Operation.of(
        "put " + key + " if absent",
        store -> store.putIfAbsent(bytes(key), bytes(value)),
        map -> {
          Map<String, String> after = new TreeMap<>(map);
          after.putIfAbsent(key, value);
          return after;
        });
  }
}
