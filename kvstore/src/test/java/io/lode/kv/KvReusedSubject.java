package io.lode.kv;

import io.lode.pmem.PmemMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The store in memory where an earlier pool of the same shape lies, which is overwritten. */
final class KvReusedSubject extends KvSubject {
  @Override
  public void prepare(PmemMap map) {
    KvStore earlier = create(map);
    for (int i = 0; i < 20; i++) {
      earlier.put(bytes("old" + i % 5), bytes("left by an earlier pool " + i));
    }
  }

  @Override
  public List<Map<String, String>> replaced() {
    Map<String, String> earlier = new TreeMap<>();
    for (int i = 15; i < 20; i++) {
      earlier.put("old" + i % 5, "left by an earlier pool " + i);
    }
    return List.of(earlier);
  }
}
