package io.lode.kv;

import io.lode.crashtest.Operation;
import java.util.List;
import java.util.Map;

/**
 * The store in so few segments, with values so large, that space is used again all the time: by
 * cleaning that is asked for and by the writer that finds no room.
 */
final class KvCleanSubject extends KvSubject {
  @Override
  int segments() {
    return 5;
  }

  @Override
  public List<Operation<KvStore, Map<String, String>>> operations() {
    return List.of(
        put("a", "1"),
        put("b", "x".repeat(2500)),
        put("c", "y".repeat(6500)),
        put("c", "z".repeat(5500)),
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

  /** What is asked of bytes that may be written again: only headers stand twice. */
  @Override
  public boolean mustSurvive(long offset, long length) {
    return isHeader(offset, length);
  }
}
