package io.lode.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.Granularity;
import io.lode.pmem.PmemException;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A file system without room for blocks that a pool has lost, or shares with a clone. */
class MissingRoomTest {
  private static final int ENOSPC = 28;
  private static final String REASON = "the file shares these blocks with a clone";

  private final Memory memory = new Memory();
  private final Pool pool = TestPools.format(memory);

  /** Memory on a file system with room for its first bytes. */
  private static final class Memory extends SimulatedMemory {
    private long roomBytes = Long.MAX_VALUE;
    private Granularity granularity = Granularity.CACHE_LINE;

    Memory() {
      super(TestPools.bytes(4));
    }

    @Override
    public Granularity granularity() {
      return granularity;
    }

    @Override
    public void ensureAllocated(long offset, long length) {
      if (offset + length > roomBytes) {
        throw new PmemException(-ENOSPC, REASON);
      }
    }

    @Override
    public void copy(
        long offset, MemorySegment source, long sourceOffset, long length, CopyFlags flags) {
      ensureAllocated(offset, length);
      super.copy(offset, source, sourceOffset, length, flags);
    }
  }

  private Segment allocate() {
    return Objects.requireNonNull(
        pool.allocator().allocate(pool.device(), SegmentUse.WRITES, 1, null));
  }

  @Test
  void segmentIsTakenOnlyIfNothingOfItNeedsRoom() {
    pool.own();
    memory.roomBytes = 0;
    byte[] before = memory.contents();
    assertThatThrownBy(this::allocate)
        .isInstanceOf(StoreException.Full.class)
        .hasMessageContaining("no room")
        .hasMessageContaining(REASON);
    assertThat(memory.contents()).isEqualTo(before);
    memory.roomBytes = Long.MAX_VALUE;
    assertThat(allocate().index()).isZero();
  }

  @Test
  void poolWithoutRoomForItsHeadersStaysAsItWas() {
    memory.roomBytes = PoolFormat.SEGMENTS_OFFSET - 1;
    byte[] before = memory.contents();
    assertThatThrownBy(pool::own)
        .isInstanceOf(StoreException.Full.class)
        .hasMessageContaining(REASON);
    assertThat(memory.contents()).isEqualTo(before);
  }

  @Test
  void nativeStoreThatFindsNoRoomIsFull() {
    pool.own();
    Segment segment = allocate();
    memory.roomBytes = 0;
    assertThatThrownBy(() -> copyTo(segment))
        .isInstanceOf(StoreException.Full.class)
        .hasMessageContaining(REASON);
  }

  /** The kernel may have written a part before it found no room for the rest. */
  @Test
  void writeOfTheKernelThatFindsNoRoomIsAFailure() {
    memory.granularity = Granularity.PAGE;
    Pool synced = TestPools.read(memory);
    synced.own();
    Segment segment =
        Objects.requireNonNull(
            synced.allocator().allocate(synced.device(), SegmentUse.WRITES, 1, null));
    memory.roomBytes = 0;
    assertThatThrownBy(() -> copyTo(segment)).isInstanceOf(PmemException.class);
  }

  private static void copyTo(Segment segment) {
    segment.copy(
        PoolFormat.BODY_OFFSET, MemorySegment.ofArray(new byte[64]), 64, CopyFlags.NON_TEMPORAL);
  }
}
