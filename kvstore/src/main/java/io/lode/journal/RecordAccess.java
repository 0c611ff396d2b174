package io.lode.journal;

import io.lode.pool.GuardedRead;
import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.pool.Segment;
import io.lode.pool.SegmentHeader;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/** Reads and verifies single records of a pool by their address. Safe for concurrent use. */
public final class RecordAccess {
  private final Pool pool;

  /**
   * Weak, because a thread may outlive the application that has read with it, and would keep its
   * class loader. Only a garbage collection between two reads has a thread make another reader.
   */
  @SuppressWarnings("ThreadLocalUsage") // one per pool, and there are few
  private final ThreadLocal<WeakReference<RecordReader>> readers = new ThreadLocal<>();

  /**
   * Makes access to a pool.
   *
   * @param pool where
   */
  public RecordAccess(Pool pool) {
    this.pool = pool;
  }

  /**
   * Reads a record into memory of this thread.
   *
   * @param address its address
   * @return the record, until this thread reads the next one; null if it does not verify
   */
  public @Nullable RecordReader read(long address) {
    Segment segment = pool.segmentAt(address);
    SegmentHeader header = segment.header();
    if (header == null) {
      return null;
    }
    try {
      RecordReader record = read(segment, header, segment.position(address));
      if (record == null) {
        // A page that cannot be read may be why; its error must not surface later somewhere else.
        GuardedRead.deliverPendingFault();
      }
      return record;
    } catch (InternalError _) {
      GuardedRead.discardPendingFaults();
      return null;
    }
  }

  private @Nullable RecordReader read(Segment segment, SegmentHeader header, long position) {
    assert position >= PoolFormat.BODY_OFFSET
            && position % JournalFormat.RECORD_ALIGNMENT_BYTES == 0
        : position;
    long available = segment.lengthBytes() - position;
    if (available < JournalFormat.RECORD_HEADER_BYTES) {
      return null;
    }
    MemorySegment memory = segment.memory();
    long length = RecordLayout.claimedLength(memory, position);
    if (length < 0 || length > available) {
      return null;
    }
    RecordReader reader = reader();
    MemorySegment.copy(memory, position, reader.reserve((int) length), 0, length);
    long use = JournalFormat.use(pool.seed(), segment.number(), header.generation());
    return reader.check(0, (int) length, use, position) ? reader : null;
  }

  private RecordReader reader() {
    WeakReference<RecordReader> ofThread = readers.get();
    RecordReader reader = ofThread == null ? null : ofThread.get();
    if (reader == null) {
      reader = new RecordReader();
      readers.set(new WeakReference<>(reader));
    }
    return reader;
  }

  /**
   * Tells whether the record at an address says that it is of a key. It is not verified: nobody may
   * believe it by that alone.
   *
   * @param address the record's
   * @param key the key to compare with
   * @return true if its key has the same bytes
   * @throws InternalError perhaps later, if the record cannot be read
   */
  public boolean claimsKey(long address, byte[] key) {
    Segment segment = pool.segmentAt(address);
    return RecordLayout.claimsKey(segment.memory(), segment.position(address), key);
  }

  /**
   * Returns the space of a record by what its header says, which is not verified.
   *
   * @param address the record's, which can be read
   * @return bytes up to where the next record starts; 0 if the header is none of a record that lies
   *     in its segment
   */
  public long claimedSpace(long address) {
    Segment segment = pool.segmentAt(address);
    long position = segment.position(address);
    long space = RecordLayout.claimedSpace(segment.memory(), position);
    return space > 0 && space <= segment.lengthBytes() - position ? space : 0;
  }

  /**
   * Prefetches the lines of the first bytes of a record. In a batch a record starts anywhere in a
   * line.
   *
   * @param address the record's
   * @param lengthBytes bytes, from its start
   */
  public void prefetch(long address, int lengthBytes) {
    Segment segment = pool.segmentAt(address);
    long position = segment.position(address);
    long lines = PoolFormat.roundUpToLine(position % PoolFormat.LINE_BYTES + lengthBytes);
    segment.prefetch(position, (int) (lines / PoolFormat.LINE_BYTES));
  }
}
