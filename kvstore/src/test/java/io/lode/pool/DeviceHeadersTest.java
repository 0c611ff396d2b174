package io.lode.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.crashtest.ForwardingMap;
import io.lode.pmem.CopyFlags;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a crash did to one copy, the other one is whole while it is replaced. */
class DeviceHeadersTest {
  private final SimulatedMemory memory = new SimulatedMemory(TestPools.bytes(2));
  private final List<Long> written = new ArrayList<>();
  private final ForwardingMap map =
      new ForwardingMap(memory) {
        @Override
        public void copy(
            long offset, MemorySegment source, long sourceOffset, long length, CopyFlags flags) {
          written.add(offset);
          super.copy(offset, source, sourceOffset, length, flags);
        }
      };

  @ParameterizedTest
  @ValueSource(longs = {0, PoolFormat.COPY_STRIDE_BYTES})
  void copyThatCountsIsReplacedLast(long torn) {
    TestPools.format(memory);
    memory.fill(torn + PoolFormat.D_CHECKSUM, 4, (byte) 0x5A, CopyFlags.NONE);

    DeviceHeaders.write(map, DeviceHeaders.read("test", memory).header());

    assertThat(written).containsExactly(torn, PoolFormat.COPY_STRIDE_BYTES - torn);
    assertThat(DeviceHeaders.read("test", memory).copiesAgree()).isTrue();
  }

  @Test
  void olderOfTwoWholeCopiesIsReplacedFirst() {
    Pool pool = TestPools.format(memory);
    byte[] before = memory.contents();
    pool.own();
    // As after a crash between the two copies of a new owner.
    MemorySegment old = MemorySegment.ofArray(before);
    memory.copy(0, old, 0, PoolFormat.DEVICE_HEADER_BYTES, CopyFlags.NONE);

    DeviceHeaders.write(map, DeviceHeaders.read("test", memory).header());

    assertThat(written).containsExactly(0L, PoolFormat.COPY_STRIDE_BYTES);
  }

  /** Some memory takes stores and keeps nothing: a host bridge without a decoder, for example. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void memoryThatKeepsNothingIsToldAsThat(boolean holdsAnotherPool) {
    if (holdsAnotherPool) {
      TestPools.format(memory);
    }
    var sieve =
        new ForwardingMap(memory) {
          @Override
          public void copy(
              long offset, MemorySegment source, long sourceOffset, long length, CopyFlags flags) {
            written.add(offset);
          }
        };
    assertThatThrownBy(() -> TestPools.format(sieve))
        .isInstanceOf(StoreException.Io.class)
        .hasMessageContaining("does not read back");
    assertThat(written).isNotEmpty();
  }
}
