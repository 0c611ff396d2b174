package io.lode.journal;

import io.lode.crashtest.Operation;
import io.lode.crashtest.Subject;
import io.lode.pmem.PmemMap;
import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.pool.Segment;
import io.lode.pool.TestPools;
import io.lode.store.Damage;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The journal on its own, with groups of several records: each is there whole or not at all. The
 * model is the list of the records' key hashes, in the order of their sequences.
 */
public final class JournalSubject implements Subject<JournalSubject.OpenJournal, List<Long>> {
  /**
   * A journal that was recovered and resumed.
   *
   * @param journal the journal
   * @param pool where it is
   * @param records what was found in it, and what was appended since
   */
  public record OpenJournal(Journal journal, Pool pool, List<Long> records) {}

  @Override
  public long poolBytes() {
    return TestPools.bytes(2);
  }

  @Override
  public OpenJournal create(PmemMap map) {
    return resume(TestPools.format(map));
  }

  @Override
  public OpenJournal open(PmemMap map) {
    return resume(TestPools.read(map));
  }

  private static OpenJournal resume(Pool pool) {
    Recovered recovered = Journal.read(pool, TestJournals.IN_TURN);
    if (!recovered.damages().isEmpty()) {
      Damage first = recovered.damages().getFirst();
      throw new StoreException.Damaged("journal", first.offset(), first.description());
    }
    TreeMap<Long, Long> found = new TreeMap<>();
    for (SegmentScan scan : recovered.scans()) {
      Summary records = recovered.records(scan);
      for (int i = 0; i < records.count(); i++) {
        found.put(records.sequence(i), keyAt(scan.segment(), records.position(i)));
      }
    }
    Journal journal = Journal.resume(recovered, 1, Runnable::run, false);
    return new OpenJournal(journal, pool, new ArrayList<>(found.values()));
  }

  /** Reads the first byte of a key: hashes are salted by a seed that differs from pool to pool. */
  private static long keyAt(Segment segment, long position) {
    MemorySegment memory = segment.memory();
    byte flags = memory.get(ValueLayout.JAVA_BYTE, position + JournalFormat.R_FLAGS);
    return memory.get(ValueLayout.JAVA_BYTE, position + RecordLayout.headerBytes(flags));
  }

  @Override
  public void close(OpenJournal open) {
    open.journal().end();
  }

  @Override
  public List<Long> initial() {
    return List.of();
  }

  @Override
  public List<Long> observe(OpenJournal open) {
    return List.copyOf(open.records());
  }

  @Override
  public List<Operation<OpenJournal, List<Long>>> operations() {
    return List.of(append(0), append(1, 0), append(20, 2, 30), Operation.reopen());
  }

  /** Appends a group, a record for each length of a value. */
  private static Operation<OpenJournal, List<Long>> append(int... valueLengths) {
    return Operation.of(
        "append " + valueLengths.length,
        open -> {
          try (Group group = open.journal().begin(valueLengths.length)) {
            for (int index = 0; index < valueLengths.length; index++) {
              byte[] key = {key(valueLengths, index)};
              long hash = KeyHash.of(open.pool().seed(), key, 0, key.length);
              group.add(RecordKind.PUT, key, new byte[valueLengths[index]], hash);
            }
            group.commit();
          }
          for (int index = 0; index < valueLengths.length; index++) {
            open.records().add((long) key(valueLengths, index));
          }
        },
        records -> {
          List<Long> after = new ArrayList<>(records);
          for (int index = 0; index < valueLengths.length; index++) {
            after.add((long) key(valueLengths, index));
          }
          return List.copyOf(after);
        });
  }

  private static byte key(int[] valueLengths, int index) {
    return (byte) (10 * valueLengths.length + index + 1);
  }

  @Override
  public boolean isRefusal(Throwable failure) {
    return failure instanceof StoreException && !(failure instanceof StoreException.Poisoned);
  }

  @Override
  public boolean isFailure(Throwable failure) {
    return failure instanceof StoreException.Poisoned || Subject.super.isFailure(failure);
  }

  @Override
  public boolean isOverwritable(long offset) {
    long inSegment = (offset - PoolFormat.SEGMENTS_OFFSET) % TestPools.SEGMENT_BYTES;
    return offset < PoolFormat.SEGMENTS_OFFSET || inSegment < PoolFormat.BODY_OFFSET;
  }
}
