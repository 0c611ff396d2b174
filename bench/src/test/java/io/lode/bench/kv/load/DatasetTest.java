package io.lode.bench.kv.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DatasetTest {
  @Test
  void noTwoKeysOfEightBytesAreEqual() {
    var data = new Dataset(8, 8);
    Set<ByteBuffer> keys = new HashSet<>();
    for (int index = 0; index < 100_000; index++) {
      byte[] key = data.newKey();
      data.setKey(index, key);
      assertThat(keys.add(ByteBuffer.wrap(key))).isTrue();
    }
  }

  @Test
  void valueTellsItsEntry() {
    var data = new Dataset(16, 200);
    byte[] value = data.newValue();
    data.setValue(7, 0, value);
    assertThat(Dataset.firstWord(value)).isEqualTo(Dataset.tag(7));
  }

  @Test
  void entriesAreCountedInWholeLines() {
    assertThat(new Dataset(16, 200).lineBytes()).isEqualTo(256);
    assertThat(new Dataset(8, 56).lineBytes()).isEqualTo(64);
  }

  @Test
  void lengthsBelowAWordAreRefused() {
    assertThatThrownBy(() -> new Dataset(4, 200)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Dataset(16, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
