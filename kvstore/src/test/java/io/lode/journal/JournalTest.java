package io.lode.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.crashtest.ForwardingMap;
import io.lode.pmem.CopyFlags;
import io.lode.pmem.PmemException;
import io.lode.pmem.PmemMap;
import io.lode.pool.Pool;
import io.lode.pool.Segment;
import io.lode.pool.SegmentUse;
import io.lode.pool.SimulatedMemory;
import io.lode.pool.TestPools;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The protocol of reading, resuming and appending, without a store on it. */
class JournalTest {
  private static final byte[] KEY = {1, 2, 3};

  private final SimulatedMemory memory = new SimulatedMemory(TestPools.bytes(6));
  private Pool pool = TestPools.format(memory);

  private Journal resume(int appenders) {
    return Journal.resume(
        Journal.read(pool, TestJournals.IN_TURN), appenders, Runnable::run, false);
  }

  private Recovered reread() {
    return Journal.read(TestPools.read(memory), TestJournals.IN_TURN);
  }

  private static long append(Journal journal, int records, int valueBytes) {
    try (Group group = journal.begin(records)) {
      for (int record = 0; record < records; record++) {
        group.add(RecordKind.PUT, KEY, new byte[valueBytes], record);
      }
      return group.commit();
    }
  }

  private static List<Long> sequences(Recovered found) {
    List<Long> all = new ArrayList<>();
    for (SegmentScan scan : found.scans()) {
      Summary records = found.records(scan);
      for (int i = 0; i < records.count(); i++) {
        all.add(records.sequence(i));
      }
    }
    return all;
  }

  @Test
  void readingWritesNothing() {
    append(resume(1), 3, 10);
    byte[] before = memory.contents();

    assertThat(sequences(reread())).containsExactly(1L, 2L, 3L);
    assertThat(memory.contents()).isEqualTo(before);
  }

  @Test
  void groupThatIsNotCommittedLeavesNothingButItsVersions() {
    Journal journal = resume(1);
    try (Group group = journal.begin(2)) {
      group.add(RecordKind.PUT, KEY, new byte[10], 0);
    }
    append(journal, 1, 10);

    assertThat(sequences(reread())).containsExactly(3L);
  }

  @Test
  void appenderIsGivenBackWhateverHappens() {
    Journal journal = resume(1);
    for (int round = 0; round < 3; round++) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> append(journal, 1, (int) TestPools.SEGMENT_BYTES));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> {
            try (Group group = journal.begin(1)) {
              group.add(RecordKind.PUT, new byte[0], new byte[1], 0);
            }
          });
      assertThat(journal.isBusy()).isFalse();
    }
    append(journal, 1, 10);
    assertThat(reread().recordCount()).isEqualTo(1);
  }

  /** Otherwise a pool is called full while what could be gained has not been sealed yet. */
  @Test
  void fullSegmentThatIsNotSealedYetIsWaitedFor() throws Exception {
    List<Runnable> later = new ArrayList<>();
    Journal journal =
        Journal.resume(Journal.read(pool, TestJournals.IN_TURN), 1, later::add, false);
    while (pool.allocator().allocations() < 2) {
      append(journal, 1, 1000);
    }
    assertThat(journal.sealedSegments()).isEmpty();
    assertThat(journal.isSealing()).isTrue();
    Thread sealing = Thread.ofPlatform().start(() -> List.copyOf(later).forEach(Runnable::run));
    assertThat(journal.awaitSealed()).isTrue();
    assertThat(journal.sealedSegments()).hasSize(1);
    assertThat(journal.isSealing()).isFalse();
    sealing.join();
  }

  @Test
  void addressesOfAGroupLeadToItsRecords() {
    Journal journal = resume(1);
    var access = new RecordAccess(pool);
    try (Group group = journal.begin(3)) {
      for (int record = 0; record < 3; record++) {
        group.add(RecordKind.PUT, new byte[] {(byte) record}, new byte[100 + record], record);
      }
      group.commit();
      for (int record = 0; record < 3; record++) {
        RecordReader read = Objects.requireNonNull(access.read(group.address(record)));
        assertThat(read.hasKey(new byte[] {(byte) record})).isTrue();
        assertThat(read.valueLength()).isEqualTo(100 + record);
        assertThat(read.sequence()).isEqualTo(1 + record);
      }
    }
  }

  @Test
  void whatNoSegmentIsFreeForGoesToAnotherAppenderWithALaterVersion() {
    Journal journal = resume(2);
    // Two appenders at work: the second one opens a segment of its own.
    try (Group first = journal.begin(1)) {
      first.add(RecordKind.PUT, KEY, new byte[10], 0);
      var other = new Thread(() -> append(journal, 1, 10));
      other.start();
      join(other);
      first.commit();
    }
    // This thread's appender fills the rest of the pool; then there is room beside the other's.
    int appended = 2;
    try {
      while (true) {
        append(journal, 1, 3000);
        appended++;
      }
    } catch (NoSegmentException full) {
      assertThat(full.groupBytes()).isBetween(3000, 3100);
      assertThat(full.onlyRemoves()).isFalse();
    }
    assertThat(journal.isPoisoned()).isFalse();
    List<Long> sequences = sequences(reread());
    assertThat(sequences).hasSize(appended).doesNotHaveDuplicates();
    assertThat(reread().scans())
        .hasSize(4)
        .allSatisfy(scan -> assertThat(scan.lastSequence()).isEqualTo(scan.lastGroup()));
    assertThat(reread().damages()).isEmpty();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Test
  void failedAppendPoisonsAndNothingIsTakenAfterIt() {
    PmemMap failing =
        new ForwardingMap(memory) {
          @Override
          public void copy(
              long offset, MemorySegment source, long sourceOffset, long length, CopyFlags flags) {
            if (flags.equals(CopyFlags.NON_TEMPORAL) && length > 1000) {
              throw new PmemException(-5, "the device is gone");
            }
            super.copy(offset, source, sourceOffset, length, flags);
          }
        };
    pool = TestPools.read(failing);
    Journal journal = resume(1);
    append(journal, 1, 10);

    assertThatThrownBy(() -> append(journal, 1, 2000)).isInstanceOf(StoreException.Poisoned.class);
    assertThat(journal.isPoisoned()).isTrue();
    assertThatThrownBy(() -> append(journal, 1, 10)).isInstanceOf(StoreException.Poisoned.class);
    journal.end();
    assertThat(reread().pool().device().lastOwner().isClean()).isFalse();
    assertThat(sequences(reread())).containsExactly(1L);
  }

  @Test
  void resumedJournalGoesOnInTheSameSegmentAboveEveryVersion() {
    Journal journal = resume(1);
    append(journal, 5, 10);
    journal.end();
    pool = TestPools.read(memory);
    Journal again = resume(1);
    append(again, 1, 10);

    Recovered found = reread();
    assertThat(sequences(found)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(found.scans()).hasSize(1);
    assertThat(found.usedBytes()).isEqualTo(again.usedBytes());
  }

  @Test
  void versionsThatDoNotRiseAlongASegmentAreAllCounted() {
    // As records that were moved will: written last, with a version of long ago.
    pool.own();
    Segment segment =
        Objects.requireNonNull(
            pool.allocator().allocate(pool.device(), SegmentUse.WRITES, 1, null));
    var writer = SegmentWriter.fresh(segment, pool.seed(), new SummaryPieces());
    var encoder = new GroupEncoder();
    encoder.clear(false, true);
    encoder.add(RecordKind.PUT, KEY, new byte[10], 0, 500);
    writer.append(encoder, 20, pool.epoch());
    encoder.clear(false, true);
    encoder.add(RecordKind.PUT, KEY, new byte[10], 0, 3);
    writer.append(encoder, 21, pool.epoch());
    for (boolean sealed : new boolean[] {false, true}) {
      if (sealed) {
        writer.seal();
      }
      Recovered found = reread();
      assertThat(found.sealedCount()).isEqualTo(sealed ? 1 : 0);
      assertThat(found.nextSequence()).isEqualTo(501);
      assertThat(sequences(found)).containsExactly(500L, 3L);
    }
  }
}
