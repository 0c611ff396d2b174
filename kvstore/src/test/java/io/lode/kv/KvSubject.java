package io.lode.kv;

import io.lode.crashtest.Operation;
import io.lode.crashtest.Outcome;
import io.lode.crashtest.Subject;
import io.lode.pmem.PmemMap;
import io.lode.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The store as the crash checker drives it; the model is a map of texts. */
class KvSubject implements Subject<KvStore, Map<String, String>> {
  static final long SEGMENT_BYTES = 16 << 10;
  static final long HEADER_BYTES = 8192;

  /** First byte of a segment that holds records. */
  private static final long BODY_BYTES = 8192;

  private static final KvConfig CONFIG = KvConfig.defaults().withSegment(SEGMENT_BYTES);

  /** Segments of the pool. */
  int segments() {
    return 2;
  }

  @Override
  public final long poolBytes() {
    return HEADER_BYTES + segments() * SEGMENT_BYTES;
  }

  @Override
  public final KvStore create(PmemMap map) {
    return KvStore.create(map, CONFIG);
  }

  @Override
  public final KvStore open(PmemMap map) {
    return KvStore.open(map, CONFIG);
  }

  @Override
  public final Map<String, String> initial() {
    return Map.of();
  }

  @Override
  public final Map<String, String> observe(KvStore store) {
    Map<String, String> found = new TreeMap<>();
    store.entries().forEachRemaining(entry -> found.put(text(entry.key()), text(entry.value())));
    if (store.size() != found.size()) {
      found.put("size()", "" + store.size());
    }
    found.forEach((key, value) -> {
      if (!key.equals("size()")
          && store.get(bytes(key)).filter(got -> text(got).equals(value)).isEmpty()) {
        throw new IllegalStateException("entries() and get() differ about " + key);
      }
    });
    return found;
  }

  @Override
  public List<Operation<KvStore, Map<String, String>>> operations() {
    return List.of(
        put("a", "1"),
        put("a", "another"),
        put("b", "2"),
        delete("a"),
        delete("b"),
        Operation.reopen());
  }

  @Override
  public final boolean isRefusal(Throwable failure) {
    return failure instanceof StoreException && !(failure instanceof StoreException.Poisoned);
  }

  /** Records are written once; only headers and what nobody refers to may change. */
  @Override
  public final boolean isOverwritable(long offset) {
    return offset < HEADER_BYTES || (offset - HEADER_BYTES) % SEGMENT_BYTES < BODY_BYTES;
  }

  @Override
  public final Outcome judge(
      PmemMap map, Map<String, String> expected, Map<String, String> beforeLast) {
    try (KvStore store = KvStore.open(map, CONFIG)) {
      int damaged = 0;
      Map<String, String> found = new TreeMap<>();
      for (Iterator<KvEntry> entries = store.entries(); entries.hasNext(); ) {
        try {
          KvEntry entry = entries.next();
          found.put(text(entry.key()), text(entry.value()));
        } catch (StoreException.Damaged _) {
          damaged++;
        }
      }
      Map<String, String> difference = new TreeMap<>(expected);
      difference.entrySet().removeAll(found.entrySet());
      found.forEach((key, value) -> addIfOther(difference, expected, key, value));
      if (difference.isEmpty()) {
        return Outcome.RIGHT;
      }
      if (difference.size() <= damaged && expected.keySet().containsAll(found.keySet())) {
        return Outcome.NAMED_LOSS;
      }
      // The very last group of a store that was not closed cannot be told from one that tore.
      return !store.recovery().clean() && found.equals(beforeLast)
          ? Outcome.EXEMPT
          : Outcome.SILENT;
    } catch (StoreException _) {
      return Outcome.REFUSED;
    }
  }

  private static void addIfOther(
      Map<String, String> difference, Map<String, String> expected, String key, String value) {
    if (!value.equals(expected.get(key))) {
      difference.put(key, value);
    }
  }

  static Operation<KvStore, Map<String, String>> put(String key, String value) {
    return Operation.of(
        "put " + key + " " + (value.length() > 10 ? value.length() + " bytes" : value),
        store -> store.put(bytes(key), bytes(value)),
        map -> {
          Map<String, String> after = new TreeMap<>(map);
          after.put(key, value);
          return after;
        });
  }

  static Operation<KvStore, Map<String, String>> delete(String key) {
    return Operation.of(
        "delete " + key,
        store -> store.delete(bytes(key)),
        map -> {
          Map<String, String> after = new TreeMap<>(map);
          after.remove(key);
          return after;
        });
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
