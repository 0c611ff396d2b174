package io.lode.bench.kv.store;

import java.io.IOException;
import java.nio.file.Path;
import net.openhft.chronicle.map.ChronicleMap;

/** Chronicle Map in a file: nothing is ever flushed, so it survives the process only. */
final class ChronicleStore implements Session {
  private final ChronicleMap<byte[], byte[]> map;
  private final byte[] value;
  private final Sink sink = new Sink();

  private ChronicleStore(ChronicleMap<byte[], byte[]> map, int valueBytes) {
    this.map = map;
    this.value = new byte[valueBytes];
  }

  static Subject open(Path folder, Sizing sizing) throws IOException {
    ChronicleMap<byte[], byte[]> map =
        ChronicleMap.of(byte[].class, byte[].class)
            .name("bench")
            .entries(sizing.entries())
            .constantKeySizeBySample(new byte[sizing.keyBytes()])
            .constantValueSizeBySample(new byte[sizing.valueBytes()])
            .putReturnsNull(true)
            .removeReturnsNull(true)
            .createPersistedTo(folder.resolve("bench.chronicle").toFile());
    return new OpenStore(
        () -> new ChronicleStore(map, sizing.valueBytes()), "none: never flushed", map);
  }

  @Override
  public void put(byte[] key, byte[] bytes) {
    map.put(key, bytes);
  }

  @Override
  public int get(byte[] key, byte[] destination) {
    // Given an array of the right length, it reads into that and allocates none.
    return Session.copied(map.getUsing(key, value), destination);
  }

  @Override
  public void delete(byte[] key) {
    map.remove(key);
  }

  @Override
  public long scan() {
    long[] count = {0};
    map.forEach((_, found) -> {
      sink.add(found[0]);
      count[0]++;
    });
    return count[0];
  }
}
