package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.journal.ChecksumRepair;
import io.lode.pool.SimulatedMemory;
import io.lode.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pools that were written when the format became version 2. They are never written again: what
 * somebody stored with the first version must be found by every later one.
 */
class GoldenPoolTest {
  private static final int SEGMENTS = 12;
  private static final int PAGE_BYTES = 4096;
  private static final int VERSION = 8;
  private static final int INCOMPATIBLE = 16;
  private static final int COMPATIBLE = 24;

  /** What can be done to a store, or to a map that shows what should be in it. */
  private interface Target {
    void put(String key, String value);

    void delete(String key);

    void batch(Map<String, String> entries);
  }

  /** Fills several segments: puts, updates, deletions and batches. */
  private static void fill(Target target) {
    for (int step = 0; step < 400; step++) {
      target.put("key " + step % 60, "value " + step);
      if (step % 9 == 0) {
        target.delete("key " + step * 7 % 60);
      }
      if (step % 25 == 0) {
        Map<String, String> batch = new LinkedHashMap<>();
        for (int entry = 0; entry < 5; entry++) {
          batch.put("batch " + entry, "of step " + step);
        }
        target.batch(batch);
      }
    }
    target.put("long", "x".repeat(3000));
    target.put("empty", "");
    target.put("schlüssel", "wert");
  }

  private static Map<String, String> expected() {
    Map<String, String> entries = new LinkedHashMap<>();
    fill(
        new Target() {
          @Override
          public void put(String key, String value) {
            entries.put(key, value);
          }

          @Override
          public void delete(String key) {
            entries.remove(key);
          }

          @Override
          public void batch(Map<String, String> batch) {
            entries.putAll(batch);
          }
        });
    return entries;
  }

  @ParameterizedTest
  @ValueSource(strings = {"version-2-closed", "version-2-killed"})
  void whatTheFirstVersionWroteIsReadForEver(String name) throws Exception {
    try (KvStore store = KvStore.open(golden(name), KvConfig.defaults())) {
      assertThat(store.recovery().clean()).isEqualTo(name.endsWith("closed"));
      assertThat(store.recovery().damages()).isEmpty();
      assertThat(store.recovery().tornTails()).isEmpty();
      assertThat(store.recovery().sealedSegments()).isPositive();
      assertThat(entries(store)).isEqualTo(expected());
      expected()
          .forEach((key, value) ->
              assertThat(store.get(bytes(key)).map(MemoryPools::text)).hasValue(value));
    }
  }

  @Test
  void whatTheFirstVersionWroteIsWrittenOn() throws Exception {
    SimulatedMemory memory = golden("version-2-killed");
    try (KvStore store = KvStore.open(memory, KvConfig.defaults())) {
      long version = store.version(bytes("long"));
      assertThat(store.compareAndSet(bytes("long"), version, bytes("short"))).isTrue();
      assertThat(store.delete(bytes("empty"))).isTrue();
    }
    Map<String, String> entries = expected();
    entries.put("long", "short");
    entries.remove("empty");
    try (KvStore store = KvStore.open(memory, KvConfig.defaults())) {
      assertThat(store.recovery().clean()).isTrue();
      assertThat(entries(store)).isEqualTo(entries);
    }
  }

  @Test
  void anotherVersionIsRefusedAndLeftAlone() throws Exception {
    for (int version : new int[] {0, 1, 3, -1}) {
      SimulatedMemory memory = changed(VERSION, version);
      byte[] before = memory.contents();
      boolean older = version == 0 || version == 1;
      assertThatThrownBy(() -> KvStore.open(memory, KvConfig.defaults()))
          .isInstanceOf(older ? StoreException.Older.class : StoreException.Newer.class)
          .hasMessageContaining("version " + Integer.toUnsignedString(version));
      assertThat(memory.contents()).isEqualTo(before);
    }
  }

  @Test
  void unknownFeatureThatMattersIsRefusedAndLeftAlone() throws Exception {
    SimulatedMemory memory = changed(INCOMPATIBLE, 0x40);
    byte[] before = memory.contents();
    assertThatThrownBy(() -> KvStore.open(memory, KvConfig.defaults()))
        .isInstanceOf(StoreException.Newer.class)
        .hasMessageContaining("0x40");
    assertThat(memory.contents()).isEqualTo(before);
  }

  @Test
  void unknownFeatureThatDoesNotMatterStaysSet() throws Exception {
    SimulatedMemory memory = changed(COMPATIBLE, 0x40);
    try (KvStore store = KvStore.open(memory, KvConfig.defaults())) {
      store.put(bytes("key"), bytes("value"));
    }
    for (int copy = 0; copy < 2; copy++) {
      assertThat(little(memory.contents()).getInt(copy * PAGE_BYTES + COMPATIBLE)).isEqualTo(0x40);
    }
  }

  /** The golden pool with a field of both device headers set, and their checksums put right. */
  private static SimulatedMemory changed(int offset, int value) throws IOException {
    byte[] image = golden("version-2-closed").contents();
    for (int copy = 0; copy < 2; copy++) {
      little(image).putInt(copy * PAGE_BYTES + offset, value);
    }
    new ChecksumRepair(image, (int) MemoryPools.SEGMENT_BYTES).run();
    return new SimulatedMemory(image);
  }

  private static ByteBuffer little(byte[] image) {
    return ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Map<String, String> entries(KvStore store) {
    Map<String, String> entries = new LinkedHashMap<>();
    for (Iterator<KvEntry> all = store.entries(); all.hasNext(); ) {
      KvEntry entry = all.next();
      entries.put(MemoryPools.text(entry.key()), MemoryPools.text(entry.value()));
    }
    return entries;
  }

  private static SimulatedMemory golden(String name) throws IOException {
    String resource = name + ".pool.gz";
    try (InputStream file =
            Objects.requireNonNull(GoldenPoolTest.class.getResourceAsStream(resource), resource);
        InputStream unpacked = new GZIPInputStream(file)) {
      return new SimulatedMemory(unpacked.readAllBytes());
    }
  }

  /**
   * Writes the pools of a new feature, once: into the first argument's folder, under names that
   * begin with the second. What is there already is never written again.
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    SimulatedMemory memory = MemoryPools.memory(SEGMENTS);
    KvStore store = KvStore.create(memory, MemoryPools.CONFIG);
    fill(new StoreTarget(store));
    write(folder.resolve(arguments[1] + "-killed.pool.gz"), memory.durableContents());
    store.close();
    write(folder.resolve(arguments[1] + "-closed.pool.gz"), memory.durableContents());
  }

  private static void write(Path file, byte[] image) throws IOException {
    try (var packed = new GZIPOutputStream(Files.newOutputStream(file, CREATE_NEW))) {
      packed.write(image);
    }
  }

  private record StoreTarget(KvStore store) implements Target {
    @Override
    public void put(String key, String value) {
      store.put(bytes(key), bytes(value));
    }

    @Override
    public void delete(String key) {
      store.delete(bytes(key));
    }

    @Override
    public void batch(Map<String, String> entries) {
      var batch = new WriteBatch();
      entries.forEach((key, value) -> batch.put(bytes(key), bytes(value)));
      store.write(batch);
    }
  }
}
