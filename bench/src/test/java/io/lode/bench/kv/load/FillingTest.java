package io.lode.bench.kv.load;

import static org.assertj.core.api.Assertions.assertThat;

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
}
