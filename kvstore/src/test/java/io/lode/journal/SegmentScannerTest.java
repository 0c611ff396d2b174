package io.lode.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.CopyFlags;
import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.pool.Segment;
import io.lode.pool.SegmentHeader;
import io.lode.pool.SegmentUse;
import io.lode.pool.SimulatedMemory;
import io.lode.pool.TestPools;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SegmentScannerTest {
  private static final int FIRST_OF_SEVERAL = JournalFormat.FLAG_FIRST | JournalFormat.FLAG_SEVERAL;

  private final long seed = Long.getLong("lode.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final SimulatedMemory memory = new SimulatedMemory(TestPools.bytes(3));
  private Pool pool;
  private GroupEncoder group;

  @BeforeEach
  void makePool() {
    pool = TestPools.format(memory);
    pool.own();
    group = new GroupEncoder();
  }

  @Test
  void groupsOfAnySizeAreFoundInOrder() {
    SegmentWriter writer = freshSegment();
    List<Long> sequences = new ArrayList<>();
    long sequence = 1;
    while (true) {
      int records = 1 + random.nextInt(6);
      fill(records, random.nextInt(100));
      if (!writer.hasRoom(group)) {
        break;
      }
      append(writer, sequence);
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
    // A batch whose first record fills a line, which never reached the medium.
    fill(3, PoolFormat.LINE_BYTES - RecordLayout.headerBytes(FIRST_OF_SEVERAL) - 4);
    long batch = append(writer, 1);
    memory.fill(batch, PoolFormat.LINE_BYTES, (byte) 0, CopyFlags.NONE);

    pool = TestPools.read(memory);
    Journal journal =
        Journal.resume(Journal.read(pool, TestJournals.IN_TURN), 1, Runnable::run, false);
    long sequence = journal.nextSequence();
    try (Group next = journal.begin(1)) {
      byte[] value = new byte[PoolFormat.LINE_BYTES - JournalFormat.SINGLE_HEADER_BYTES - 4];
      next.add(RecordKind.PUT, new byte[4], value, 0);
      assertThat(offset(next.commit())).isEqualTo(batch);
    }
    assertThat(scanRecords(0)).containsExactly(sequence);
  }

  @Test
  void recordsOfATornBatchAreNotTakenIntoALaterOne() {
    SegmentWriter writer = freshSegment();
    int value = PoolFormat.LINE_BYTES - RecordLayout.headerBytes(FIRST_OF_SEVERAL) - 4;
    fill(3, value);
    long place = append(writer, 1);
    // A later owner begins the same batch with other values, and only its first line gets there.
    reopen();
    fill(3, value);
    group.renumber(1);
    group.complete(use(), pool.epoch(), place - segment(0).offset(0), 1);
    memory.copy(place, group.memory(), 0, PoolFormat.LINE_BYTES, CopyFlags.NONE);
    assertThat(scanRecords(0)).isEmpty();

    memory.copy(place, group.memory(), 0, group.groupLength(), CopyFlags.NONE);
    assertThat(scanRecords(0)).containsExactly(1L, 2L, 3L);
  }

  /**
   * No writer fills a segment so far, but its checksums are right: sealing it would lose records.
   */
  @Test
  void segmentWithoutRoomForItsSummaryIsNotSealed() {
    freshSegment();
    int length =
        (int) TestPools.SEGMENT_BYTES - PoolFormat.BODY_OFFSET - JournalFormat.FOOTER_BYTES;
    byte[] value = new byte[length - JournalFormat.SINGLE_HEADER_BYTES - 4];
    group.clear(false, false);
    group.add(RecordKind.PUT, new byte[4], value, 0, 1);
    group.complete(use(), pool.epoch(), PoolFormat.BODY_OFFSET, 1);
    long place = segment(0).offset(PoolFormat.BODY_OFFSET);
    memory.copy(place, group.memory(), 0, group.groupLength(), CopyFlags.NONE);
    for (boolean sealAll : new boolean[] {true, false}) {
      pool = TestPools.read(memory);
      Journal.resume(Journal.read(pool, TestJournals.IN_TURN), 1, Runnable::run, sealAll);
      assertThat(scan(0).sealed()).isFalse();
      assertThat(scanRecords(0)).containsExactly(1L);
    }
  }

  @Test
  void recordsMayHaveVersionsOfTheirOwn() {
    SegmentWriter writer = freshSegment();
    for (int records : new int[] {1, 3}) {
      group.clear(records > 1, true);
      for (int i = 0; i < records; i++) {
        group.add(RecordKind.PUT, new byte[] {(byte) i}, new byte[5], i, 7 - i);
      }
      writer.append(group, 100 + records, pool.epoch());
    }

    SegmentScan scan = new SegmentScanner(pool).scanRecords(segment(0), header(0));
    assertThat(sequences(scan)).containsExactly(7L, 7L, 6L, 5L);
    assertThat(scan.lastGroup()).isEqualTo(103);
    writer.seal();
    assertThat(scan(0).sealed()).isTrue();
    assertThat(sequences(scan(0))).containsExactly(7L, 7L, 6L, 5L);
    assertThat(scan(0).lastGroup()).isEqualTo(103);
  }

  @Test
  void versionsFarApartNeedLongerEntries() {
    for (long far : new long[] {0xFFFF_FFFFL, 1L << 32, Long.MAX_VALUE - 5}) {
      makePool();
      SegmentWriter writer = freshSegment();
      List<Long> sequences = new ArrayList<>(List.of(5L, 5 + far));
      fill(1, 0);
      append(writer, 5);
      fill(1, 0);
      append(writer, 5 + far);
      while (hasRoomForOneMore(writer) && 5 + far + sequences.size() > 0) {
        sequences.add(5 + far + sequences.size());
        append(writer, sequences.getLast());
      }
      writer.seal();

      assertThat(scan(0).sealed()).isTrue();
      assertThat(sequences(scan(0))).isEqualTo(sequences);
      assertThat(scanRecords(0)).isEqualTo(sequences);
    }
  }

  private boolean hasRoomForOneMore(SegmentWriter writer) {
    fill(1, 0);
    return writer.hasRoom(group);
  }

  @Test
  void batchIsThereWholeOrNotAtAllWhereverItTears() {
    for (int lost = 0; lost < 8; lost++) {
      makePool();
      SegmentWriter writer = freshSegment();
      fill(1, 10);
      append(writer, 1);
      fill(4, 100);
      long batch = append(writer, 2);
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
    int other = allocate().index();
    fill(1, 10);
    append(writer, 1);
    fill(1, 10);
    long place = append(writer, 2);
    byte[] bytes = new byte[group.groupLength()];
    MemorySegment moved = MemorySegment.ofArray(bytes);
    MemorySegment.copy(memory.segment(), place, moved, 0, bytes.length);

    memory.fill(place, bytes.length, (byte) 0, CopyFlags.NONE);
    memory.copy(place + 64, moved, 0, bytes.length, CopyFlags.NONE);
    assertThat(scanRecords(0)).containsExactly(1L);
    memory.copy(
        place - segment(0).offset(0) + segment(other).offset(0),
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
      append(writer, i);
    }
    assertThat(scanRecords(0)).hasSize(10);
    SegmentHeader old = header(0);
    // The second has the low half in common, which is all that a record holds in plain.
    for (long uses : new long[] {1, 1L << 32}) {
      var reused =
          new SegmentHeader(
              old.generation() + uses, 1, old.epoch(), SegmentUse.WRITES, null, null, 0);
      SegmentScan scan = new SegmentScanner(pool).scanRecords(segment(0), reused);

      assertThat(scan.recordCount()).isZero();
      assertThat(scan.gaps()).isEmpty();
      assertThat(scan.tail()).isEqualTo(PoolFormat.BODY_OFFSET);
    }
  }

  @Test
  void groupsOfAnEarlierEpochAreNotFoundBehindALaterOne() {
    SegmentWriter writer = freshSegment();
    fill(1, 10);
    long first = append(writer, 1);
    fill(1, 10);
    append(writer, 2);
    // The first place is written again by a later owner, as after a torn group.
    reopen();
    group = new GroupEncoder();
    fill(1, 10);
    group.renumber(1);
    group.complete(use(), pool.epoch(), first - segment(0).offset(0), 1);
    memory.copy(first, group.memory(), 0, group.groupLength(), CopyFlags.NONE);

    assertThat(scanRecords(0)).containsExactly(1L);
  }

  @Test
  void summaryThatDoesNotVerifyIsNotBelieved() {
    SegmentWriter writer = freshSegment();
    fill(2, 10);
    append(writer, 1);
    writer.seal();
    assertThat(scan(0).sealed()).isTrue();
    long end = segment(0).offset(0) + TestPools.SEGMENT_BYTES;
    for (int back = 1; back <= JournalFormat.FOOTER_BYTES + 2 * JournalFormat.ENTRY_BYTES; back++) {
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
    int index = allocate().index();
    byte[] body = new byte[(int) (TestPools.SEGMENT_BYTES - PoolFormat.BODY_OFFSET)];
    for (int round = 0; round < 200; round++) {
      random.nextBytes(body);
      // Plausible numbers where a record has them, so that more than the first check is passed.
      MemorySegment bytes = MemorySegment.ofArray(body);
      for (int at = 0; at + 64 <= body.length; at += 64) {
        bytes.set(PoolFormat.U32, at + JournalFormat.G_TAG, JournalFormat.tag(use()));
        bytes.set(PoolFormat.U32, at + JournalFormat.G_EPOCH, (int) pool.epoch());
        body[at + JournalFormat.R_FLAGS] &= 7;
        body[at + JournalFormat.R_KIND] = 1;
      }
      memory.copy(
          segment(index).offset(0) + PoolFormat.BODY_OFFSET, bytes, 0, body.length, CopyFlags.NONE);
      assertThat(scanRecords(index)).as("seed " + seed).isEmpty();
    }
  }

  private long use() {
    return JournalFormat.use(pool.seed(), segment(0).number(), header(0).generation());
  }

  private SegmentWriter freshSegment() {
    return SegmentWriter.fresh(allocate(), pool.seed(), new SummaryPieces());
  }

  private Segment allocate() {
    return Objects.requireNonNull(
        pool.allocator().allocate(pool.device(), SegmentUse.WRITES, 1, null));
  }

  /** Writes the group, its records numbered from its own sequence; returns its offset. */
  private long append(SegmentWriter writer, long sequence) {
    group.renumber(sequence);
    return offset(writer.append(group, sequence, pool.epoch()));
  }

  private long offset(long address) {
    Segment segment = pool.segmentAt(address);
    return segment.offset(segment.position(address));
  }

  private void reopen() {
    pool = TestPools.read(memory);
    pool.own();
  }

  private Segment segment(int index) {
    return pool.segments().get(index);
  }

  private SegmentHeader header(int index) {
    return Objects.requireNonNull(segment(index).header());
  }

  private void fill(int records, int valueLength) {
    group.clear(records > 1, false);
    for (int i = 0; i < records; i++) {
      byte[] value = new byte[valueLength];
      random.nextBytes(value);
      byte[] key = {1, 2, 3, (byte) random.nextInt()};
      group.add(RecordKind.PUT, key, value, KeyHash.of(pool.seed(), key, 0, 4), 1 + i);
    }
  }

  private SegmentScan scan(int index) {
    return new SegmentScanner(pool).scan(segment(index), header(index));
  }

  private List<Long> scanRecords(int index) {
    return sequences(new SegmentScanner(pool).scanRecords(segment(index), header(index)));
  }

  private List<Long> sequences(SegmentScan scan) {
    Summary records = new SegmentScanner(pool).records(scan);
    return IntStream.range(0, records.count()).mapToObj(records::sequence).toList();
  }
}
