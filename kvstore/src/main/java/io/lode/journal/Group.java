package io.lode.journal;

/**
 * A group that is being appended: {@link Journal#begin}, {@link #add} the records, {@link #commit},
 * which returns when they are durable, and {@link #close}. From begin to close it belongs to the
 * calling thread and holds the lock of its appender. The object is then used again, so that an
 * append allocates nothing.
 */
public final class Group implements AutoCloseable {
  private final Journal journal;
  private final Appender appender;
  private final GroupEncoder encoder;
  private final long bodyBytes;
  private long sequence;
  private int recordCount;
  private long address;

  /**
   * Makes the group of an appender.
   *
   * @param bodyBytes what a segment has for records and their summary
   */
  Group(Journal journal, Appender appender, GroupEncoder encoder, long bodyBytes) {
    this.journal = journal;
    this.appender = appender;
    this.encoder = encoder;
    this.bodyBytes = bodyBytes;
  }

  /** Starts anew; the appender's lock is held. */
  void begin(long firstSequence, int recordCount) {
    encoder.clear(recordCount > 1, false);
    sequence = firstSequence;
    this.recordCount = recordCount;
  }

  /** Starts a group of records that keep their versions; the appender's lock is held. */
  void beginMoves(long groupSequence, int recordCount) {
    encoder.clear(true, true);
    sequence = groupSequence;
    this.recordCount = recordCount;
  }

  /**
   * Adds a record that is moved, with its version.
   *
   * @param record as it was read and verified; copied
   * @param hash the key's, under the pool's salt
   */
  public void addMoved(RecordReader record, long hash) {
    assert encoder.count() < recordCount && isOlder(record) : record.sequence();
    encoder.add(record, hash);
  }

  /**
   * Tells whether a record is older than this group of moves, as all are in a pool that does not
   * contradict itself.
   *
   * @param record as it was read and verified
   * @return false if it must be left where it is
   */
  public boolean isOlder(RecordReader record) {
    return record.sequence() < sequence;
  }

  /**
   * Returns how many records were added.
   *
   * @return the count
   */
  public int count() {
    return encoder.count();
  }

  /**
   * Returns the space of a record, up to where the next one starts.
   *
   * @param index which record, from 0
   * @return bytes
   */
  public int space(int index) {
    return encoder.recordSpace(index);
  }

  /**
   * Adds a record, of no more than the group was begun for.
   *
   * @param kind put or delete
   * @param key 1 to {@link JournalFormat#MAX_KEY_BYTES} bytes, copied
   * @param value its value, empty for {@link RecordKind#DELETE}, copied
   * @param hash the key's, under the pool's salt
   * @throws IllegalArgumentException if the key's length is not allowed, the group has as many
   *     records as it was begun for or {@link JournalFormat#MAX_GROUP_RECORDS}, or it would not fit
   *     an empty segment
   */
  public void add(RecordKind kind, byte[] key, byte[] value, long hash) {
    assert encoder.count() < recordCount : recordCount;
    // Before anything is copied: the buffer of a group grows to no more than a segment.
    long atLeast = (long) encoder.groupLength() + key.length + value.length;
    if (atLeast > bodyBytes) {
      journal.requireFits(atLeast, encoder.count() + 1);
    }
    encoder.add(kind, key, value, hash, sequence + encoder.count());
  }

  /**
   * Appends the group; all its records are durable on return, or none is ever found.
   *
   * @return the address of its first record
   * @throws NoSegmentException if no segment has room for it; nothing was written
   * @throws io.lode.store.StoreException.Full if the file system has no room for a segment; nothing
   *     was written
   * @throws io.lode.store.StoreException.Poisoned if an earlier append failed, or this one did
   * @throws IllegalArgumentException if it does not even fit an empty segment
   */
  public long commit() {
    address = journal.append(appender, encoder, sequence);
    return address;
  }

  /**
   * Returns where a record is, once the group is committed.
   *
   * @param index which record, from 0
   * @return its address
   */
  public long address(int index) {
    return address + encoder.recordStart(index);
  }

  /**
   * Returns the hash of a record's key.
   *
   * @param index which record, from 0
   * @return its hash under the pool's salt
   */
  public long keyHash(int index) {
    return encoder.keyHash(index);
  }

  /**
   * Returns the length of the group.
   *
   * @return bytes, whole cache lines
   */
  public int lengthBytes() {
    return encoder.groupLength();
  }

  /** Gives the appender back; records that were not committed are dropped. */
  @Override
  public void close() {
    appender.end();
  }
}
