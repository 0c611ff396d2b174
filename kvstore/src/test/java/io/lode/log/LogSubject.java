package io.lode.log;

import io.lode.crashtest.Operation;
import io.lode.crashtest.Subject;
import io.lode.pmem.PmemMap;
import io.lode.pool.DeviceState;
import io.lode.pool.Pool;
import io.lode.pool.PoolFile;
import io.lode.pool.SegmentHeader;
import io.lode.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The log on its own, with groups of several records: each is there whole or not at all. The model
 * is the list of the records' key hashes, in the order of their sequences.
 */
public final class LogSubject implements Subject<LogSubject.OpenLog, List<Long>> {
  private static final long SEGMENT_BYTES = 16 << 10;

  /**
   * A log that was recovered and started.
   *
   * @param pool where it is
   * @param log the log
   * @param records what was found in it, and what was appended since
   */
  public record OpenLog(Pool pool, Log log, List<Long> records) {}

  @Override
  public long poolBytes() {
    return 8192 + 2 * SEGMENT_BYTES;
  }

  @Override
  public OpenLog create(PmemMap map) {
    Pool.format(PoolFile.mediumOf(map), map, SEGMENT_BYTES, false);
    return open(map);
  }

  @Override
  public OpenLog open(PmemMap map) {
    Pool pool = Pool.read(PoolFile.mediumOf(map), map, DeviceState.UNKNOWN);
    var log = new Log(pool, 1, Runnable::run);
    var scanner = new SegmentScanner(pool);
    TreeMap<Long, Long> found = new TreeMap<>();
    for (int index = 0; index < pool.segmentCount(); index++) {
      SegmentHeader header = pool.segment(index);
      if (header != null && !header.isFree()) {
        var copy = new RecordKeys(pool, index);
        SegmentScan scan = scanner.scan(index, header);
        log.recovered(header, scan);
        Summary records = scanner.records(scan);
        for (int i = 0; i < records.count(); i++) {
          found.put(records.sequence(i), copy.keyAt(records.position(i)));
        }
        if (!scan.gaps().isEmpty()) {
          throw new StoreException.Damaged("log", scan.gaps().getFirst().position(), "a gap");
        }
      }
    }
    pool.own();
    log.start(false);
    return new OpenLog(pool, log, new ArrayList<>(found.values()));
  }

  /** Reads first bytes of keys: hashes are salted by a seed that differs from pool to pool. */
  private record RecordKeys(Pool pool, int segment) {
    long keyAt(long position) {
      long offset = pool.segmentOffset(segment) + position + LogFormat.RECORD_HEADER_BYTES;
      return pool.map().segment().get(java.lang.foreign.ValueLayout.JAVA_BYTE, offset);
    }
  }

  @Override
  public void close(OpenLog open) {
    open.pool().release(open.log().nextSequence() - 1, open.log().openEnds());
  }

  @Override
  public List<Long> initial() {
    return List.of();
  }

  @Override
  public List<Long> observe(OpenLog open) {
    return List.copyOf(open.records());
  }

  @Override
  public List<Operation<OpenLog, List<Long>>> operations() {
    return List.of(append(0), append(1, 0), append(20, 2, 30), Operation.reopen());
  }

  /** Appends a group, a record for each length of a value. */
  private static Operation<OpenLog, List<Long>> append(int... valueLengths) {
    return Operation.of(
        "append " + valueLengths.length,
        open -> {
          var group = new GroupEncoder(open.pool().seed());
          for (int index = 0; index < valueLengths.length; index++) {
            group.add(
                RecordKind.PUT,
                new byte[] {key(valueLengths, index)},
                new byte[valueLengths[index]]);
          }
          Log log = open.log();
          if (log.append(log.lane(0), group, log.takeSequences(group.count())) < 0) {
            throw log.full(group);
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
    return offset < 8192 || (offset - 8192) % SEGMENT_BYTES < 8192;
  }
}
