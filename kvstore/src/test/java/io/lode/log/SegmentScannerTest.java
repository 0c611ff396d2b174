package io.lode.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.CopyFlags;
import io.lode.pool.DeviceState;
import io.lode.pool.Pool;
import io.lode.pool.PoolFile;
import io.lode.pool.PoolFormat;
import io.lode.pool.SegmentHeader;
import io.lode.pool.SimulatedMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SegmentScannerTest {
  private static final long SEGMENT_BYTES = 16 << 10;

  private final long seed = Long.getLong("lode.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final SimulatedMemory memory =
      new SimulatedMemory(PoolFormat.SEGMENTS_OFFSET + 3 * SEGMENT_BYTES);
  private Pool pool;
  private GroupEncoder group;

  @BeforeEach
  void makePool() {
    Pool.format(PoolFile.mediumOf(memory), memory, SEGMENT_BYTES, true);
    pool = Pool.read(PoolFile.mediumOf(memory), memory, DeviceState.UNKNOWN);
    pool.own();
    group = new GroupEncoder(pool.seed());
  }

  @Test
  void groupsOfAnySizeAreFoundInOrder() {
    SegmentWriter writer = freshSegment();
    List<Long> sequences = new ArrayList<>();
    long sequence = 1;
    while (true) {
      int records = 1 + random.nextInt(6);
      fill(records, random.nextInt(100));
      if (!writer.hasRoom(group.groupLength(), records)) {
        break;
      }
      writer.append(group, sequence);
      for (int i = 0; i < records; i++) {
        sequences.add(sequence++);
      }
    }
    assertThat(scanRecords(0)).as("seed " + seed).isEqualTo(sequences);
    writer.seal();
    SegmentScan scan = scan(0);
    assertThat(scan.sealed()).isTrue();
    assertThat(sequences(scan)).as("seed " + seed).isEqualTo(sequences);
    assertThat(scanRecords(0)).as("seed " + seed).isEqualTo(sequences);
  }

  @Test
  void restOfATornBatchIsNotFoundBehindANewGroup() {
    SegmentWriter writer = freshSegment();
    // A batch whose records fill one line each, of which the first never reached the medium.
    fill(3, 64 - LogFormat.RECORD_HEADER_BYTES - 4);
    long batch = writer.append(group, 1);
    memory.fill(batch, PoolFormat.LINE_BYTES, (byte) 0, CopyFlags.NONE);

    reopen();
    Log log = new Log(pool, 1, Runnable::run);
    log.recovered(header(0), new SegmentScanner(pool).scan(0, header(0)));
    log.start(false);
    fill(1, 64 - LogFormat.RECORD_HEADER_BYTES - 4);
    long sequence = log.nextSequence();

    assertThat(log.append(log.lane(0), group, log.takeSequences(group.count()))).isEqualTo(batch);
    assertThat(scanRecords(0)).containsExactly(sequence);
  }

  @Test
  void batchIsThereWholeOrNotAtAllWhereverItTears() {
    for (int lost = 0; lost < 8; lost++) {
      makePool();
      SegmentWriter writer = freshSegment();
      fill(1, 10);
      writer.append(group, 1);
      fill(4, 100);
      long batch = writer.append(group, 2);
      if (lost * 64 >= group.groupLength()) {
        break;
      }
      memory.fill(batch + lost * 64L, 8, (byte) 0x5A, CopyFlags.NONE);
      assertThat(scanRecords(0)).as("line " + lost).containsExactly(1L);
    }
  }

  @Test
  void groupIsNotFoundAnywhereButInItsPlace() {
    SegmentWriter writer = freshSegment();
    int other = pool.allocate(1, null);
    fill(1, 10);
    writer.append(group, 1);
    fill(1, 10);
    long place = writer.append(group, 2);
    byte[] bytes = new byte[group.groupLength()];
    MemorySegment moved = MemorySegment.ofArray(bytes);
    MemorySegment.copy(memory.segment(), place, moved, 0, bytes.length);

    memory.fill(place, bytes.length, (byte) 0, CopyFlags.NONE);
    memory.copy(place + 64, moved, 0, bytes.length, CopyFlags.NONE);
    assertThat(scanRecords(0)).containsExactly(1L);
    memory.copy(
        place - pool.segmentOffset(0) + pool.segmentOffset(other),
        moved,
        0,
        bytes.length,
        CopyFlags.NONE);
    assertThat(scanRecords(other)).isEmpty();
    memory.copy(place, moved, 0, bytes.length, CopyFlags.NONE);
    assertThat(scanRecords(0)).containsExactly(1L, 2L);
  }

  @Test
  void recordsOfAnEarlierUseAreNotFound() {
    SegmentWriter writer = freshSegment();
    for (int i = 1; i <= 10; i++) {
      fill(1, 50);
      writer.append(group, i);
    }
    assertThat(scanRecords(0)).hasSize(10);
    SegmentHeader old = header(0);
    // The second has the low half in common, which is all that a record holds in plain.
    for (long uses : new long[] {1, 1L << 32}) {
      var reused = new SegmentHeader(old.generation() + uses, 1, old.epoch(), null);
      SegmentScan scan = new SegmentScanner(pool).scanRecords(0, reused);

      assertThat(scan.recordCount()).isZero();
      assertThat(scan.gaps()).isEmpty();
      assertThat(scan.tail()).isEqualTo(PoolFormat.BODY_OFFSET);
    }
  }

  @Test
  void groupsOfAnEarlierEpochAreNotFoundBehindALaterOne() {
    SegmentWriter writer = freshSegment();
    fill(1, 10);
    long first = writer.append(group, 1);
    fill(1, 10);
    writer.append(group, 2);
    // The first place is written again by a later owner, as after a torn group.
    reopen();
    group = new GroupEncoder(pool.seed());
    fill(1, 10);
    group.complete(0, header(0).generation(), pool.epoch(), first - pool.segmentOffset(0), 1);
    memory.copy(first, group.memory(), 0, group.groupLength(), CopyFlags.NONE);

    assertThat(scanRecords(0)).containsExactly(1L);
  }

  @Test
  void summaryThatDoesNotVerifyIsNotBelieved() {
    SegmentWriter writer = freshSegment();
    fill(2, 10);
    writer.append(group, 1);
    writer.seal();
    assertThat(scan(0).sealed()).isTrue();
    long end = pool.segmentOffset(0) + SEGMENT_BYTES;
    for (int back = 1; back <= LogFormat.FOOTER_BYTES + 2 * LogFormat.ENTRY_BYTES; back++) {
      byte[] kept = new byte[1];
      MemorySegment.copy(memory.segment(), end - back, MemorySegment.ofArray(kept), 0, 1);
      memory.fill(end - back, 1, (byte) (kept[0] ^ 0x10), CopyFlags.NONE);
      assertThat(scan(0).sealed()).as("byte " + back + " from the end").isFalse();
      assertThat(sequences(scan(0))).containsExactly(1L, 2L);
      memory.fill(end - back, 1, kept[0], CopyFlags.NONE);
    }
  }

  @Test
  void anyBytesAtAllAreScannedWithoutHarm() {
    int index = pool.allocate(1, null);
    byte[] body = new byte[(int) (SEGMENT_BYTES - PoolFormat.BODY_OFFSET)];
    for (int round = 0; round < 200; round++) {
      random.nextBytes(body);
      // Plausible numbers where a record has them, so that more than the first check is passed.
      MemorySegment bytes = MemorySegment.ofArray(body);
      for (int at = 0; at + 64 <= body.length; at += 64) {
        bytes.set(PoolFormat.U32, at + LogFormat.R_GENERATION, 1);
        bytes.set(GroupEncoder.U16, at + LogFormat.R_INDEX, (short) 0);
        bytes.set(PoolFormat.U32, at + LogFormat.R_EPOCH, (int) pool.epoch());
        body[at + LogFormat.R_FLAGS] = 0;
        body[at + LogFormat.R_KIND] = 1;
      }
      memory.copy(
          pool.segmentOffset(index) + PoolFormat.BODY_OFFSET,
          bytes,
          0,
          body.length,
          CopyFlags.NONE);
      assertThat(scanRecords(index)).as("seed " + seed).isEmpty();
    }
  }

  private SegmentWriter freshSegment() {
    int index = pool.allocate(1, null);
    return SegmentWriter.fresh(pool, index, header(index), new SummaryPieces());
  }

  private void reopen() {
    pool = Pool.read(PoolFile.mediumOf(memory), memory, DeviceState.UNKNOWN);
    pool.own();
  }

  private SegmentHeader header(int index) {
    return Objects.requireNonNull(pool.segment(index));
  }

  private void fill(int records, int valueLength) {
    group.clear();
    for (int i = 0; i < records; i++) {
      byte[] value = new byte[valueLength];
      random.nextBytes(value);
      group.add(RecordKind.PUT, new byte[] {1, 2, 3, (byte) random.nextInt()}, value);
    }
  }

  private SegmentScan scan(int index) {
    return new SegmentScanner(pool).scan(index, header(index));
  }

  private List<Long> scanRecords(int index) {
    return sequences(new SegmentScanner(pool).scanRecords(index, header(index)));
  }

  private List<Long> sequences(SegmentScan scan) {
    Summary records = new SegmentScanner(pool).records(scan);
    return IntStream.range(0, records.count()).mapToObj(records::sequence).toList();
  }
}
