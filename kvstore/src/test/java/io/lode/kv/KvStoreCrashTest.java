package io.lode.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pool.SimulatedMemory;
import io.lode.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Power is cut before every fence of random programs, every likely state of the cache is tried, and
 * the pool is opened again: what was acknowledged is there, what was in flight is there whole or
 * not at all, and the store goes on from there.
 */
class KvStoreCrashTest {
  private static final long SEGMENT_BYTES = 16 << 10;
  private static final long POOL_BYTES = 8192 + 5 * SEGMENT_BYTES;
  private static final KvConfig CONFIG = KvConfig.defaults().withSegment(SEGMENT_BYTES);
  private static final int KEYS = 5;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  /** The state that must be there, and the one operation that may be there too. */
  private record Expected(
      Map<String, String> acknowledged, @Nullable String key, @Nullable String value) {
    boolean allows(Map<String, String> found) {
      if (found.equals(acknowledged)) {
        return true;
      }
      if (key == null) {
        return false;
      }
      Map<String, String> withPending = new HashMap<>(acknowledged);
      if (value == null) {
        withPending.remove(key);
      } else {
        withPending.put(key, value);
      }
      return found.equals(withPending);
    }
  }

  private Map<String, String> model = new HashMap<>();
  private Expected expected = new Expected(Map.of(), null, null);

  @Test
  void acknowledgedWritesSurviveAndOthersAreAllOrNothing() {
    int images = 0;
    for (int program = 0; program < 30; program++) {
      images += runProgram(25);
    }
    System.out.println("crash images tried: " + images + ", seed " + seed);
    assertThat(images).isGreaterThan(5_000);
  }

  private int runProgram(int operations) {
    model = new HashMap<>();
    expected = new Expected(Map.of(), null, null);
    var memory = new SimulatedMemory(POOL_BYTES);
    List<byte[]> images = new ArrayList<>();
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      memory.beforeFence(() -> memory.crashImages(random, 4, images::add));
      for (int i = 0; i < operations; i++) {
        operate(store);
        images.add(memory.durableContents());
        images.forEach(this::recoverAndGoOn);
        checked += images.size();
        images.clear();
        expected = new Expected(Map.copyOf(model), null, null);
      }
      memory.beforeFence(() -> {});
    }
    int done = checked;
    checked = 0;
    return done;
  }

  private int checked;

  private void operate(KvStore store) {
    String key = "key" + random.nextInt(KEYS);
    Map<String, String> before = Map.copyOf(model);
    if (random.nextInt(4) == 0) {
      expected = new Expected(before, key, null);
      store.delete(bytes(key));
      model.remove(key);
    } else {
      String value =
          "v".repeat(random.nextInt(random.nextInt(8) == 0 ? 3000 : 120)) + random.nextInt();
      expected = new Expected(before, key, value);
      store.put(bytes(key), bytes(value));
      model.put(key, value);
    }
  }

  private void recoverAndGoOn(byte[] image) {
    var memory = new SimulatedMemory(image);
    Map<String, String> found;
    try (KvStore store = KvStore.open(memory, CONFIG)) {
      found = contents(store);
      // Before the first read is served, what was accepted must be durable: another power cut now
      // finds the same.
      assertThat(contentsOf(memory.durableContents())).as(why()).isEqualTo(found);
    }
    assertThat(expected.allows(found)).as(why() + " found " + keysOf(found)).isTrue();
    try (KvStore store = KvStore.open(memory, CONFIG)) {
      store.put(bytes("after"), bytes("crash"));
      found.put("after", "crash");
      store.delete(bytes("key1"));
      found.remove("key1");
    } catch (StoreException.Full _) {
      return;
    }
    assertThat(contentsOf(memory.durableContents())).as(why()).isEqualTo(found);
  }

  private static Map<String, String> contentsOf(byte[] image) {
    try (KvStore store = KvStore.open(new SimulatedMemory(image), CONFIG)) {
      return contents(store);
    }
  }

  private static Map<String, String> contents(KvStore store) {
    Map<String, String> found = new HashMap<>();
    store.entries().forEachRemaining(entry -> found.put(text(entry.key()), text(entry.value())));
    assertThat(store.size()).isEqualTo(found.size());
    found.forEach((key, value) -> assertThat(store.get(bytes(key))).hasValue(bytes(value)));
    return found;
  }

  private String why() {
    return "seed "
        + seed
        + ", expected "
        + keysOf(expected.acknowledged())
        + " or with "
        + expected.key();
  }

  private static String keysOf(Map<String, String> map) {
    return map.keySet().stream().sorted().toList().toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
