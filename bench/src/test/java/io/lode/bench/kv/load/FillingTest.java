package io.lode.bench.kv.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.bench.kv.store.Session;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FillingTest {
  @Test
  void everyEntryIsPutOnceInTheOrderOfTheKeys() {
    for (int entries : new int[] {1, 2, 1000, 4096, 65537}) {
      int[] order = Filling.order(entries);
      assertThat(Arrays.stream(order).sorted().toArray())
          .isEqualTo(IntStream.range(0, entries).toArray());
      assertThat(
              IntStream.range(1, entries)
                  .filter(at ->
                      Long.compareUnsigned(Dataset.tag(order[at - 1]), Dataset.tag(order[at])) > 0))
          .isEmpty();
    }
  }

  @Test
  void batchesAreBoundedByTheirBytesToo() throws Exception {
    for (int valueBytes : new int[] {8, 200, 4096, 64 << 10}) {
      var session = new Batched();
      new Filling(new Dataset(16, valueBytes), session).fill(300);
      assertThat(session.entries).as(valueBytes + " B").isEqualTo(300);
      assertThat(session.longest)
          .as(valueBytes + " B")
          .isLessThanOrEqualTo(Math.max(1 << 20, 16 + valueBytes));
    }
  }

  /** Remembers the longest batch. */
  private static final class Batched implements Session, Session.Batches {
    private int entries;
    private long longest;

    @Override
    public void putAll(byte[][] keys, byte[][] values) {
      entries += keys.length;
      longest = Math.max(longest, (long) keys.length * (keys[0].length + values[0].length));
    }

    @Override
    public void put(byte[] key, byte[] value) {
      throw new AssertionError("one by one");
    }

    @Override
    public int get(byte[] key, byte[] destination) {
      return -1;
    }

    @Override
    public void delete(byte[] key) {}

    @Override
    public long scan() {
      return entries;
    }
  }
}
