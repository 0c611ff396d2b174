package io.lode.kv;

import io.lode.crashtest.Operation;
import io.lode.crashtest.Outcome;
import io.lode.crashtest.Subject;
import io.lode.pmem.PmemMap;
import io.lode.pool.PoolFormat;
import io.lode.pool.TestPools;
import io.lode.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The store as the crash checker drives it; the model is a map of texts. */
class KvSubject implements Subject<KvStore, Map<String, String>> {
  static final long SEGMENT_BYTES = TestPools.SEGMENT_BYTES;
  static final long HEADER_BYTES = PoolFormat.SEGMENTS_OFFSET;

  private static final long PAGE_BYTES = PoolFormat.COPY_STRIDE_BYTES;

  /** First byte of a segment that holds records. */
  private static final long BODY_BYTES = PoolFormat.BODY_OFFSET;

  /** Segments of the pool. */
  int segments() {
    return 2;
  }

  long segmentBytes() {
    return SEGMENT_BYTES;
  }

  KvConfig config() {
    return KvConfig.builder().segmentBytes(segmentBytes()).build();
  }

  @Override
  public final long poolBytes() {
    return HEADER_BYTES + segments() * segmentBytes();
  }

  @Override
  public KvStore create(PmemMap map) {
    return KvStore.create(map, config().toBuilder().overwrite(true).build());
  }

  @Override
  public final KvStore open(PmemMap map) {
    return KvStore.open(map, config());
  }

  @Override
  public Map<String, String> initial() {
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

  /** One key by its hash: reading all of them takes several steps. */
  @Override
  public final Object read(KvStore store) {
    return store.get(bytes("a")).map(KvSubject::text).orElse("");
  }

  @Override
  public final Object readOf(Map<String, String> state) {
    return state.getOrDefault("a", "");
  }

  @Override
  public final boolean isRefusal(Throwable failure) {
    return failure instanceof StoreException && !(failure instanceof StoreException.Poisoned);
  }

  @Override
  public final boolean isFailure(Throwable failure) {
    return failure instanceof StoreException.Poisoned || failure instanceof StoreException.Io;
  }

  /** Records are written once; only headers and what nobody refers to may change. */
  @Override
  public boolean isOverwritable(long offset) {
    return isInHeader(offset);
  }

  /** Headers stand twice, each copy in a page of its own. */
  @Override
  public boolean mustSurvive(long offset, long length) {
    return isHeader(offset, length);
  }

  /** Whether a range lies in one copy of a header. */
  final boolean isHeader(long offset, long length) {
    boolean inOnePage = offset / PAGE_BYTES == (offset + length - 1) / PAGE_BYTES;
    return inOnePage && isInHeader(offset);
  }

  private boolean isInHeader(long offset) {
    return offset < HEADER_BYTES || (offset - HEADER_BYTES) % segmentBytes() < BODY_BYTES;
  }

  @Override
  public final boolean stopsAfterFailure() {
    return true;
  }

  @Override
  public final Outcome judge(
      PmemMap map, Map<String, String> expected, List<Map<String, String>> lost) {
    try (KvStore store = KvStore.open(map, config())) {
      int damaged = 0;
      Map<String, String> found = new TreeMap<>();
      for (Iterator<KvEntry> entries = store.entries(); entries.hasNext(); ) {
        try {
          KvEntry entry = entries.next();
          boolean isGot = store.get(entry.key()).isPresent();
          found.put(text(entry.key()), isGot ? text(entry.value()) : "not to be got");
        } catch (StoreException.Damaged _) {
          damaged++;
        }
      }
      if (isNamed(expected, found, damaged)) {
        return found.equals(expected) ? Outcome.RIGHT : Outcome.NAMED_LOSS;
      }
      // The end of a store that was not closed cannot be told from what was never finished.
      int named = damaged;
      boolean isEnd = lost.stream().anyMatch(earlier -> isNamed(earlier, found, named));
      return isEnd && !store.recovery().clean() ? Outcome.EXEMPT : Outcome.SILENT;
    } catch (StoreException _) {
      return Outcome.REFUSED;
    }
  }

  /** Whether everything found is right, and only as much is missing as was said to be damaged. */
  private static boolean isNamed(
      Map<String, String> expected, Map<String, String> found, int damaged) {
    return expected.entrySet().containsAll(found.entrySet())
        && expected.size() - found.size() <= damaged;
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
